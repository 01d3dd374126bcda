import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  aws_appmesh as appmesh,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  RemovalPolicy,
  Stack,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { slotNames } from '../../../lib/release/slots';
import { BlueGreenService } from '../../../lib/service/blue-green-service';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../../../lib/service/blue-green-service-props';
import { ErrorAlarm, type ErrorAlarmProps } from '../../../lib/service/error-alarm';
import { ServiceAlarm, type ServiceAlarmProps } from '../../../lib/service/service-alarm';
import type { AppMeshGatewayOptions } from '../../../lib/traffic/app-mesh-gateway';
import { AppMeshPlane, type AppMeshPlaneProps } from '../../../lib/traffic/app-mesh-plane';
import { LatticePlane } from '../../../lib/traffic/lattice-plane';
import { LoadBalancerPlane, type LoadBalancerPlaneProps } from '../../../lib/traffic/load-balancer-plane';
import type { TrafficPlane } from '../../../lib/traffic/traffic-plane';
import { type Deploy, deploy } from './deploy';
import type { ChangedTemplate } from './template-change';

/** What one's own stack says of its service, besides the least that it must say. */
interface Own {
  readonly service?: Partial<BlueGreenServiceProps>;

  /** Of the slot green. */
  readonly slot?: Partial<BlueGreenSlotProps>;

  /** Of the slot green: no requests. */
  readonly idle?: true;
  readonly mesh?: (stack: Stack) => Partial<AppMeshPlaneProps>;
  readonly gateway?: Partial<AppMeshGatewayOptions>;
  readonly loadBalancer?: Partial<LoadBalancerPlaneProps>;
  readonly alarm?: Omit<ErrorAlarmProps, 'slot'>;
  readonly serviceAlarm?: Omit<ServiceAlarmProps, 'service'>;

  /** Cluster of the service, and of the gateway on App Mesh. */
  readonly cluster?: 'Second';
  readonly gatewayCluster?: 'Second';

  /** Further services behind the same plane, in the order in which they are defined; `app` is where the first one stands. */
  readonly services?: readonly string[];
}

/** A property that no key has, or something else that only one's own stack can change. */
export interface ConstructChange {
  /** In words, for a table. */
  readonly what: string;

  /** The properties, such as `BlueGreenServiceProps.pathPrefix`. */
  readonly props: readonly string[];

  /** The planes that have it; all without. */
  readonly planes?: readonly PlaneName[];
  readonly from: Own;
  readonly to: Own;
}

const scaling = { minCapacity: 2, maxCapacity: 10, targetCpuUtilizationPercent: 60 };
const onDemand = [{ capacityProvider: 'FARGATE', weight: 1 }];
const spot = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];

