import * as fc from 'fast-check';
import type { Sight } from '../../lib/operate/gate/sight';
import { nextStep } from '../../lib/operate/next';
import { stepTo } from '../../lib/operate/promote';
import { canary, type ReleaseDirection, type ReleaseState } from '../../lib/release/release';

const forward: ReleaseDirection = { from: 'blue', to: 'green' };
const backward: ReleaseDirection = { from: 'green', to: 'blue' };
const sight = (state: ReleaseState, direction = forward) => ({ state, direction }) as Sight;
const state = (blue: number | undefined, green: number | undefined): ReleaseState => ({
  blue: { active: blue !== undefined, weight: blue ?? 0 },
  green: { active: green !== undefined, weight: green ?? 0 },
});
const asked = { folder: '.', context: { stage: 'prod' }, stage: 'prod', stackName: 'sample-prod-blue-green' };

test.each([
  [state(1, undefined), 'step 1 of 6: green at 0: starts green beside blue; no request reaches it yet'],
  [state(3, 1), 'step 4 of 6: 50/50: green answers 50 % of the requests'],
  [state(7, 3), 'step 4 of 6: 50/50: green answers 50 % of the requests'],
  [state(0, 1), 'step 6 of 6: green only: stops blue; the release is done'],
])('the next step of %j', (deployed, title) => {
  expect(nextStep([5, 25, 50, 100])(sight(deployed))).toMatchObject({ title });
});

test('a release that is done has no next step', () => {
  const done = nextStep([50, 100])(sight(state(undefined, 1)));
  expect(done).toBe('the release is done: green answers everything, and blue is off');
});

test('a slot that is off and has nothing new gets no step', () => {
  const nothingToRelease = 'nothing to release: green answers everything';
  expect(nextStep([50, 100])({ ...sight(state(undefined, 1), backward), nothingToRelease })).toBe(nothingToRelease);
});

test('from whatever state, one step after the other ends with the release done', () => {
  const weights = fc.tuple(fc.nat(100), fc.nat(100)).filter(([blue, green]) => blue + green > 0);
  const ladder = fc
    .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 })
    .map((shares) => shares.sort((one, other) => one - other));
  fc.assert(
    fc.property(weights, ladder, fc.boolean(), ([blue, green], shares, swapped) => {
      const direction: ReleaseDirection = swapped ? { from: 'green', to: 'blue' } : forward;
      const most = canary(shares, direction).length - 1;
      let deployed = state(blue, green);
      let made = 0;
      for (let next = nextStep(shares)(sight(deployed, direction)); typeof next !== 'string'; made += 1) {
        deployed = next.step.state;
        next = nextStep(shares)(sight(deployed, direction));
      }
      expect(made).toBeLessThanOrEqual(most);
      expect(deployed[direction.from].active).toBe(false);
    }),
  );
});

test('a share of the new version is one step', () => {
  expect(stepTo(30, asked)(sight(state(3, 1)))).toMatchObject({
    step: { name: '70/30', state: { blue: { active: true, weight: 7 }, green: { active: true, weight: 3 } } },
    title: '70/30: green answers 30 % of the requests',
  });
});

test.each([
  [25, state(3, 1), 'green answers 25 % of the requests already'],
  [100, state(undefined, 1), 'green answers 100 % of the requests already, and blue is off'],
])('a share of %i %% that is there already is none', (share, deployed, sentence) => {
  expect(stepTo(share, asked)(sight(deployed))).toBe(sentence);
});

test.each([
  [
    25,
    state(1, undefined),
    'green: is off, expected its tasks to be there before it gets requests; first npm run release -- next --to green -c stage=prod',
  ],
  [
    25,
    state(1, 1),
    'promote: got 25 %, expected more than 50 %, which green has; to lower it: ' +
      'npx cdk deploy -c blueActive=true -c blueWeight=3 -c greenActive=true -c greenWeight=1 -c stage=prod',
  ],
])('a share of %i %% that is no step forward is refused', (share, deployed, sentence) => {
  expect(() => stepTo(share, asked)(sight(deployed))).toThrow(expect.objectContaining({ message: sentence, exitCode: 4 }));
});
