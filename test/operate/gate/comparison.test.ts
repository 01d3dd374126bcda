import * as fc from 'fast-check';
import { comparedMinutes, compareSlots } from '../../../lib/operate/gate/comparison';
import { lateMinutes } from '../../../lib/operate/gate/drain';
import { type Did, minutesOf } from './minutes';

const usualMinRequests = 100;
const compareAll = (minutes: ReturnType<typeof minutesOf>, minRequests = usualMinRequests) =>
  compareSlots({ incoming: 'green', outgoing: 'blue', minutes, minRequests });
const late = minutesOf(...Array.from({ length: lateMinutes }, () => ({ green: [0] as const, blue: [0] as const })));
/** Compares minutes that are counted to their end. */
const compare = (minutes: ReturnType<typeof minutesOf>, minRequests = usualMinRequests) =>
  compareAll([...minutes, ...late], minRequests);
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

const good = { green: [500, 0, 40], blue: [500, 0, 40] } as const;
test.each<[string, readonly { readonly green: Did; readonly blue: Did }[], readonly string[]]>([
  ['requests', [good, good], ['inconclusive']],
  ['nothing', [good, { green: [0], blue: [0] }, { green: [0], blue: [0] }], ['pass', 'pass', 'pass']],
  ['errors', [good, good, { green: [500, 100, 40], blue: [500, 0, 40] }], ['pass', 'inconclusive', 'pass']],
  ['slow answers', [good, good, { green: [500, 0, 900], blue: [500, 0, 40] }], ['pass', 'pass', 'inconclusive']],
  [
    'errors that were there before',
    [{ green: [500, 100, 40], blue: [500, 0, 40] }, good, { green: [50_000], blue: [500] }],
    ['pass', 'fail', 'pass'],
  ],
])('the newest minutes may be counted half: with %s in them it is not decided by them', (_, minutes, expected) => {
  expect(compareAll(minutesOf(...minutes)).map(({ verdict }) => verdict)).toEqual(expected);
});

test('what is bad with the newest minutes only says so', () => {
  const [, errors] = compareAll(minutesOf(good, good, { green: [500, 100], blue: [500] }));
  expect(errors?.sentence).toBe(
    'green: 6.7 % 5xx (blue 0 %), expected 1 % at most; see its log, or go back; with the newest 2 minutes only, which may be counted half: wait',
  );
});

test('whatever two slots do, one that does the same as the other one is never held back', () => {
  const did = fc.tuple(fc.integer({ min: usualMinRequests, max: 9999 }), fc.nat(100), fc.integer({ min: 1, max: 5000 }));
  fc.assert(
    fc.property(fc.array(did, { minLength: 1, maxLength: 12 }), (minutes) => {
      expect(verdicts(minutesOf(...minutes.map((same) => ({ green: same, blue: same }))))).toEqual(['pass', 'pass', 'pass']);
    }),
  );
});
