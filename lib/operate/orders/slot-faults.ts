import { isDeepStrictEqual } from 'node:util';
import { type SlotName, slotNames } from '../../release/slots';
import { guardOf } from '../template/guarded-state';
import type { StackTemplate } from '../template/stack-template';
import { referencesIn } from '../template/template-references';
import { serviceNameOutput, type TemplateSlots, templateRoute, templateSlots } from '../template/template-slots';
import { allWaits, nameOf } from './deploy-changes';

/**
 * What is wrong with the slots of a template by itself, in whatever order it is deployed: a slot that the guard knows cannot be found, its
 * tasks are not where the route sends its requests, behind something that the route names is no slot, or something does not wait for the guard.
 */
export function slotFaults(template: StackTemplate): readonly string[] {
  const slots = templateSlots(template);
  const guarded = guardOf(template)?.state.slots ?? {};
  const named = slotNames.filter((slot) => guarded[slot] !== undefined || template.Outputs?.[serviceNameOutput(slot)]);
  return [
    ...named.flatMap((slot) => placeFaults(template, slots, slot)),
    ...routeFaults(template, slots, named),
    ...unheld(template, slots),
  ];
}

function placeFaults(template: StackTemplate, slots: TemplateSlots, slot: SlotName): readonly string[] {
  const { Resources: resources = {}, Outputs: outputs = {} } = template;
  const output = outputs[serviceNameOutput(slot)];
  if (output === undefined) {
    return [`${slot} has no output ${serviceNameOutput(slot)}`];
  }
  const [service = ''] = referencesIn(output.Value);
  if (resources[service]?.Type !== 'AWS::ECS::Service') {
    return [`the output ${serviceNameOutput(slot)} names no ECS service of the template`];
  }
  const target = slots[slot]?.target;
  if (target === undefined) {
    return [`${nameOf(service)} registers in no target`];
  }
  const other = slotNames.find((each) => each !== slot && slots[each]?.target === target);
  if (other !== undefined) {
    return [`${nameOf(service)} registers in ${nameOf(target)}, as ${other} does`];
  }
  return resources[target]?.Type !== 'AWS::AppMesh::VirtualNode' || isFound(template, service, target)
    ? []
    : [`${nameOf(target)} does not look where ${nameOf(service)} registers`];
}

// A node of a mesh asks AWS Cloud Map for the tasks of the service with a name.
function isFound({ Resources: resources = {} }: StackTemplate, service: string, node: string): boolean {
  const { ServiceRegistries: registries, ServiceName: name } = resources[service]?.Properties ?? {};
  const spec = resources[node]?.Properties?.Spec as VirtualNodeSpec | undefined;
  const { ServiceName: asked, Attributes: attributes = [] } = spec?.ServiceDiscovery?.AWSCloudMap ?? {};
  const registered = referencesIn(registries);
  return (
    [...referencesIn(asked)].some((id) => registered.has(id)) &&
    attributes.some(({ Key: key, Value: value }) => key === 'ECS_SERVICE_NAME' && isDeepStrictEqual(value, name))
  );
}

interface VirtualNodeSpec {
  readonly ServiceDiscovery?: {
    readonly AWSCloudMap?: {
      readonly ServiceName?: unknown;
      readonly Attributes?: readonly { readonly Key: string; readonly Value: unknown }[];
    };
  };
}

function routeFaults(template: StackTemplate, slots: TemplateSlots, named: readonly SlotName[]): readonly string[] {
  const route = templateRoute(template, slots);
  return route === undefined
    ? named.map((slot) => `no route names ${slot}`)
    : Object.entries(route.others).map(
        ([target, weight]) => `${nameOf(route.logicalId)} gives weight ${weight} to ${nameOf(target)}, behind which is no slot`,
      );
}

// What does not wait may be changed before the guard refuses the deploy.
function unheld(template: StackTemplate, slots: TemplateSlots): readonly string[] {
  const { Resources: resources = {} } = template;
  const guard = Object.keys(resources).find((id) => resources[id]?.Type === 'Custom::ReleaseGuard');
  if (guard === undefined) {
    return [];
  }
  const waits = allWaits(resources);
  const route = templateRoute(template, slots)?.logicalId;
  const held = [...Object.values(slots).flatMap(({ service, target }) => [target, service]), ...(route ? [route] : [])];
  return [...new Set(held)].filter((id) => !waits(id).has(guard)).map((id) => `${nameOf(id)} does not wait for ${nameOf(guard)}`);
}
