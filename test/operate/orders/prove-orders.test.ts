import { type BrokenOrder, brokenOrderSentence, proveOrders } from '../../../lib/operate/orders/prove-orders';
import type { StackTemplate, TemplateResource } from '../../../lib/operate/template/stack-template';
import { templateRoute, templateSlots } from '../../../lib/operate/template/template-slots';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import type { ReleaseState } from '../../../lib/release/release';
import { ladderTemplates, rich, templateOf, withProperties, withResource } from '../step-templates';

const off = { active: false, weight: 0 };
const on = (weight: number) => ({ active: true, weight });
const blueOnly: ReleaseState = { blue: on(1), green: off };
const half: ReleaseState = { blue: on(1), green: on(1) };
const greenAtZero: ReleaseState = { blue: on(1), green: on(0) };

const routeOf = (template: StackTemplate) => templateRoute(template)?.logicalId ?? '';
const routeNames: Readonly<Record<PlaneName, string>> = {
  'app-mesh': 'AppRoute',
  'load-balancer': 'AppProductionRule',
  lattice: 'AppLatticeRule',
};

function servicesOf(template: StackTemplate): string[] {
  return Object.values(templateSlots(template)).map(({ service }) => service);
}

function withoutWaiting(template: StackTemplate): StackTemplate {
  const services = servicesOf(template);
  return withResource(template, routeOf(template), (route) => ({
    ...route,
    DependsOn: [route.DependsOn ?? []].flat().filter((id) => !services.includes(id)),
  }));
}

function withResources(template: StackTemplate, more: Readonly<Record<string, TemplateResource>>): StackTemplate {
  return { ...template, Resources: { ...template.Resources, ...more } };
}

const service = (template: StackTemplate, slot: 'blue' | 'green') => templateSlots(template)[slot]?.service ?? '';

const withCount = (DesiredCount: unknown) => withProperties({ DesiredCount });

