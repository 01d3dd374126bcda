import { StackStatus } from '@aws-sdk/client-cloudformation';
import { stackCondition } from '../../../lib/operate/deployed/stack-status';

const all = Object.values(StackStatus);
const kindOf = (status: string) => stackCondition(status).kind;

test('what is in progress is busy, but for a stack of which there is a change set only', () => {
  const inProgress = all.filter((status) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS');
  expect(inProgress.length).toBeGreaterThan(7);
  expect(inProgress.filter((status) => kindOf(status) !== 'busy')).toEqual([]);
  expect(all.filter((status) => kindOf(status) === 'busy')).toEqual(inProgress);
});

test('only an update can be cancelled, before it cleans up', () => {
  expect(all.filter((status) => JSON.stringify(stackCondition(status)).includes('"cancellable":true'))).toEqual([
    'UPDATE_IN_PROGRESS',
  ]);
});

test('what has failed half way is stuck, and so is a first deploy that was taken back', () => {
  const failed = all.filter((status) => status.endsWith('_FAILED'));
  expect(failed.length).toBeGreaterThan(5);
  expect(all.filter((status) => kindOf(status) === 'stuck').sort()).toEqual(
    [...failed, 'REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'].sort(),
  );
});

test.each([
  ['UPDATE_ROLLBACK_FAILED', 'rollback'],
  ['UPDATE_FAILED', 'rollback'],
  ['ROLLBACK_FAILED', 'destroy'],
  ['ROLLBACK_COMPLETE', 'deploy'],
])('%s is mended by cdk %s', (status, mend) => {
  expect(stackCondition(status)).toEqual({ kind: 'stuck', mend });
});

test('a stack that is gone has no service, and a status that is not known is waited for', () => {
  expect(kindOf('DELETE_COMPLETE')).toBe('missing');
  expect(stackCondition('PONDERING')).toEqual({ kind: 'busy', cancellable: false });
});