/** Everything of one's own stack that no key says, from one value to another. Each is also looked at the other way round. */
export const constructChanges: readonly ConstructChange[] = [
  {
    what: '`serviceName`',
    props: ['BlueGreenServiceProps.serviceName'],
    from: {},
    to: { service: { serviceName: 'other' } },
  },
  {
    what: '`pathPrefix`',
    props: ['BlueGreenServiceProps.pathPrefix'],
    from: { service: { pathPrefix: '/shop' } },
    to: { service: { pathPrefix: '/store' } },
  },
  {
    what: '`healthCheck`',
    props: [
      'BlueGreenServiceProps.healthCheck',
      'HealthCheckOptions.interval',
      'HealthCheckOptions.timeout',
      'HealthCheckOptions.healthyThreshold',
      'HealthCheckOptions.unhealthyThreshold',
    ],
    from: {},
    to: {
      service: {
        healthCheck: {
          interval: Duration.seconds(30),
          timeout: Duration.seconds(10),
          healthyThreshold: 3,
          unhealthyThreshold: 4,
        },
      },
    },
  },
  {
    what: '`rulePosition`, to one that is free',
    props: ['BlueGreenServiceProps.rulePosition'],
    planes: ['load-balancer'],
    from: { service: { rulePosition: 1 } },
    to: { service: { rulePosition: 2 } },
  },
  {
    what: '`vpcSubnets`',
    props: ['BlueGreenServiceProps.vpcSubnets'],
    from: {},
    to: { service: { vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } } },
  },
  {
    what: '`scaling` instead of `desiredCount`',
    props: [],
    from: { service: { desiredCount: 2 } },
    to: { service: { scaling } },
  },
  {
    what: '`scaling` of a slot without requests',
    props: [],
    from: { idle: true },
    to: { idle: true, slot: { scaling } },
  },
  { what: '`cluster`', props: ['BlueGreenServiceProps.cluster'], from: {}, to: { cluster: 'Second' } },
  {
    what: '`cluster` of the gateway',
    props: ['AppMeshGatewayOptions.cluster'],
    planes: ['app-mesh'],
    from: {},
    to: { gatewayCluster: 'Second' },
  },
  {
    what: '`capacityProviderStrategies` instead of none',
    props: ['BlueGreenServiceProps.capacityProviderStrategies', 'AppMeshGatewayOptions.capacityProviderStrategies'],
    from: {},
    to: { service: { capacityProviderStrategies: spot }, gateway: { capacityProviderStrategies: spot } },
  },
  {
    what: '`capacityProviderStrategies`',
    props: [],
    from: { service: { capacityProviderStrategies: onDemand } },
    to: { service: { capacityProviderStrategies: spot } },
  },
  {
    what: '`capacityProviderStrategies` of a slot without requests',
    props: [],
    from: { idle: true, service: { capacityProviderStrategies: onDemand } },
    to: { idle: true, service: { capacityProviderStrategies: onDemand }, slot: { capacityProviderStrategies: spot } },
  },
  {
    what: '`capacityProviderStrategies` of the gateway',
    props: [],
    planes: ['app-mesh'],
    from: { gateway: { capacityProviderStrategies: onDemand } },
    to: { gateway: { capacityProviderStrategies: spot } },
  },
  {
    what: '`logRemovalPolicy`',
    props: ['BlueGreenServiceProps.logRemovalPolicy'],
    from: {},
    to: { service: { logRemovalPolicy: RemovalPolicy.DESTROY } },
  },
  {
    what: '`deletionProtection`',
    props: ['AppMeshGatewayOptions.deletionProtection', 'LoadBalancerPlaneProps.deletionProtection'],
    planes: ['app-mesh', 'load-balancer'],
    from: {},
    to: { gateway: { deletionProtection: true }, loadBalancer: { deletionProtection: true } },
  },
  {
    what: '`settingNames`',
    props: ['BlueGreenServiceProps.settingNames'],
    from: {},
    to: { service: { settingNames: { image: '{slot}Image' } } },
  },
  {
    what: '`version` of a slot',
    props: ['BlueGreenSlotProps.version'],
    from: {},
    to: { slot: { version: '2' } },
  },
  {
    what: '`version` of a slot without requests',
    props: ['BlueGreenSlotProps.version'],
    from: { idle: true },
    to: { idle: true, slot: { version: '2' } },
  },
  {
    what: '`extendTask`, which adds a container and is seen by no guard',
    props: ['BlueGreenServiceProps.extendTask'],
    from: {},
    to: { service: { extendTask: (task) => task.addContainer('agent', { image }) } },
  },
  {
    what: '`mesh`',
    props: ['AppMeshPlaneProps.mesh'],
    planes: ['app-mesh'],
    from: {},
    to: { mesh: (stack) => ({ mesh: appmesh.Mesh.fromMeshName(stack, 'SharedMesh', 'shared') }) },
  },
  {
    what: '`successors`',
    props: ['AppMeshPlaneProps.successors'],
    planes: ['app-mesh'],
    from: {},
    to: { mesh: () => ({ successors: 'ask the platform team' }) },
  },
  {
    what: '`threshold` or `minRequests` of an `ErrorAlarm`',
    props: ['ErrorAlarmProps.threshold', 'ErrorAlarmProps.minRequests'],
    from: { alarm: {} },
    to: { alarm: { threshold: 1, minRequests: 50 } },
  },
  {
    what: '`threshold` or `minRequests` of a `ServiceAlarm`',
    props: ['ServiceAlarmProps.threshold', 'ServiceAlarmProps.minRequests'],
    from: { serviceAlarm: {} },
    to: { serviceAlarm: { threshold: 1, minRequests: 50 } },
  },
  {
    what: 'an `ErrorAlarm`, added or taken away',
    props: [],
    from: {},
    to: { alarm: {} },
  },
  {
    what: 'a further service behind the plane, added or taken away',
    props: [],
    from: { services: ['app', 'cart', 'shop'] },
    to: { services: ['app', 'cart', 'shop', 'help'] },
  },
  {
    what: 'the same, defined before the others',
    props: [],
    from: { services: ['app', 'cart', 'shop'] },
    to: { services: ['help', 'app', 'cart', 'shop'] },
  },
  {
    what: 'the order in which the services are defined',
    props: [],
    from: { services: ['app', 'cart', 'shop'] },
    to: { services: ['shop', 'cart', 'app'] },
  },
];

