import { Template, type TemplateJson } from './template';
import { templateSlots } from './template-slots';

/** What sends requests to a slot, and what stands in front of that, from the slot outwards. */
const layers: readonly { readonly type: string; readonly onto: readonly string[] }[] = [
  { type: 'AWS::AppMesh::Route', onto: ['AWS::AppMesh::VirtualNode'] },
  { type: 'AWS::ElasticLoadBalancingV2::ListenerRule', onto: ['AWS::ElasticLoadBalancingV2::TargetGroup'] },
  { type: 'AWS::VpcLattice::Rule', onto: ['AWS::VpcLattice::TargetGroup'] },
];

/** What is made for the layer above it: it goes when all that points at it goes. */
const bases: readonly { readonly type: string; readonly under: string }[] = [
  { type: 'AWS::AppMesh::VirtualRouter', under: 'AWS::AppMesh::Route' },
  { type: 'AWS::VpcLattice::Listener', under: 'AWS::VpcLattice::Rule' },
  { type: 'AWS::VpcLattice::Service', under: 'AWS::VpcLattice::Listener' },
];

/** What leads to a base: it goes with it. */
const entries: readonly { readonly type: string; readonly to: string }[] = [
  { type: 'AWS::AppMesh::VirtualService', to: 'AWS::AppMesh::VirtualRouter' },
  { type: 'AWS::AppMesh::GatewayRoute', to: 'AWS::AppMesh::VirtualService' },
];

/**
 * A template as if it had one blue/green service only: without the slots of the others, and what leads to them alone.
 *
 * What belongs to no blue/green service stays, so that nothing is left out that nobody knows of.
 */
export function onlyService(json: TemplateJson, name: string): TemplateJson {
  const template = new Template(json);
  const slots = templateSlots(template);
  const kept = slots.filter((slot) => slot.of === name);
  const others = slots.filter((slot) => slot.of !== name);
  const gone = new Set(others.flatMap(({ logicalId, targetGroups }) => [logicalId, ...targetGroups]));
  for (const id of kept.flatMap(({ targetGroups }) => targetGroups)) {
    gone.delete(id);
  }
  // A node names its ECS service in words and not by reference.
  const otherNames = others.flatMap(({ serviceName }) =>
    serviceName === undefined ? [] : [JSON.stringify({ Key: 'ECS_SERVICE_NAME', Value: serviceName })],
  );
  for (const { logicalId, properties } of template.ofType('AWS::AppMesh::VirtualNode')) {
    if (otherNames.some((attribute) => JSON.stringify(properties).includes(attribute))) {
      gone.add(logicalId);
    }
  }
  const references = new Map(template.resources.map(({ logicalId, properties }) => [logicalId, referencesIn(properties)]));
  const pointsAt = (id: string, types: readonly string[]) =>
    template.resources.filter(({ type, logicalId }) => types.includes(type) && references.get(id)?.has(logicalId));
  const pointedAtBy = (id: string, type: string) =>
    template.ofType(type).filter(({ logicalId }) => references.get(logicalId)?.has(id));
  const allGone = (resources: readonly { readonly logicalId: string }[]) =>
    resources.length > 0 && resources.every(({ logicalId }) => gone.has(logicalId));
  const remove = (type: string, when: (id: string) => boolean) => {
    for (const { logicalId } of template.ofType(type).filter((resource) => when(resource.logicalId))) {
      gone.add(logicalId);
    }
  };
  for (const { type, onto } of layers) {
    remove(type, (id) => allGone(pointsAt(id, onto)));
  }
  for (const { type, under } of bases) {
    remove(type, (id) => allGone(pointedAtBy(id, under)));
  }
  for (const { type, to } of entries) {
    remove(type, (id) => allGone(pointsAt(id, [to])));
  }
  return { ...json, Resources: Object.fromEntries(Object.entries(json.Resources ?? {}).filter(([id]) => !gone.has(id))) };
}

// The logical ids to which a value points, wherever in it.
function referencesIn(value: unknown): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) {
    return new Set();
  }
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { readonly Ref?: unknown; readonly 'Fn::GetAtt'?: unknown };
  const own = [ref, Array.isArray(attribute) ? attribute[0] : undefined].filter((id) => typeof id === 'string');
  return new Set([...own, ...Object.values(value).flatMap((each) => [...referencesIn(each)])]);
}
