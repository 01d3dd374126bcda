import fc from 'fast-check';
import { Minutes } from '../../../lib/local/metrics/minutes';

const began = Date.UTC(2026, 0, 1, 12, 0, 7, 300);

beforeEach(() => {
  jest.useFakeTimers({ now: began });
});

afterEach(() => {
  jest.useRealTimers();
});

function started(minuteSeconds: number) {
  const told: [string, readonly string[]][] = [];
  const minutes = new Minutes<string[]>({
    minuteSeconds,
    make: () => [],
    onOver: (startedAt, gathered) => told.push([new Date(startedAt).toISOString().slice(14, 19), [...gathered]]),
  });
  minutes.start();
  return { minutes, told };
}

test.each([
  { minuteSeconds: 60, after: 52_950, first: '00:00' },
  { minuteSeconds: 5, after: 2950, first: '00:05' },
  { minuteSeconds: 1, after: 950, first: '00:07' },
])(
  'a minute of $minuteSeconds s is told a quarter of a second after its end, also when nothing was',
  ({ minuteSeconds, after, first }) => {
    const { told } = started(minuteSeconds);
    jest.advanceTimersByTime(after - 1);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([[first, []]]);
    jest.advanceTimersByTime(100 * minuteSeconds * 1000);
    expect(told).toHaveLength(101);
  },
);

test('what happened counts in its minute, and in the next one when it comes too late', () => {
  const { minutes, told } = started(5);
  jest.advanceTimersByTime(2750);
  // It is the next minute by now, and the one before is not told yet.
  minutes.at(Date.now() - 100).push('before');
  minutes.at(Date.now()).push('in time');
  jest.advanceTimersByTime(2000);
  minutes.at(began).push('late');
  jest.advanceTimersByTime(4000);
  expect(told).toEqual([
    ['00:05', ['before']],
    ['00:10', ['in time', 'late']],
  ]);
});

test('a machine that slept tells all minutes, in their order', () => {
  const { minutes, told } = started(5);
  minutes.at(Date.now()).push('evening');
  jest.setSystemTime(began + 18_000);
  minutes.at(Date.now()).push('morning');
  jest.advanceTimersByTime(3000);
  expect(told).toEqual([
    ['00:05', ['evening']],
    ['00:10', []],
    ['00:15', []],
    ['00:20', []],
  ]);
  jest.advanceTimersByTime(2500);
  expect(told.at(-1)).toEqual(['00:25', ['morning']]);
});

test('a machine that slept through the night tells what happened, and of the other minutes the last 200', () => {
  const { minutes, told } = started(1);
  minutes.at(Date.now()).push('evening');
  jest.setSystemTime(began + 8 * 3_600_000);
  minutes.at(Date.now()).push('morning');
  minutes.at(began).push('late');
  jest.advanceTimersByTime(2000);
  expect(told.filter(([, gathered]) => gathered.length > 0)).toEqual([
    ['00:07', ['evening', 'late']],
    ['00:07', ['morning']],
  ]);
  expect(told.slice(0, 2).concat(told.slice(-2))).toEqual([
    ['00:07', ['evening', 'late']],
    ['56:48', []],
    ['00:07', ['morning']],
    ['00:08', []],
  ]);
  expect(told).toHaveLength(202);
});

test('a clock that was set back loses nothing and tells no minute twice', () => {
  const { minutes, told } = started(5);
  jest.advanceTimersByTime(3000);
  jest.setSystemTime(began - 3000);
  minutes.at(Date.now()).push('again');
  jest.advanceTimersByTime(12_000);
  expect(told).toEqual([
    ['00:05', []],
    ['00:10', ['again']],
  ]);
});

test('who stops tells no more, and it keeps no process alive', () => {
  const spy = jest.spyOn(global, 'setTimeout');
  const { minutes, told } = started(5);
  expect(spy.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  minutes.stop();
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

test('whatever comes when, it is told once, in its minute or, when that was told already, in the next one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 7, 60),
      fc.array(fc.record({ pause: fc.nat(3000), late: fc.nat(4000) }), { maxLength: 60 }),
      (minuteSeconds, happenings) => {
        jest.setSystemTime(began);
        const told: { startedAt: number; gathered: readonly { at: number; came: number }[] }[] = [];
        const minutes = new Minutes<{ at: number; came: number }[]>({
          minuteSeconds,
          make: () => [],
          onOver: (startedAt, gathered) => told.push({ startedAt, gathered }),
        });
        minutes.start();
        for (const { pause, late } of happenings) {
          jest.advanceTimersByTime(pause);
          minutes.at(Date.now() - late).push({ at: Date.now() - late, came: Date.now() });
        }
        jest.advanceTimersByTime(2 * minuteSeconds * 1000);
        minutes.stop();
        const length = minuteSeconds * 1000;
        expect(told.map(({ startedAt }) => startedAt)).toEqual(
          told.map((_, index) => Math.floor(began / length) * length + index * length),
        );
        expect(told.flatMap(({ gathered }) => gathered)).toHaveLength(happenings.length);
        for (const { startedAt, gathered } of told) {
          for (const { at, came } of gathered) {
            const own = Math.max(Math.floor(at / length), Math.floor(began / length)) * length;
            expect(startedAt === own || (startedAt > own && came >= own + length)).toBe(true);
          }
        }
      },
    ),
  );
});