/** What becomes of a live stack; `undefined`: the plane has nothing of it. */
export function constructDeploy(
  { from, to, planes = planeNames }: ConstructChange,
  plane: PlaneName,
  back: boolean,
): Deploy | undefined {
  const [before, after] = back ? [to, from] : [from, to];
  return planes.includes(plane) ? deploy(templateOf(plane, before), templateOf(plane, after)) : undefined;
}

const image = ecs.ContainerImage.fromRegistry('shop:1');

const made = new Map<PlaneName, Map<Own, ChangedTemplate>>(planeNames.map((plane) => [plane, new Map()]));

function templateOf(plane: PlaneName, own: Own): ChangedTemplate {
  const template = made.get(plane)?.get(own) ?? synthesized(plane, own);
  made.get(plane)?.set(own, template);
  return template;
}

function synthesized(plane: PlaneName, own: Own): ChangedTemplate {
  const outdir = mkdtempSync(join(tmpdir(), 'changes-'));
  try {
    const app = new App({
      outdir,
      context: { 'aws:cdk:enable-path-metadata': true },
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
    });
    define(new Stack(app, 'Stack'), plane, own);
    return app.synth().getStackByName('Stack').template;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function define(stack: Stack, plane: PlaneName, own: Own): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1 });
  const clusters = { First: new ecs.Cluster(stack, 'First', { vpc }), Second: new ecs.Cluster(stack, 'Second', { vpc }) };
  const trafficPlane = planeOf(plane, stack, vpc, own, clusters[own.gatewayCluster ?? 'First']);
  for (const name of own.services ?? ['app']) {
    const first = name === 'app';
    const service = new BlueGreenService(stack, first ? 'App' : name, {
      cluster: clusters[own.cluster ?? 'First'],
      trafficPlane,
      serviceName: name,
      pathPrefix: first ? '/' : `/${name}`,
      slots: { blue: { weight: 1, image }, green: { weight: own.idle ? 0 : 1, image, ...own.slot } },
      ...(first ? own.service : {}),
    });
    if (own.serviceAlarm) {
      new ServiceAlarm(service, 'ServiceAlarm', { service, ...own.serviceAlarm });
    }
    for (const slot of slotNames.flatMap((each) => service.slots[each] ?? [])) {
      if (own.alarm) {
        new ErrorAlarm(slot, 'ErrorAlarm', { slot, ...own.alarm });
      }
    }
  }
}

function planeOf(
  plane: PlaneName,
  stack: Stack,
  vpc: ec2.IVpc,
  { mesh, gateway, loadBalancer }: Own,
  cluster: ecs.ICluster,
): TrafficPlane {
  switch (plane) {
    case 'app-mesh':
      return new AppMeshPlane(stack, 'Plane', {
        namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc }),
        gateway: { cluster, internetFacing: true, ...gateway },
        ...mesh?.(stack),
      });
    case 'load-balancer':
      return new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: false, ...loadBalancer });
    case 'lattice':
      return new LatticePlane(stack, 'Plane', { vpc });
  }
}
