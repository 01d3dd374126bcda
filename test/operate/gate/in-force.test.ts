import type { StackEvent } from '../../../lib/operate/deployed/stack-events';
import { inForceSince } from '../../../lib/operate/gate/in-force';

const event = (physicalId: string, status: string, at: number): StackEvent => ({
  id: `${physicalId} ${status}`,
  at: new Date(at),
  logicalId: physicalId,
  physicalId,
  type: 'AWS::VpcLattice::Rule',
  status,
  reason: undefined,
});

test.each<[string, readonly StackEvent[], number]>([
  ['the route was changed', [event('route', 'UPDATE_IN_PROGRESS', 20), event('route', 'UPDATE_COMPLETE', 25)], 25],
  ['it was made', [event('route', 'CREATE_COMPLETE', 30), event('other', 'CREATE_COMPLETE', 40)], 30],
  ['it was changed, and changed back', [event('route', 'UPDATE_COMPLETE', 25), event('route', 'UPDATE_COMPLETE', 60)], 60],
  ['only something else was changed', [event('other', 'UPDATE_COMPLETE', 25)], 10],
])('%s', (_, events, at) => {
  expect(inForceSince({ route: 'route', changedAt: new Date(10), events, settleMs: 1000 })).toBe(at + 1000);
});
