import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import { checksBefore } from '../../../lib/operate/gate/gate';
import { directionOf, directionProblem, type Sight } from '../../../lib/operate/gate/sight';
import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import type { SlotOrder } from '../../../lib/operate/live/slot-order';
import { canary, type ReleaseState, type ReleaseStep } from '../../../lib/release/release';
import type { SlotName } from '../../../lib/release/slots';
import { minutesOf } from './minutes';

const ladder = [25, 50, 100];
const steps = canary(ladder);
const step = (name: string) => steps.find((each) => each.name === name) as ReleaseStep;

const liveSlot = (weight: number, day: number): LiveSlot => ({
  weight,
  tasks: { desired: 2, running: 2, pending: 0 },
  healthyTargets: 2,
  rollingOut: false,
  createdAt: new Date(2026, 10, day),
  versionAt: new Date(2026, 10, day),
});
const liveOf = (state: ReleaseState): LiveState => ({
  ...(state.blue.active ? { blue: liveSlot(state.blue.weight, 1) } : {}),
  ...(state.green.active ? { green: liveSlot(state.green.weight, 2) } : {}),
});

function sight(state: ReleaseState, more: { readonly settings?: object } = {}): Sight {
  const live = liveOf(state);
  return {
    declared: { settings: more.settings ?? {}, state } as Sight['declared'],
    stack: { status: 'UPDATE_COMPLETE', state: { wayIn: { plane: 'load-balancer' } } } as unknown as DeployedStack,
    state,
    live,
    direction: directionOf(state, live),
    nothingToRelease: undefined,
    alarms: [],
    minutes: minutesOf(...Array.from({ length: 10 }, () => ({ blue: [0] as const, green: [100] as const }))),
    settleMs: 0,
  };
}
const options = { minRequests: 100, deployCommand: 'npx cdk deploy' };

test.each([
  ['blue only', 'green at 0', ['stack', 'declared', 'live', 'alarms']],
  ['green at 0', '75/25', ['stack', 'declared', 'live', 'green tasks', 'alarms']],
  ['75/25', '50/50', ['stack', 'declared', 'live', 'green tasks', 'requests', 'errors', 'latency', 'alarms']],
  ['50/50', 'blue at 0', ['stack', 'declared', 'live', 'green tasks', 'requests', 'errors', 'latency', 'alarms']],
  ['blue at 0', 'green only', ['stack', 'declared', 'live', 'green tasks', 'requests', 'errors', 'latency', 'alarms', 'drain']],
])('from %s to %s it looks at what that step needs', (before, after, names) => {
  const checks = checksBefore(step(after), sight(step(before).state), options);
  expect(checks.map(({ name }) => name)).toEqual(names);
  expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
});

test('files with a reason to leave the guard out deploy nothing here', () => {
  const checks = checksBefore(step('50/50'), sight(step('75/25').state, { settings: { allowUnsafe: 'incident' } }), options);
  expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([
    {
      name: 'allowUnsafe',
      verdict: 'fail',
      sentence: 'allowUnsafe: got "incident", expected none in the files; take it out, or use cdk deploy',
    },
  ]);
});

test.each<[string, ReleaseState, LiveState, SlotName | undefined, SlotName]>([
  ['of one slot, the other one is new', step('blue only').state, liveOf(step('blue only').state), undefined, 'green'],
  ['the same the other way round', step('green only').state, liveOf(step('green only').state), undefined, 'blue'],
  ['of two, the one that joined later', step('50/50').state, liveOf(step('50/50').state), undefined, 'green'],
  ['whatever it is called', step('50/50').state, { blue: liveSlot(1, 9), green: liveSlot(1, 2) }, undefined, 'blue'],
  ['of two, one whose service is gone', step('50/50').state, { blue: liveSlot(1, 9) }, undefined, 'green'],
  ['or the one that is named', step('50/50').state, liveOf(step('50/50').state), 'blue', 'blue'],
])('%s', (_, state, live, to, expected) => {
  const from = expected === 'green' ? 'blue' : 'green';
  expect(directionOf(state, live, to)).toEqual({ from, to: expected });
});

describe('whether it is clear which slot is new', () => {
  const doubtful = { first: 'blue', later: 'green', doubt: 'blue and green were made by the same deploy' } as const;

  test.each<[string, ReleaseState, SlotOrder | undefined, SlotName | undefined, string | undefined]>([
    ['of two that joined in turn', step('50/50').state, { ...doubtful, doubt: undefined }, undefined, undefined],
    [
      'of two of which it cannot be said',
      step('50/50').state,
      doubtful,
      undefined,
      '--to: got none, expected blue or green, since blue and green were made by the same deploy; ' +
        'name the slot of the new version, for example --to green',
    ],
    ['when it is named', step('50/50').state, doubtful, 'green', undefined],
    ['of one that is on', step('green only').state, doubtful, undefined, undefined],
    ['of one that is there', step('50/50').state, undefined, undefined, undefined],
  ])('%s', (_, state, order, to, problem) => {
    expect(directionProblem(state, order, to)).toBe(problem);
  });
});
