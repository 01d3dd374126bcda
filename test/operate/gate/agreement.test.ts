import { checkAgreement } from '../../../lib/operate/gate/agreement';
import { refusalOf } from '../../../lib/operate/gate/wait-at-gate';
import type { LiveSlot, LiveState } from '../../../lib/operate/live/live-state';
import type { ReleaseState } from '../../../lib/release/release';

type Weight = number | 'off';

const state = (blue: Weight, green: Weight): ReleaseState => {
  const slot = (weight: Weight) => (weight === 'off' ? { active: false, weight: 7 } : { active: true, weight });
  return { blue: slot(blue), green: slot(green) };
};
const liveSlot = (weight: number): LiveSlot => ({
  weight,
  tasks: { desired: 1, running: 1, pending: 0 },
  healthyTargets: 1,
  rollingOut: false,
  createdAt: new Date(0),
  versionAt: new Date(0),
});
const live = (blue: Weight, green: Weight): LiveState => ({
  ...(blue === 'off' ? {} : { blue: liveSlot(blue) }),
  ...(green === 'off' ? {} : { green: liveSlot(green) }),
});
const look = (declared: ReleaseState, deployed: ReleaseState, inForce: LiveState) =>
  checkAgreement({ declared, deployed, live: inForce, deployCommand: 'npx cdk deploy -c stage=prod' });

test.each([
  ['the same weights', state(3, 1), state(3, 1), live(3, 1)],
  ['the same shares in other numbers', state(3, 1), state(75, 25), live(6, 2)],
  ['one slot alone', state('off', 1), state('off', 4), live('off', 1)],
])('%s agree', (_, ...all) => {
  expect(look(...all)).toEqual([
    expect.objectContaining({ name: 'declared', verdict: 'pass' }),
    expect.objectContaining({ name: 'live', verdict: 'pass' }),
  ]);
});

test.each([
  [
    'another share is declared',
    state(1, 1),
    state(1, 0),
    live(1, 0),
    'declared and deployed differ: blue 50 % declared, 100 % deployed; green 50 % declared, 0 % deployed; ' +
      'git checkout -- cdk.context.json, or npx cdk deploy -c stage=prod',
  ],
  [
    'a slot without requests is not the same as one that is off',
    state(1, 'off'),
    state(1, 0),
    live(1, 0),
    'declared and deployed differ: green off declared, 0 % deployed; ' +
      'git checkout -- cdk.context.json, or npx cdk deploy -c stage=prod',
  ],
  [
    'a weight was changed by hand',
    state(3, 1),
    state(3, 1),
    live(1, 1),
    'live and deployed differ: blue 50 % live, 75 % deployed; green 50 % live, 25 % deployed; ' +
      'npx cdk deploy -c stage=prod --revert-drift',
  ],
])('%s', (_, declared, deployed, inForce, sentence) => {
  expect(refusalOf(look(declared, deployed, inForce))).toEqual({ problems: [sentence], exitCode: 6 });
});