describe.each(planeNames)('the orders of a deploy on %s', (plane) => {
  const before = templateOf(plane, blueOnly);
  const after = templateOf(plane, half);

  it('are all safe for each step of a release', () => {
    const steps = ladderTemplates(plane, rich[plane]);
    const began = performance.now();
    const proofs = steps.slice(1).map(({ name, template }, index) => ({
      name,
      ...proveOrders(steps[index]?.template as StackTemplate, template),
    }));
    const seconds = (performance.now() - began) / 1000;
    expect(proofs.filter(({ broken }) => broken)).toEqual([]);
    // Of a change of weights: the guard and the route, one after the other, there and back. Of a slot that joins, far more.
    expect(proofs.map(({ intermediateStates }) => intermediateStates > 14)).toEqual([true, false, false, false, false, true]);
    expect(seconds).toBeLessThan(3);
  });

  it('are safe for a slot that joins with weight, behind a route that waits for it', () => {
    expect(proveOrders(before, after).broken).toBeUndefined();
  });

  it.each<[string, StackTemplate, number]>([
    ['with weight', after, 1],
    ['without weight', templateOf(plane, greenAtZero), 0],
  ])('are not safe for a slot that joins %s, behind a route that does not', (_, template, weight) => {
    const { broken } = proveOrders(before, withoutWaiting(template));
    expect(broken?.problem).toBe(
      `updated ${routeNames[plane]} before AppGreenService: green has weight ${weight} and no service`,
    );
    expect(broken?.order.at(-1)).toBe(`updated ${routeNames[plane]}`);
    // Only what the route refers to comes before it, and the guard.
    expect(broken?.order).toHaveLength(3);
  });

  it('are not safe where only the template to which the deploy goes back does not wait', () => {
    const greenOnly = templateOf(plane, { blue: off, green: on(1) });
    const { broken } = proveOrders(withoutWaiting(after), greenOnly);
    expect(broken?.problem).toMatch(`in the deploy back: updated ${routeNames[plane]} before AppBlueService: blue has weight 1`);
  });

  it('are safe where the route waits in another way', () => {
    const waiting = { Type: 'AWS::CloudFormation::WaitConditionHandle', DependsOn: servicesOf(after) };
    const through = (template: StackTemplate) =>
      withResource(withResources(withoutWaiting(template), { Waiting: waiting }), routeOf(template), (route) => ({
        ...route,
        DependsOn: ['Waiting'],
      }));
    expect(proveOrders(before, through(after)).broken).toBeUndefined();
    const refers = withResource(withoutWaiting(after), routeOf(after), (route) => ({
      ...route,
      Properties: { ...route.Properties, Tags: [{ Key: 'for', Value: { 'Fn::Sub': `\${${service(after, 'green')}.Name}` } }] },
    }));
    expect(proveOrders(before, refers).broken).toBeUndefined();
  });

  it('are not safe when the tasks of a slot with weight are replaced', () => {
    const changed = withResource(after, service(after, 'green'), (green) => ({
      ...green,
      Properties: { ...green.Properties, PlatformVersion: '1.3.0' },
    }));
    expect(proveOrders(after, changed).broken).toEqual({
      order: ['began to update AppGreenService'],
      problem: 'began to update AppGreenService: green has weight 1 and a service that is half way',
    });
  });

  it('are safe when only the count of the tasks changes', () => {
    const changed = withResource(after, service(after, 'green'), (green) => ({
      ...green,
      Properties: { ...green.Properties, DesiredCount: 7 },
    }));
    expect(proveOrders(after, changed)).toEqual({ intermediateStates: 8, broken: undefined });
  });

  it('are not safe, on the way back, for a new version that gets weight in the same deploy', () => {
    const changed = withResource(after, service(after, 'green'), (green) => ({
      ...green,
      Properties: { ...green.Properties, PlatformVersion: '1.3.0' },
    }));
    const { broken } = proveOrders(templateOf(plane, greenAtZero), changed);
    expect(broken?.order.slice(-2)).toEqual(['took back AppGuard', 'began to take back AppGreenService']);
    expect(broken?.order).toContain('failed');
    expect(broken?.problem).toBe(
      `began to take back AppGreenService before ${routeNames[plane]}: green has weight 1 and a service that is half way`,
    );
  });

  it('know a task definition that is replaced', () => {
    const task = Object.keys(after.Resources ?? {}).find((id) => /GreenTaskDefinition/.test(id)) ?? '';
    const changed = withResource(after, task, ({ Properties, ...resource }) => ({
      ...resource,
      Properties: { ...Properties, Cpu: '2048' },
    }));
    const { broken } = proveOrders(after, changed, [task]);
    expect(broken?.order.slice(-2)).toEqual(['created AppGreenTaskDefinition (new)', 'began to update AppGreenService']);
    const idle = templateOf(plane, greenAtZero);
    const changedIdle = withResource(idle, task, ({ Properties, ...resource }) => ({
      ...resource,
      Properties: { ...Properties, Cpu: '2048' },
    }));
    expect(proveOrders(idle, changedIdle, [task]).broken).toBeUndefined();
  });

  it('are not safe for a slot whose tasks are taken away in the deploy that takes its weight', () => {
    const withoutTasks = withResource(templateOf(plane, greenAtZero), service(after, 'green'), withCount(0));
    expect(proveOrders(after, withoutTasks).broken).toEqual({
      order: ['updated AppGuard', 'updated AppGreenService'],
      problem: `updated AppGreenService before ${routeNames[plane]}: green has weight 1 and a service without tasks`,
    });
    expect(proveOrders(withoutTasks, templateOf(plane, greenAtZero)).broken).toBeUndefined();
  });

  it('are not safe for a slot with weight that has no tasks', () => {
    const empty = withResource(after, service(after, 'green'), withCount('0'));
    expect(proveOrders(templateOf(plane, greenAtZero), empty).broken?.problem).toMatch(
      'green has weight 1 and a service without tasks',
    );
    expect(proveOrders(empty, empty).broken).toEqual({
      order: [],
      problem: 'before the deploy: green has weight 1 and a service without tasks',
    });
    const scaling = withResource(templateOf(plane, half, rich[plane]), service(after, 'green'), withCount(0));
    expect(proveOrders(templateOf(plane, greenAtZero, rich[plane]), scaling).broken).toBeUndefined();
  });

  it('are not safe where only the template to which the deploy goes back is broken by itself', () => {
    const { broken } = proveOrders({ ...after, Outputs: { BlueServiceName: after.Outputs?.BlueServiceName ?? {} } }, after);
    expect(broken?.problem).toMatch('in the deploy back: green has no output GreenServiceName');
  });

  it('are looked at although a deploy changes everything else', () => {
    const tagged = {
      ...after,
      Resources: Object.fromEntries(
        Object.entries(after.Resources ?? {}).map(([id, { Properties, ...resource }]) => [
          id,
          servicesOf(after).includes(id)
            ? { ...resource, Properties }
            : { ...resource, Properties: { ...Properties, Tags: ['new'] } },
        ]),
      ),
    };
    expect(proveOrders(before, tagged).broken).toBeUndefined();
    expect(proveOrders(before, withoutWaiting(tagged)).broken?.problem).toMatch('green has weight 1 and no service');
  });
});

it('a mesh may name its node without a reference, and then nothing keeps the node', () => {
  const after = templateOf('app-mesh', half);
  const byName = withResource(withoutWaiting(after), routeOf(after), (route) => ({
    ...route,
    Properties: JSON.parse(
      JSON.stringify(route.Properties).replace(
        /\{"Fn::GetAtt":\["AppGreenVirtualNode\w+","VirtualNodeName"\]\}/,
        '"sample-green"',
      ),
    ),
  }));
  expect(templateRoute(byName)?.weights).toEqual({ blue: 1, green: 1 });
  expect(proveOrders(templateOf('app-mesh', blueOnly), byName).broken).toEqual({
    order: ['updated AppGuard', 'updated AppRoute'],
    problem: 'updated AppRoute before AppGreenService: green has weight 1 and no service',
  });
});

it('a template that refers to nothing is refuted as it is', () => {
  const after = withResource(templateOf('lattice', half), 'AppGuard74E9641B', (guard) => ({ ...guard, DependsOn: 'Gone' }));
  expect(proveOrders(templateOf('lattice', half), after)).toEqual({
    intermediateStates: 0,
    broken: { order: [], problem: 'AppGuard needs Gone, which is not in the template' },
  });
});

it.each<[BrokenOrder, string]>([
  [{ order: ['updated A', 'failed'], problem: 'it is gone' }, 'an order of the deploy breaks it: it is gone (updated A, failed)'],
  [{ order: [], problem: 'it is gone' }, 'the deploy is broken: it is gone'],
])('what breaks is said with the order, where there is one', (broken, sentence) => {
  expect(brokenOrderSentence(broken)).toBe(sentence);
});
