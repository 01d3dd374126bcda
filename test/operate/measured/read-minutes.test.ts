import { minuteMs } from '../../../lib/operate/measured/minute-ms';
import { wholeMinutes } from '../../../lib/operate/measured/read-minutes';

test.each<[number, number, readonly number[]]>([
  [0, 180, [0, 60, 120]],
  [1, 180, [60, 120]],
  [0, 179, [0, 60]],
  [59, 61, []],
  [61, 119, []],
  [120, 60, []],
])('the whole minutes from %d to %d', (from, to, starts) => {
  expect(wholeMinutes(from, to, 60)).toEqual(starts);
});

test.each<[string | undefined, number]>([
  [undefined, 60_000],
  ['', 60_000],
  ['5', 5_000],
  ['1', 1_000],
  ['0', 60_000],
  ['2.5', 60_000],
  ['soon', 60_000],
])('how long a minute takes where the environment says %p', (seconds, expected) => {
  expect(minuteMs({ ECS_BLUE_GREEN_MINUTE_SECONDS: seconds })).toBe(expected);
});
