import type { DeployedResource } from '../emulator/follower';
import { LocalError } from '../local-error';
import { deployedServices } from './deployed-services';
import type { WayIn } from './way-in';
import { waysIn } from './ways-in';

/** A target group in which a task is registered. */
export interface GroupOfTask {
  readonly arn: string;

  /** The port of the container. */
  readonly port: number;

  /** Whether ECS waits until the tasks in it are healthy, even if no rule leads there. */
  readonly isChecked: boolean;
}

/** The ways in of all that is deployed by now. */
export class DeployedWaysIn {
  /** By their ids. */
  current: ReadonlyMap<string, WayIn> = new Map();
  private resources: ReadonlyMap<string, DeployedResource> = new Map();

  /** Why ways in cannot be read. */
  private unreadable: readonly string[] = [];

  /** Physical ids of all target groups. */
  get targetGroups(): readonly string[] {
    return [...this.resources.values()].filter(({ type }) => type.endsWith('::TargetGroup')).map(({ physicalId }) => physicalId);
  }

  /** The target groups in which a new task of a service is registered. */
  groupsOf(service: string): readonly GroupOfTask[] {
    const { targetGroups = [] } = deployedServices([...this.resources.values()]).find(({ arn }) => arn === service) ?? {};
    return targetGroups.map((group) => ({ ...group, isChecked: this.isOfHttpBalancer(group.arn) }));
  }

  /** A resource as it was told last. */
  known({ type, physicalId }: DeployedResource): DeployedResource | undefined {
    return this.resources.get(keyOf(type, physicalId));
  }

  /**
   * Takes a resource as it is now.
   *
   * @returns in words, why that cannot be: then all is as before
   */
  put(resource: DeployedResource): string | undefined {
    return this.take(new Map([...this.without(resource), [keyOf(resource.type, resource.physicalId), resource]]), false);
  }

  /** Takes a resource away. Where a stack cannot be read any more without it, its ways in stay as they are. */
  remove(resource: DeployedResource): void {
    this.take(this.without(resource), true);
  }

  private without({ type, physicalId }: DeployedResource): ReadonlyMap<string, DeployedResource> {
    const resources = new Map(this.resources);
    resources.delete(keyOf(type, physicalId));
    return resources;
  }

  private take(resources: ReadonlyMap<string, DeployedResource>, isForced: boolean): string | undefined {
    const { found, unreadable } = this.read([...resources.values()]);
    const problem = unreadable.find((each) => !this.unreadable.includes(each));
    if (!isForced && problem !== undefined) {
      return problem;
    }
    this.resources = resources;
    this.current = new Map(found.map((wayIn) => [wayIn.id, wayIn]));
    this.unreadable = unreadable;
    return undefined;
  }

  // One stack that cannot be read keeps no other from being so.
  private read(resources: readonly DeployedResource[]): { found: readonly WayIn[]; unreadable: readonly string[] } {
    const whole = readable(() => waysIn(resources));
    if (typeof whole !== 'string') {
      return { found: whole, unreadable: [] };
    }
    const ids = new Set(resources.map(({ physicalId }) => physicalId));
    const byStack = [...new Set(resources.map(({ stack }) => stack))].map((stack) => {
      const found = readable(() => waysIn(resources, stack));
      const kept = [...this.current.values()].filter((each) => each.stack === stack && ids.has(each.id));
      return typeof found === 'string' ? { found: kept, problem: found } : { found, problem: undefined };
    });
    return { found: byStack.flatMap(({ found }) => found), unreadable: byStack.flatMap(({ problem }) => problem ?? []) };
  }

  // ECS does not look at VPC Lattice, and what a network load balancer leads to is not looked at here.
  private isOfHttpBalancer(targetGroup: string): boolean {
    const { Protocol } = this.resources.get(keyOf('AWS::ElasticLoadBalancingV2::TargetGroup', targetGroup))?.properties ?? {};
    return `${Protocol}`.startsWith('HTTP');
  }
}

function keyOf(type: string, physicalId: string): string {
  return `${type} ${physicalId}`;
}

// Or else, in words, why they cannot be read.
function readable(read: () => readonly WayIn[]): readonly WayIn[] | string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LocalError)) {
      throw error;
    }
    return error.message;
  }
}
