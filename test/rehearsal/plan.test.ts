import { planSteps } from '../../lib/rehearsal/plan';
import { planeNames } from '../../lib/release/plane-limits';
import { type ReleaseStep, release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';
import { freshContext } from '../app-template';

const steps = release();
const synthesized = (step: ReleaseStep, state = step.state, flags = {}) => ({
  step,
  template: synthesize({ ...freshContext, ...flags, ...flagsOf(state) }).template,
});

test.each(planeNames)(
  'on %s, a deploy that changes weights only changes the route, and the guard that let it through',
  (trafficPlane) => {
    const planned = planSteps(steps.map((step) => synthesized(step, step.state, { trafficPlane })));
    const changes = Object.fromEntries(planned.map(({ name, changedResources }) => [name, changedResources.length]));
    expect(changes).toMatchObject({ 'blue only': 0, '50/50': 2, 'blue at 0': 2 });
    expect(changes['green at 0']).toBeGreaterThan(1);
    expect(planned[2]?.changedResources).toEqual(planned[3]?.changedResources);
  },
);

test('a template that says something else than the flags is refused', () => {
  const [, dark, half] = steps as [ReleaseStep, ReleaseStep, ReleaseStep];
  expect(() => planSteps([synthesized(dark, half.state)])).toThrow(
    /^step green at 0: got a template that splits blue 50 %, green 50 %, expected blue 100 %, green 0 %, as the flags say$/,
  );
});

test('weights that stand for the same shares are the same', () => {
  const [, , half] = steps as [ReleaseStep, ReleaseStep, ReleaseStep];
  const state = { blue: { active: true, weight: 30 }, green: { active: true, weight: 30 } };
  expect(planSteps([synthesized(half, state)])).toHaveLength(1);
});
