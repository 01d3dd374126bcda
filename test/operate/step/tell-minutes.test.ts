import type { MeasuredMinute } from '../../../lib/operate/measured/measured-minute';
import { minuteInWords, tellMinutes } from '../../../lib/operate/step/tell-minutes';
import { minutesOf } from '../gate/minutes';

const [both, silent, blueOnly] = minutesOf({ blue: [741, 1], green: [741, 2] }, { blue: [0] }, { blue: [9] }) as [
  MeasuredMinute,
  MeasuredMinute,
  MeasuredMinute,
];
const time = (minute: MeasuredMinute) => new Date(minute.at).toTimeString().slice(0, 5);

test.each([
  [both, 'blue 50 % of 1\u202f482 requests, 0.1 % 5xx; green 50 %, 0.3 % 5xx'],
  [blueOnly, 'blue 100 % of 9 requests, 0 % 5xx'],
])('a minute in words %#', (minute, words) => {
  expect(minuteInWords(minute)).toBe(`${time(minute)}  ${words}`);
});

test('each minute with requests is told once, and nothing of what cannot be read, until it ends', async () => {
  const stop = new AbortController();
  const written: string[] = [];
  const asked: number[] = [];
  const answers = [async () => [both, silent], () => Promise.reject(new Error('throttled')), async () => [blueOnly]];
  await tellMinutes({
    read: (from) => {
      asked.push(from);
      const answer = answers[asked.length - 1];
      if (answer === undefined) {
        stop.abort();
      }
      return answer?.() ?? Promise.resolve([]);
    },
    minuteMs: 1,
    err: { write: (text) => written.push(text) > 0 },
    signal: stop.signal,
  });
  expect(written).toEqual([`  ${minuteInWords(both)}\n`, `  ${minuteInWords(blueOnly)}\n`]);
  expect(asked.slice(1)).toEqual([both.at + 1, both.at + 1, blueOnly.at + 1]);
});
