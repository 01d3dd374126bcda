import { deployInWords, recovery, roughTime, smallShare } from '../../../lib/rehearsal/report/words';

test.each([
  [3100, '4 s'],
  [9900, '10 s'],
  [26_750, '30 s'],
  [88_000, '90 s'],
  [91_000, '2 min'],
  [121_000, '2 min 30 s'],
])('a run of %d milliseconds will take about %s', (milliseconds, words) => expect(roughTime(milliseconds)).toBe(words));

test.each([
  [{ created: 7, updated: 2, deleted: 1, replaced: 1 }, '7 created, 2 updated, 1 deleted, 1 replaced'],
  [{ created: 0, updated: 2, deleted: 0, replaced: 0 }, '2 updated'],
  [{ created: 0, updated: 0, deleted: 0, replaced: 0 }, 'no changes'],
])('a deploy of %j reads %s', (counts, words) => expect(deployInWords({ ...counts, seconds: 9 })).toBe(words));

test('a small share reads well', () => {
  expect(smallShare(0.000232)).toBe('0.023 %');
});

test.each([
  ['back', 900, 0, 'going back ended the failures at once: no request sent after the routes had moved failed'],
  ['on', 900, 1200, 'going on ended the failures after 1.2 s'],
  ['back', 900, null, 'going back did not end the failures'],
  ['back', null, null, 'the release stayed where it was'],
] as const)('the way %s at %p that took %p ms reads %s', (wayOut, leftAtMs, recoveryMs, words) => {
  const fault = {
    slot: 'green',
    name: 'crash',
    description: '',
    step: '',
    beganMs: 0,
    bit: true,
    failed: 1,
    hiddenByRetries: 0,
  } as const;
  expect(recovery({ ...fault, wayOut, leftAtMs, recoveryMs })).toBe(words);
});
