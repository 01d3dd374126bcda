import type { RequestResult } from '../../../lib/rehearsal/load/load-generator';
import { RunRecord } from '../../../lib/rehearsal/run/run-record';

const answer = (route: string, sentAt = 0): RequestResult => ({
  phase: 0,
  sentAt,
  endedAt: sentAt + 1,
  status: 200,
  problem: undefined,
  slot: 'blue',
  route,
  appSlot: undefined,
});

const hour = 3_600_000;

test('waits until a request follows the new routes, for step after step, and leaves nothing at the signal', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const stop = new AbortController();
  const record = new RunRecord();
  for (let step = 1; step <= 30; step += 1) {
    record.watchNext();
    record.moved({ at: 0, versions: new Set([`step ${step}`]) });
    const following = record.following(hour, stop.signal);
    record.note(answer(`step ${step - 1}`, step));
    record.note(answer(`step ${step}`, step + 0.5));
    await following;
  }
  // Warnings come a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('goes on when no request follows, and ends at once when the run is ended', async () => {
  const stop = new AbortController();
  const record = new RunRecord();
  record.watchNext();
  record.moved({ at: 0, versions: new Set(['step 1']) });
  await record.following(1, stop.signal);
  const following = record.following(hour, stop.signal);
  stop.abort(new Error('the user wants to go home'));
  await expect(following).rejects.toThrow('the user wants to go home');
});

test('which routes are new may be known after requests have followed them', () => {
  const record = new RunRecord();
  record.watchNext();
  for (const [route, sentAt] of [
    ['preview', 10],
    ['split', 21],
    ['preview', 22],
    ['split', 23],
    ['cleaned', 30],
  ] as const) {
    record.note(answer(route, sentAt));
  }
  expect(record.settleMs).toBeUndefined();
  record.moved({ at: 20, versions: new Set(['split', 'cleaned']) });
  expect(record.settleMs).toBe(3);
  record.watchNext();
  expect(record.settleMs).toBeUndefined();
});

test('previews are in no total and no timeline', () => {
  const record = new RunRecord();
  record.begin();
  record.notePreview({ ...answer('step 0'), status: 503 });
  expect(record.lastFailureAt).toBeUndefined();
  expect(record.progress('holding', 0, ['blue']).total).toMatchObject({ requests: 0, failed: 0 });
  expect(record.timeline.failed).toEqual([]);
});
