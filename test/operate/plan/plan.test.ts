import { isRefused, makePlan, type PlanSource } from '../../../lib/operate/plan/plan';
import type { StackTemplate } from '../../../lib/operate/template/stack-template';
import { templateRoute } from '../../../lib/operate/template/template-slots';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import type { ReleaseState } from '../../../lib/release/release';
import type { Context } from '../../fresh-context';
import { templateOf, withResource } from '../step-templates';

const off = { active: false, weight: 0 };
const on = (weight: number) => ({ active: true, weight });
const blueOnly: ReleaseState = { blue: on(1), green: off };
const atZero: ReleaseState = { blue: on(1), green: on(0) };

function plan(plane: PlaneName, state: ReleaseState, more: Context = {}, other: Partial<PlanSource> = {}) {
  return makePlan({
    stack: 'sample-blue-green',
    template: templateOf(plane, state),
    state,
    course: { ladder: [5, 25, 50, 100], to: 'green' },
    templateOf: (step) => templateOf(plane, step, more),
    ...other,
  });
}

const routes: Readonly<Record<PlaneName, string>> = {
  'app-mesh': 'AWS::AppMesh::Route App/Route',
  'load-balancer': 'AWS::ElasticLoadBalancingV2::ListenerRule App/ProductionRule',
  lattice: 'AWS::VpcLattice::Rule App/LatticeRule',
};

describe.each(planeNames)('the plan of a release on %s', (plane) => {
  it('has every step with what it changes, and none is refused', async () => {
    const { steps, minutes, images, reached } = await plan(plane, blueOnly);
    expect(steps.map(({ name }) => name)).toEqual(['green at 0', '95/5', '75/25', '50/50', 'blue at 0', 'green only']);
    expect(steps.filter(isRefused)).toEqual([]);
    for (const { changed, replaced, guard, broken } of steps) {
      expect({ changed, replaced, guard, broken }).toEqual({
        changed: [routes[plane], 'Custom::ReleaseGuard App/Guard'],
        replaced: [],
        guard: [],
        broken: undefined,
      });
    }
    expect(steps.map(({ created, deleted }) => [created.length > 0, deleted.length > 0])).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [false, false],
      [false, false],
      [false, true],
    ]);
    expect(steps[2]?.flags).toEqual({ blueActive: true, blueWeight: 3, greenActive: true, greenWeight: 1 });
    // Four changes of weights under watch, and the drain; each with the time in which everybody follows.
    const [bake, drain] = { 'app-mesh': [5.2, 7.2], 'load-balancer': [5.2, 7.7], lattice: [11.5, 8.5] }[plane] as [
      number,
      number,
    ];
    expect(steps.map((step) => step.minutes)).toEqual([0, bake, bake, bake, bake, drain]);
    expect(minutes).toBeCloseTo(4 * bake + drain, 1);
    expect(steps.map(({ back }) => back.replace(/~\d/, '~N'))).toEqual([
      '1 deploy, which removes green',
      '1 deploy of the route, ~N min: 95/5 → green at 0',
      '1 deploy of the route, ~N min: 75/25 → green at 0',
      '1 deploy of the route, ~N min: 50/50 → green at 0',
      '1 deploy of the route, ~N min: blue at 0 → green at 0',
      'a new release, since blue is gone',
    ]);
    expect(steps[1]?.backMinutes).toBe(plane === 'lattice' ? 2 : 1);
    expect(Object.keys(images).sort()).toEqual(['blue', 'green']);
    expect(reached).toEqual({ name: 'blue only', exact: true });
  });
});

describe('a plan', () => {
  it('goes on from weights that are no step', async () => {
    const { steps, reached } = await plan('load-balancer', { blue: on(7), green: on(13) });
    expect(steps.map(({ name }) => name)).toEqual(['blue at 0', 'green only']);
    expect(reached).toEqual({ name: '50/50', exact: false });
  });

  it('has no steps when the release is done', async () => {
    expect(await plan('load-balancer', { blue: off, green: on(1) })).toMatchObject({ steps: [], minutes: 0 });
  });

  it('goes the other way with another slot', async () => {
    const course = { ladder: [100], to: 'blue' as const };
    const { steps, from } = await plan('lattice', { blue: off, green: on(1) }, {}, { course });
    expect([from, ...steps.map(({ name }) => name)]).toEqual(['green', 'blue at 0', 'green at 0', 'blue only']);
  });

  it('is refused where a slot with requests would change, with what the guard says', async () => {
    const [first, ...others] = (await plan('load-balancer', blueOnly, { blueImage: 'shop:2' })).steps;
    expect(first?.guard[0]).toMatch(/^blueImage: got "shop:2", expected ".*", since blue answers requests/);
    expect(first?.replaced).toEqual(['AWS::ECS::TaskDefinition App/Blue/TaskDefinition']);
    expect(first?.broken?.problem).toMatch('blue has weight 1 and a service that is half way');
    expect(others.filter(isRefused)).toEqual([]);
  });

  it('is refused where a new version comes with a step', async () => {
    const [first] = (await plan('lattice', atZero, { greenImage: 'shop:2' })).steps;
    expect(first?.replaced).toEqual(['AWS::ECS::TaskDefinition App/Green/TaskDefinition']);
    expect(first && isRefused(first)).toBe(true);
  });

  it('is refused where the route does not wait for a slot', async () => {
    const careless = (template: StackTemplate) =>
      withResource(template, templateRoute(template)?.logicalId ?? '', ({ DependsOn, ...route }) => route);
    const { steps } = await plan('app-mesh', blueOnly, {}, { templateOf: (step) => careless(templateOf('app-mesh', step)) });
    expect(steps[0]?.broken?.problem).toBe('updated AppRoute before AppGreenService: green has weight 0 and no service');
    // The last one because of the deploy back, in which blue joins.
    expect(steps.map(isRefused)).toEqual([true, false, false, false, false, true]);
  });

  it('cannot be made where nothing guards the stack', async () => {
    const { AppGuard74E9641B: _, ...Resources } = templateOf('lattice', blueOnly).Resources ?? {};
    await expect(plan('lattice', blueOnly, {}, { template: { Resources } })).rejects.toThrow(
      'stack sample-blue-green: got a template without a release guard',
    );
  });
});
