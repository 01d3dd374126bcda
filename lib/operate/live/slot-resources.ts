import { type SlotName, slotNames } from '../../release/slots';
import type { DeployedStack } from '../deployed/deployed-stack';

/** The resources of one slot, by their ARNs. */
export interface SlotResources {
  readonly name: SlotName;

  /** Its ECS service. */
  readonly service: string;

  /** What can have a weight: a target group or a virtual node. */
  readonly target: string;
}

/** The slots of a stack that are there, also while a deploy brings them or takes them away. */
export function slotResources({ physicalIds }: Pick<DeployedStack, 'physicalIds'>): readonly SlotResources[] {
  return slotNames.flatMap((name) => {
    // A slot is a construct of that name, and what it makes is called after it.
    const slot = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const service = byLogicalId(physicalIds, new RegExp(`${slot}Service[0-9A-F]{8}$`));
    const target = byLogicalId(physicalIds, new RegExp(`${slot}(LatticeTargetGroup|TargetGroup|VirtualNode)[0-9A-F]{8}$`));
    return service === undefined || target === undefined ? [] : [{ name, service, target }];
  });
}

/** The resource in which the weights stand, by its ARN; `undefined` when it is not there, as before the first deploy is done. */
export function routeOf({ physicalIds }: Pick<DeployedStack, 'physicalIds'>): string | undefined {
  return byLogicalId(physicalIds, /(ProductionRule|LatticeRule|(?<!Gateway|Preview)Route)[0-9A-F]{8}$/, isRoute);
}

const isRoute = (arn: string) => /:listener-rule\/|\/rule\/|\/virtualRouter\/[^/]+\/route\//.test(arn);

function byLogicalId(
  physicalIds: ReadonlyMap<string, string>,
  pattern: RegExp,
  isMeant: (physicalId: string) => boolean = () => true,
): string | undefined {
  return [...physicalIds].find(([logicalId, physicalId]) => pattern.test(logicalId) && isMeant(physicalId))?.[1];
}
