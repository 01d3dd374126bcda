import * as fc from 'fast-check';
import { checkDrain, drainMinutes, lateMinutes } from '../../../lib/operate/gate/drain';
import { type Did, minutesOf } from './minutes';

type Minutes = readonly { readonly blue: Did; readonly green: Did }[];

const needed = drainMinutes + lateMinutes;
const drain = (minutes: Minutes) => checkDrain({ leaving: 'blue', staying: 'green', minutes: minutesOf(...minutes) });
const times = (count: number, blue: number, green: number): Minutes =>
  Array.from({ length: count }, () => ({ blue: [blue], green: [green] }));

test.each<[string, Minutes, string]>([
  ['pass', times(needed, 0, 9), 'blue: 0 requests in 5 of 5 minutes, while green had some in each'],
  [
    'inconclusive',
    [...times(4, 0, 9), ...times(1, 3, 9), ...times(2, 0, 9)],
    'blue: 3 requests in the last 5 minutes, expected none before it is turned off',
  ],
  [
    'inconclusive',
    [...times(6, 0, 9), ...times(1, 2, 9)],
    'blue: 2 requests in the newest 2 minutes, expected none before it is turned off',
  ],
  ['pass', [...times(1, 3, 9), ...times(needed, 0, 9)], 'blue: 0 requests in 5 of 5 minutes, while green had some in each'],
  ['inconclusive', times(needed - 1, 0, 9), 'blue: 0 requests in 4 of 5 minutes, expected all of them before it is turned off'],
  ['inconclusive', [], 'blue: 0 requests in 0 of 5 minutes, expected all of them before it is turned off'],
  [
    'inconclusive',
    [...times(3, 0, 9), ...times(4, 0, 0)],
    'green: requests in 3 of the last 5 minutes, expected some in each: without them the silence of blue says nothing',
  ],
])('%s %#', (verdict, minutes, sentence) => {
  expect(drain(minutes)).toEqual({ name: 'drain', verdict, sentence });
});

const requests = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 }));
const minute = fc.record({ blue: fc.tuple(requests), green: fc.tuple(requests) });

test('whatever the minutes, a slot is turned off only after five of them in which the other one alone was asked', () => {
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 12 }), (minutes) => {
      const looked = minutes.slice(0, Math.max(0, minutes.length - lateMinutes)).slice(-drainMinutes);
      const isSilent = minutes.slice(-needed).every(({ blue }) => blue[0] === 0);
      const isDrained = isSilent && looked.length === drainMinutes && looked.every(({ green }) => green[0] > 0);
      expect(drain(minutes).verdict).toBe(isDrained ? 'pass' : 'inconclusive');
    }),
  );
});

test('silence in minutes that may not be complete changes nothing', () => {
  const silent = minute.map(({ green }) => ({ blue: [0] as const, green }));
  const late = fc.array(silent, { minLength: lateMinutes, maxLength: lateMinutes });
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 12 }), late, late, (minutes, one, other) => {
      expect(drain([...minutes, ...one])).toEqual(drain([...minutes, ...other]));
    }),
  );
});
