import * as fc from 'fast-check';
import { comparedMinutes, compareSlots } from '../../../lib/operate/gate/comparison';
import { type Did, minutesOf } from './minutes';

const usualMinRequests = 100;
const compare = (minutes: ReturnType<typeof minutesOf>, minRequests = usualMinRequests) =>
  compareSlots({ incoming: 'green', outgoing: 'blue', minutes, minRequests });
const verdicts = (minutes: ReturnType<typeof minutesOf>) => compare(minutes).map(({ verdict }) => verdict);

test('a slot that does as well as the other one', () => {
  expect(compare(minutesOf({ green: [4960, 9, 44], blue: [14_820, 14, 41] }))).toEqual([
    { name: 'requests', verdict: 'pass', sentence: 'green: 4\u202f960 requests in 1 minute' },
    { name: 'errors', verdict: 'pass', sentence: 'green: 0.2 % 5xx (blue 0.1 %)' },
    { name: 'latency', verdict: 'pass', sentence: 'green: p95 44 ms (blue 41 ms)' },
  ]);
});

test.each<[string, Did, Did, errors: string, latency: string]>([
  ['one percentage point more errors', [1000, 20], [1000, 10], 'pass', 'pass'],
  ['more than one percentage point more', [1000, 21], [1000, 10], 'fail', 'pass'],
  ['fewer errors', [1000, 0], [1000, 500], 'pass', 'pass'],
  ['twice as slow', [1000, 0, 400], [1000, 0, 200], 'pass', 'pass'],
  ['more than twice as slow', [1000, 0, 401], [1000, 0, 200], 'pass', 'fail'],
  ['more than twice as slow, by less than a tenth of a second', [1000, 0, 109], [1000, 0, 9], 'pass', 'pass'],
  ['a tenth of a second slower, which is less than twice', [1000, 0, 301], [1000, 0, 200], 'pass', 'pass'],
  ['no answer at all', [1000, 1000], [1000, 0, 40], 'fail', 'pass'],
  ['errors, and nobody asks the other one', [1000, 11], [0], 'fail', 'pass'],
  ['hardly an error, and nobody asks the other one', [1000, 10], [0], 'pass', 'pass'],
])('%s', (_, green, blue, errors, latency) => {
  expect(verdicts(minutesOf({ green, blue }))).toEqual(['pass', errors, latency]);
});

test.each<[readonly number[], number, string]>([
  [[6, 6], 100, 'green: 12 requests in 2 minutes, expected at least 100; wait, or --min-requests 12'],
  [[], 100, 'green: 0 requests in 0 minutes, expected at least 100; wait'],
  [[1], 2, 'green: 1 request in 1 minute, expected at least 2; wait, or --min-requests 1'],
])('too few requests say nothing, however bad they are %#', (green, minRequests, sentence) => {
  const minutes = green.map((requests) => ({ green: [requests, requests, 9000] as const, blue: [1000, 0, 40] as const }));
  expect(compare(minutesOf(...minutes), minRequests)).toEqual([{ name: 'requests', verdict: 'inconclusive', sentence }]);
});

test('what was long ago does not count', () => {
  const bad = { green: [500, 500], blue: [500] } as const;
  const good = { green: [500], blue: [500] } as const;
  const recent = Array.from({ length: comparedMinutes }, () => good);
  expect(verdicts(minutesOf(bad, ...recent))).toEqual(['pass', 'pass', 'pass']);
  expect(verdicts(minutesOf(bad, ...recent.slice(1)))).toEqual(['pass', 'fail', 'pass']);
});

test('whatever two slots do, one that does the same as the other one is never held back', () => {
  const did = fc.tuple(fc.integer({ min: usualMinRequests, max: 9999 }), fc.nat(100), fc.integer({ min: 1, max: 5000 }));
  fc.assert(
    fc.property(fc.array(did, { minLength: 1, maxLength: 12 }), (minutes) => {
      expect(verdicts(minutesOf(...minutes.map((same) => ({ green: same, blue: same }))))).toEqual(['pass', 'pass', 'pass']);
    }),
  );
});
