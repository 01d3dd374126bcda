import type { DeployedResource } from '../emulator/follower';
import type { Resource, Template } from '../template/template';
import type { DeployedService, ServiceBehind } from './deployed-services';
import type { MeshAccessLog } from './mesh-access-log';
import type { RouteModel, TargetModel, TrafficModel } from './traffic-model';

/** Where requests come in. */
export interface WayIn {
  /** Stays the same as long as there is this way in. */
  readonly id: string;

  /**
   * Physical id of the load balancer, or of the VPC Lattice service. Of a mesh without a gateway that of the virtual service. Where it
   * equals `id`, the DNS name of the owner leads here.
   */
  readonly owner: string;

  /** Name of the owner's stack. */
  readonly stack: string;

  /** For people. */
  readonly name: string;
  readonly model: TrafficModel;

  /** What is behind each target of the model, by its name. */
  readonly targets: Readonly<Record<string, TargetBehind>>;

  /**
   * What stands for the gateway by which requests come into a mesh.
   *
   * @default - nothing: there is no gateway, or nobody who writes its access log
   */
  readonly gateway?: GatewayBehind;
}

/** The tasks of a gateway. */
export interface GatewayBehind {
  /** ARN of their service. */
  readonly service: string;
  readonly accessLog: MeshAccessLog;
}

/** What is behind a target. */
export interface TargetBehind {
  /** Physical id of the target group, or of the virtual node. */
  readonly resource: string;

  /** None yet, or no more: empty. */
  readonly services: readonly ServiceBehind[];

  /**
   * What its tasks write of each request.
   *
   * @default - nothing: it is no virtual node, or one without an access log
   */
  readonly accessLog?: MeshAccessLog;
}

/** What a reader of deployed resources has at hand. */
export interface Deployed {
  readonly template: Template;
  readonly services: readonly DeployedService[];

  /** The resources of a type whose ways in are read. */
  readonly owners: (type: string) => readonly Resource[];

  /** Name of a resource's stack, and its logical id, by physical id. */
  readonly resource: (physicalId: string) => DeployedResource;
}

/** A target with what is behind it. */
export interface DeployedTarget extends TargetBehind {
  readonly model: TargetModel;
}

/** A listener with its rules. */
export interface DeployedListener {
  readonly id: string;
  readonly port: number;

  /** `undefined`: it sends what no rule takes to another place. */
  readonly unmatchedStatus: number | undefined;
  readonly routes: readonly RouteModel[];
}

/**
 * The ways in of something that has listeners: one per listener that sends requests on. The DNS name leads to the first that has a rule.
 *
 * @param readTarget reads a target group, with slot and port of what is behind it
 */
export function waysInOfListeners(
  plane: 'load-balancer' | 'lattice',
  resource: Resource,
  found: readonly DeployedListener[],
  deployed: Deployed,
  readTarget: (group: Resource, behind: Pick<TargetModel, 'slot' | 'port'>) => TargetModel,
): readonly WayIn[] {
  const { template, services } = deployed;
  const owner = template.physicalIdOf(resource);
  const name = `${plane === 'lattice' ? 'VPC Lattice service' : 'load balancer'} ${deployed.resource(owner).logicalId}`;
  // All of them know all target groups, so that another one may become the first without a new health check.
  const used = new Set(found.flatMap(({ routes }) => routes.flatMap(({ targets }) => targets.map(({ target }) => target))));
  const targets = template.resources
    .filter(({ logicalId }) => used.has(logicalId))
    .map((group) => {
      const id = template.physicalIdOf(group);
      const behind = servicesIn(id, services);
      return { resource: id, services: behind, model: readTarget(group, slotAndPort(behind, services)) };
    });
  const listeners = found
    .filter(({ unmatchedStatus, routes }) => unmatchedStatus !== undefined || routes.length > 0)
    .sort((a, b) => a.port - b.port);
  const first = listeners.find(({ routes }) => routes.length > 0) ?? listeners[0];
  const wayIn = (id: string, title: string, listener: DeployedListener | undefined) => {
    const { routes = [], unmatchedStatus = nowhereStatus } = listener ?? {};
    return wayInOf({ id, owner, name: title }, deployed, { plane, routes, unmatchedStatus, meshHttp: false }, targets);
  };
  const others = listeners.filter((listener) => listener !== first);
  return [wayIn(owner, name, first), ...others.map((each) => wayIn(each.id, `${name}, port ${each.port}`, each))];
}

/** A way in with what was read of it. */
export function wayInOf(
  { id, owner, name }: Pick<WayIn, 'id' | 'owner' | 'name'>,
  deployed: Deployed,
  traffic: Pick<TrafficModel, 'plane' | 'routes' | 'unmatchedStatus' | 'meshHttp'>,
  targets: readonly DeployedTarget[],
): WayIn {
  const { stack } = deployed.resource(owner);
  return {
    id,
    owner,
    stack,
    name,
    model: { ...traffic, entry: name, host: undefined, targets: targets.map(({ model }) => model), notShown: [] },
    targets: Object.fromEntries(targets.map(({ model, ...behind }) => [model.name, behind])),
  };
}

/** Answer to every request while nothing is there that could take it. */
export const nowhereStatus = 503;

function servicesIn(targetGroup: string, services: readonly DeployedService[]): readonly ServiceBehind[] {
  return services.flatMap(({ arn: service, targetGroups }) =>
    targetGroups.filter(({ arn }) => arn === targetGroup).map(({ port }) => ({ service, port })),
  );
}

// Nothing behind it yet is no slot.
function slotAndPort(behind: readonly ServiceBehind[], services: readonly DeployedService[]) {
  const [first] = behind;
  return { slot: services.find(({ arn }) => arn === first?.service)?.slot ?? '', port: first?.port ?? 0 };
}
