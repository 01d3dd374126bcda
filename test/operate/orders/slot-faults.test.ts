import { proveOrders } from '../../../lib/operate/orders/prove-orders';
import { slotFaults } from '../../../lib/operate/orders/slot-faults';
import type { StackTemplate } from '../../../lib/operate/template/stack-template';
import { referencesIn } from '../../../lib/operate/template/template-references';
import { templateRoute, templateSlots } from '../../../lib/operate/template/template-slots';
import type { DeployedState } from '../../../lib/release/deployed-state';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { templateOf, withProperties, withResource } from '../step-templates';

const routeNames: Readonly<Record<PlaneName, string>> = {
  'app-mesh': 'AppRoute',
  'load-balancer': 'AppProductionRule',
  lattice: 'AppLatticeRule',
};

type Fault = readonly [name: string, broken: (template: StackTemplate) => StackTemplate, problem: string];

/** Without a resource, and without all that refers to it. */
function without(template: StackTemplate, logicalId: string): StackTemplate {
  const entries = Object.entries(template.Resources ?? {});
  const gone = new Set([logicalId]);
  for (let size = 0; size !== gone.size; ) {
    size = gone.size;
    for (const [id, { Properties }] of entries) {
      if ([...referencesIn(Properties)].some((other) => gone.has(other))) {
        gone.add(id);
      }
    }
  }
  return {
    ...template,
    Outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).filter(([, { Value }]) => ![...referencesIn(Value)].some((id) => gone.has(id))),
    ),
    Resources: Object.fromEntries(
      entries.flatMap(([id, resource]) => {
        const waits = [resource.DependsOn ?? []].flat().filter((other) => !gone.has(other));
        return gone.has(id) ? [] : [[id, { ...resource, DependsOn: waits }]];
      }),
    ),
  };
}

function withoutGreenInGuard(template: StackTemplate): StackTemplate {
  return withResource(template, 'AppGuard74E9641B', ({ Properties, ...guard }) => {
    const state = Properties?.State as DeployedState;
    return { ...guard, Properties: { ...Properties, State: { ...state, slots: { blue: state.slots.blue } } } };
  });
}

function withoutOutputs(template: StackTemplate, ...names: readonly string[]): StackTemplate {
  return {
    ...template,
    Outputs: Object.fromEntries(Object.entries(template.Outputs ?? {}).filter(([name]) => !names.includes(name))),
  };
}

function withoutGuardWaits(template: StackTemplate): StackTemplate {
  return {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources ?? {}).map(([id, resource]) => [
        id,
        { ...resource, DependsOn: [resource.DependsOn ?? []].flat().filter((other) => other !== 'AppGuard74E9641B') },
      ]),
    ),
  };
}

const targetNames: Readonly<Record<PlaneName, { readonly blue: string; readonly green: string }>> = {
  'app-mesh': { blue: 'AppBlueVirtualNode', green: 'AppGreenVirtualNode' },
  'load-balancer': { blue: 'AppBlueTargetGroup', green: 'AppGreenTargetGroup' },
  lattice: { blue: 'AppBlueLatticeTargetGroup', green: 'AppGreenLatticeTargetGroup' },
};

/** What is wrong with a template by itself, on every plane. */
function faultsOn(plane: PlaneName): readonly Fault[] {
  const { blue, green } = targetNames[plane];
  const noSlotBehind = `${routeNames[plane]} gives weight 1 to ${green}, behind which is no slot`;
  const noSlots = `${routeNames[plane]} gives weight 1 to ${blue}, behind which is no slot; ${noSlotBehind}`;
  const service = (template: StackTemplate) => templateSlots(template).green?.service ?? '';
  return [
    [
      'there is no route',
      (template) => without(template, templateRoute(template)?.logicalId ?? ''),
      'no route names blue; no route names green',
    ],
    [
      'the service behind a target with weight is gone',
      (template) => withoutGreenInGuard(without(template, service(template))),
      noSlotBehind,
    ],
    [
      'the service of a slot that the guard knows is gone',
      (template) => without(template, service(template)),
      `green has no output GreenServiceName; ${noSlotBehind}`,
    ],
    [
      'no output names the service of a slot',
      (template) => withoutOutputs(template, 'GreenServiceName'),
      `green has no output GreenServiceName; ${noSlotBehind}`,
    ],
    [
      'no output names a service',
      (template) => withoutOutputs(template, 'BlueServiceName', 'GreenServiceName'),
      `blue has no output BlueServiceName; green has no output GreenServiceName; ${noSlots}`,
    ],
    [
      'no output names a service, and there is no guard',
      (template) =>
        without(withoutOutputs(withoutGuardWaits(template), 'BlueServiceName', 'GreenServiceName'), 'AppGuard74E9641B'),
      noSlots,
    ],
    [
      'an output names something else',
      (template) => ({ ...template, Outputs: { ...template.Outputs, GreenServiceName: { Value: 'green' } } }),
      `the output GreenServiceName names no ECS service of the template; ${noSlotBehind}`,
    ],
    [
      'a slot does not wait for the guard',
      withoutGuardWaits,
      [blue, 'AppBlueService', green, 'AppGreenService', routeNames[plane]]
        .map((name) => `${name} does not wait for AppGuard`)
        .join('; '),
    ],
  ];
}

