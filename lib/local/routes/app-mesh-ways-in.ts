import { LocalError } from '../local-error';
import { PropertyReader } from '../template/property-reader';
import type { Resource } from '../template/template';
import {
  behindGateway,
  readGatewayRoute,
  readMesh,
  readRoute,
  readVirtualGateway,
  readVirtualNode,
  readVirtualRouter,
  readVirtualService,
} from './app-mesh';
import type { DeployedService } from './deployed-services';
import { meshAccessLog } from './mesh-access-log';
import type { RouteModel } from './traffic-model';
import { type Deployed, type DeployedTarget, nowhereStatus, type WayIn, wayInOf } from './way-in';

const service = 'AWS::AppMesh';
const loadBalancing = 'AWS::ElasticLoadBalancingV2';

/**
 * The ways into all meshes: one per network load balancer, which stands before a gateway, and one per virtual service of a mesh
 * that has no gateway.
 *
 * @throws LocalError on anything that is not mapped
 */
export function meshWaysIn(deployed: Deployed): readonly WayIn[] {
  const { template } = deployed;
  const balancers = deployed
    .owners(`${loadBalancing}::LoadBalancer`)
    .filter(({ properties }) => properties.Type === 'network')
    .map((balancer) => {
      const owner = template.physicalIdOf(balancer);
      const name = `network load balancer ${deployed.resource(owner).logicalId}`;
      const { gateway, behind } = gatewayBehind(owner, deployed);
      const routes = gateway ? gatewayRoutes(gateway, deployed) : [];
      const accessLog = gateway && meshAccessLog(gateway, behind);
      const [first] = behind;
      return {
        ...wayIn({ owner, name, routes, mesh: meshOf(gateway) }, deployed),
        ...(first && accessLog ? { gateway: { service: first.arn, accessLog } } : {}),
      };
    });
  const meshesWithGateway = new Set(template.ofType(`${service}::VirtualGateway`).map(meshOf));
  const services = deployed
    .owners(`${service}::VirtualService`)
    .filter((each) => !meshesWithGateway.has(meshOf(each)))
    .map((each) => {
      const { name, routes } = serviceRoutes(each, deployed);
      return wayIn({ owner: template.physicalIdOf(each), name: `virtual service ${name}`, routes, mesh: meshOf(each) }, deployed);
    });
  for (const mesh of deployed.owners(`${service}::Mesh`)) {
    PropertyReader.read(template, mesh, readMesh);
  }
  return [...balancers, ...services];
}

function wayIn(
  { owner, name, routes, mesh }: { owner: string; name: string; routes: readonly RouteModel[]; mesh: unknown },
  deployed: Deployed,
): WayIn {
  // All nodes of the mesh, so that a slot is checked before a route sends it requests.
  const nodes = new Set([
    ...deployed.template
      .ofType(`${service}::VirtualNode`)
      .filter((node) => meshOf(node) === mesh)
      .map(({ properties }) => `${properties.VirtualNodeName}`),
    ...routes.flatMap(({ targets }) => targets.map(({ target }) => target)),
  ]);
  const targets = [...nodes].map((node) => targetOf(node, mesh, deployed));
  const unmatchedStatus = routes.length === 0 ? nowhereStatus : 404;
  return wayInOf({ id: owner, owner, name }, deployed, { plane: 'app-mesh', routes, unmatchedStatus, meshHttp: true }, targets);
}

function targetOf(name: string, mesh: unknown, { template, services, resource }: Deployed): DeployedTarget {
  const node = template
    .ofType(`${service}::VirtualNode`)
    .find((each) => each.properties.VirtualNodeName === name && meshOf(each) === mesh);
  if (node === undefined) {
    throw new LocalError(`virtual node ${name}: got a route to it, expected it in the mesh ${mesh}`);
  }
  const { target, ecsServiceName } = PropertyReader.read(template, node, readVirtualNode);
  // Names of services are unique within a cluster only.
  const named = services.filter((each) => each.name === ecsServiceName);
  const { stack } = resource(template.physicalIdOf(node));
  const ofStack = named.filter(({ arn }) => resource(arn).stack === stack);
  const behind = ofStack.length > 0 ? ofStack : named;
  const accessLog = meshAccessLog(node, behind);
  return {
    resource: template.physicalIdOf(node),
    ...(accessLog ? { accessLog } : {}),
    services: behind.map(({ arn }) => ({ service: arn, port: target.port })),
    model: { ...target, slot: behind[0]?.slot ?? '' },
  };
}

// A load balancer knows target groups only: the gateway is what the tasks in them say that they are.
function gatewayBehind(
  balancer: string,
  { template, services }: Deployed,
): { gateway: Resource | undefined; behind: readonly DeployedService[] } {
  const groups = template
    .ofType(`${loadBalancing}::Listener`)
    .filter(({ properties }) => properties.LoadBalancerArn === balancer)
    .map(({ properties }) => JSON.stringify(properties.DefaultActions));
  const behind = services.filter(({ targetGroups }) =>
    targetGroups.some((group) => groups.some((actions) => actions.includes(JSON.stringify(group.arn)))),
  );
  const other = behind.find(({ gateway }) => gateway === undefined);
  if (other) {
    throw new LocalError(
      `service ${other.name}: got a network load balancer in front of it, expected an application load balancer or VPC Lattice; a network load balancer leads to the gateway of a mesh here`,
    );
  }
  const arn = behind[0]?.gateway;
  const [, mesh, , name] = arn?.slice(arn.lastIndexOf(':') + 1).split('/') ?? [];
  const gateway = template
    .ofType(`${service}::VirtualGateway`)
    .find((each) => each.properties.VirtualGatewayName === name && meshOf(each) === mesh);
  return { gateway, behind };
}

function gatewayRoutes(gateway: Resource, deployed: Deployed): readonly RouteModel[] {
  const { template } = deployed;
  const { name } = PropertyReader.read(template, gateway, readVirtualGateway);
  return (
    template
      .ofType(`${service}::GatewayRoute`)
      .filter((each) => each.properties.VirtualGatewayName === name && meshOf(each) === meshOf(gateway))
      .map((each) => PropertyReader.read(template, each, readGatewayRoute))
      // Of two that match, the longer one took a request.
      .sort((a, b) => b.prefix.length - a.prefix.length)
      .flatMap((entry) => {
        const found = template
          .ofType(`${service}::VirtualService`)
          .find((each) => each.properties.VirtualServiceName === entry.virtualService && meshOf(each) === meshOf(gateway));
        return found ? serviceRoutes(found, deployed).routes.map((route) => behindGateway(route, entry)) : [];
      })
  );
}

function serviceRoutes(virtualService: Resource, { template }: Deployed): { name: string; routes: readonly RouteModel[] } {
  const { name, router } = PropertyReader.read(template, virtualService, readVirtualService);
  const mesh = meshOf(virtualService);
  const routers = template
    .ofType(`${service}::VirtualRouter`)
    .filter((each) => each.properties.VirtualRouterName === router && meshOf(each) === mesh);
  for (const each of routers) {
    PropertyReader.read(template, each, readVirtualRouter);
  }
  const routes = template
    .ofType(`${service}::Route`)
    .filter((each) => each.properties.VirtualRouterName === router && meshOf(each) === mesh)
    .map((each) => PropertyReader.read(template, each, readRoute))
    .sort((a, b) => a.priority - b.priority)
    .map(({ route }) => route);
  return { name, routes };
}

function meshOf(resource: Resource | undefined): unknown {
  return resource?.properties.MeshName;
}
