import { type SlotName, slotNames } from '../../release/slots';
import type { StackTemplate, TemplateResource } from './stack-template';
import { referencesIn } from './template-references';

/** A slot as a template has it, by logical ids. */
export interface TemplateSlot {
  /** Its ECS service. */
  readonly service: string;

  /** To where the route sends its requests: a target group, or a virtual node. */
  readonly target: string;
}

/** The slots that are on, by the outputs of the stack that name their ECS services. */
export type TemplateSlots = Readonly<Partial<Record<SlotName, TemplateSlot>>>;

/** What splits the requests. */
export interface TemplateRoute {
  readonly logicalId: string;

  /** The weight of each slot that it names. */
  readonly weights: Readonly<Partial<Record<SlotName, number>>>;

  /** What else it names, each with its weight: logical ids, or names. Behind it there is no slot. */
  readonly others: Readonly<Record<string, number>>;
}

/** The output of a stack that names the ECS service of a slot. */
export function serviceNameOutput(slot: SlotName): string {
  return `${slot.charAt(0).toUpperCase()}${slot.slice(1)}ServiceName`;
}

const targetTypes = ['AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::VpcLattice::TargetGroup', 'AWS::AppMesh::VirtualNode'];

/** The slots of a template. */
export function templateSlots(template: StackTemplate): TemplateSlots {
  return Object.fromEntries(
    slotNames.flatMap((slot) => {
      const [service] = referencesIn(template.Outputs?.[serviceNameOutput(slot)]?.Value);
      const target = service === undefined ? undefined : targetOf(template, service);
      return service === undefined || target === undefined ? [] : [[slot, { service, target }]];
    }),
  );
}

/**
 * The route of a template, which is never the one of a preview: the one that names a slot, else the first one; `undefined`: it has none.
 */
export function templateRoute(
  template: StackTemplate,
  slots: TemplateSlots = templateSlots(template),
): TemplateRoute | undefined {
  const slotBehind = (target: unknown) =>
    slotNames.find((slot) => slots[slot] !== undefined && isMeant(template, target, slots[slot].target));
  const routes = Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    const targets = weightedTargets(resource).map((each) => ({ ...each, slot: slotBehind(each.target) }));
    return targets.length === 0 ? [] : [{ logicalId, targets }];
  });
  const route = routes.find(({ targets }) => targets.some(({ slot }) => slot !== undefined)) ?? routes[0];
  return (
    route && {
      logicalId: route.logicalId,
      weights: Object.fromEntries(route.targets.flatMap(({ slot, weight }) => (slot ? [[slot, weight]] : []))),
      others: Object.fromEntries(
        route.targets.flatMap(({ slot, target, weight }) =>
          slot ? [] : [[[...referencesIn(target)][0] ?? `${target}`, weight]],
        ),
      ),
    }
  );
}

// By reference, or a virtual node by its name.
function isMeant({ Resources: resources = {} }: StackTemplate, target: unknown, logicalId: string): boolean {
  return typeof target === 'string'
    ? target === resources[logicalId]?.Properties?.VirtualNodeName
    : referencesIn(target).has(logicalId);
}

// Its service registers its tasks in a target group, in one of two places; in a mesh, its tasks are told which node they are.
function targetOf({ Resources: resources = {} }: StackTemplate, service: string): string | undefined {
  const { LoadBalancers, VpcLatticeConfigurations, TaskDefinition } = resources[service]?.Properties ?? {};
  const [task = ''] = referencesIn(TaskDefinition);
  const near = [...referencesIn([LoadBalancers, VpcLatticeConfigurations]), ...referencesIn(resources[task]?.Properties)];
  return near.find((id) => targetTypes.includes(resources[id]?.Type ?? ''));
}

interface WeightedTarget {
  readonly target: unknown;
  readonly weight: number;
}

/** Where a rule sends requests, and how many; nothing when it is none, or one for who asks with a header of a preview. */
function weightedTargets({ Type: type, Properties: properties = {} }: TemplateResource): readonly WeightedTarget[] {
  switch (type) {
    case 'AWS::ElasticLoadBalancingV2::ListenerRule': {
      const conditions = listIn(properties, 'Conditions');
      const isPreview = conditions.some((condition) => valueIn(condition, 'HttpHeaderConfig') !== undefined);
      const groups = listIn(properties, 'Actions').flatMap((action) => listIn(action, 'ForwardConfig', 'TargetGroups'));
      return isPreview ? [] : groups.map((group) => weighted(group, 'TargetGroupArn'));
    }
    case 'AWS::VpcLattice::Rule': {
      const isPreview = listIn(properties, 'Match', 'HttpMatch', 'HeaderMatches').length > 0;
      const groups = listIn(properties, 'Action', 'Forward', 'TargetGroups');
      return isPreview ? [] : groups.map((group) => weighted(group, 'TargetGroupIdentifier'));
    }
    case 'AWS::AppMesh::Route':
      return listIn(properties, 'Spec', 'HttpRoute', 'Action', 'WeightedTargets').map((node) => weighted(node, 'VirtualNode'));
    default:
      return [];
  }
}

function weighted(group: unknown, name: string): WeightedTarget {
  return { target: valueIn(group, name), weight: Number(valueIn(group, 'Weight') ?? 1) };
}

function listIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueIn(value, ...path);
  return Array.isArray(found) ? found : [];
}

function valueIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Readonly<Record<string, unknown>> | undefined)?.[name], value);
}