/** What is wrong with where the tasks of green register in target groups, by the property that says so. */
function registrationFaults(plane: PlaneName, property: string): readonly Fault[] {
  const { blue, green } = targetNames[plane];
  const noSlotBehind = `${routeNames[plane]} gives weight 1 to ${green}, behind which is no slot`;
  const registering = (template: StackTemplate, entries: unknown) =>
    withResource(template, templateSlots(template).green?.service ?? '', withProperties({ [property]: entries }));
  return [
    [
      'a slot with weight registers nowhere',
      (template) => registering(template, []),
      `AppGreenService registers in no target; ${noSlotBehind}`,
    ],
    [
      'a slot with weight registers in the target group of the other one',
      (template) => {
        const other = template.Resources?.[templateSlots(template).blue?.service ?? ''];
        return registering(template, other?.Properties?.[property]);
      },
      `AppBlueService registers in ${blue}, as green does; AppGreenService registers in ${blue}, as blue does; ${noSlotBehind}`,
    ],
  ];
}

/** The template with each text in the properties of a resource replaced. */
function withText(template: StackTemplate, logicalId: string, from: RegExp, to: string): StackTemplate {
  return withResource(template, logicalId, ({ Properties, ...resource }) => ({
    ...resource,
    Properties: JSON.parse(JSON.stringify(Properties).replace(from, to)),
  }));
}

const notFound = 'AppGreenVirtualNode does not look where AppGreenService registers';
const slotFaultCases: Readonly<Record<PlaneName, readonly Fault[]>> = {
  'load-balancer': [...faultsOn('load-balancer'), ...registrationFaults('load-balancer', 'LoadBalancers')],
  lattice: [...faultsOn('lattice'), ...registrationFaults('lattice', 'VpcLatticeConfigurations')],
  'app-mesh': [
    ...faultsOn('app-mesh'),
    [
      'a slot with weight registers nowhere',
      (template) =>
        withResource(template, templateSlots(template).green?.service ?? '', withProperties({ ServiceRegistries: [] })),
      notFound,
    ],
    [
      'the node of a slot with weight finds the tasks of the other one',
      (template) =>
        withText(
          template,
          templateSlots(template).green?.target ?? '',
          /("ECS_SERVICE_NAME","Value":)"sample-green"/,
          '$1"sample-blue"',
        ),
      notFound,
    ],
    [
      'the node of a slot with weight asks for nothing',
      (template) => withText(template, templateSlots(template).green?.target ?? '', /"AWSCloudMap"/, '"DNS"'),
      notFound,
    ],
    [
      'the tasks of a slot with weight are told the node of the other one',
      (template) => {
        const { blue, green } = templateSlots(template);
        const tasks = [...referencesIn(template.Resources?.[green?.service ?? '']?.Properties?.TaskDefinition)];
        return withText(template, tasks[0] ?? '', new RegExp(`"${green?.target}"`), `"${blue?.target}"`);
      },
      'AppBlueService registers in AppBlueVirtualNode, as green does; AppGreenService registers in AppBlueVirtualNode, as blue does; AppRoute gives weight 1 to AppGreenVirtualNode, behind which is no slot',
    ],
  ],
};

describe.each(planeNames)('a deploy on %s is not safe', (plane) => {
  const on = (weight: number) => ({ active: true, weight });

  it.each(slotFaultCases[plane])('where %s', (_, broken, problem) => {
    const before = templateOf(plane, { blue: on(1), green: on(0) });
    const after = templateOf(plane, { blue: on(1), green: on(1) });
    expect(proveOrders(before, after).broken).toBeUndefined();
    expect(proveOrders(before, broken(after))).toEqual({ intermediateStates: 0, broken: { order: [], problem } });
  });
});

it.each(planeNames)('a template of %s with names and a path of its own has no fault', (plane) => {
  const on = { active: true, weight: 1 };
  const context = { appName: 'shop', blueName: 'v1', greenName: 'v2', pathPrefix: '/shop' };
  expect(slotFaults(templateOf(plane, { blue: on, green: on }, context))).toEqual([]);
});
