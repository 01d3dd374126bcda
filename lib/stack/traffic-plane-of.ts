import {
  Duration,
  aws_ec2 as ec2,
  type aws_ecs as ecs,
  aws_elasticloadbalancingv2 as elbv2,
  Stack,
  aws_s3 as s3,
  aws_servicediscovery as servicediscovery,
  Token,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PlaneName } from '../release/plane-limits';
import { NamedImage } from '../service/named-image';
import { namedAsRead } from '../settings/named-as-read';
import type { Settings } from '../settings/settings';
import { SettingsError } from '../settings/settings-error';
import { AppMeshPlane } from '../traffic/app-mesh-plane';
import { LatticePlane } from '../traffic/lattice-plane';
import { ListenerPlane, type ListenerPlaneProps, vpcNotLookedUp } from '../traffic/listener-plane';
import { type AccessLogs, LoadBalancerPlane } from '../traffic/load-balancer-plane';
import type { TrafficPlane } from '../traffic/traffic-plane';
import { certificateOf } from './domain';

type Capacity = readonly ecs.CapacityProviderStrategy[] | undefined;
type MakePlane = (scope: Construct, settings: Settings, cluster: ecs.ICluster, capacity: Capacity) => TrafficPlane;

// Each has a construct id of its own: another plane is built beside the old one, not in its place.
const planes: Readonly<Record<PlaneName, MakePlane>> = {
  'app-mesh': (scope, settings, cluster, capacityProviderStrategies) =>
    new AppMeshPlane(scope, 'AppMesh', {
      namespace: new servicediscovery.PrivateDnsNamespace(scope, 'Namespace', { name: settings.namespaceName, vpc: cluster.vpc }),
      gateway:
        settings.ingress === 'none'
          ? undefined
          : {
              cluster,
              internetFacing: settings.ingress === 'public',
              ingressCidrs: settings.ingressCidrs,
              desiredCount: settings.desiredCount,
              assignPublicIp: settings.assignPublicIp,
              capacityProviderStrategies,
              deletionProtection: settings.protect,
            },
      previewHeader: settings.previewHeader,
      previewToken: settings.previewToken,
      logRetention: settings.logRetentionDays,
      envoy: {
        image: new NamedImage(settings.envoyImage),
        cpu: settings.envoyCpu,
        memoryReservationMiB: settings.envoyMemoryReservation,
      },
      xray: {
        image: new NamedImage(settings.xrayImage),
        cpu: settings.xrayCpu,
        memoryReservationMiB: settings.xrayMemoryReservation,
      },
      successors: 'to move, set trafficPlane to load-balancer or lattice in cdk.json, as docs/app-mesh.md describes',
    }),
  'load-balancer': (scope, settings, { vpc }) => {
    const common = {
      previewHeader: settings.previewHeader,
      previewToken: settings.previewToken,
      previewCidrs: settings.previewCidrs,
      deregistrationDelay: Duration.seconds(settings.deregistrationDelay),
    };
    return settings.listenerArn === undefined
      ? new LoadBalancerPlane(scope, 'Alb', {
          ...common,
          vpc,
          internetFacing: settings.ingress === 'public',
          ingressCidrs: settings.ingressCidrs,
          certificate: certificateOf(scope, settings),
          idleTimeout: Duration.seconds(settings.idleTimeout),
          accessLogs: accessLogs(scope, settings),
          deletionProtection: settings.protect,
        })
      : new ListenerPlane(scope, 'SharedListener', {
          ...common,
          ...lookedUpListener(scope, settings.listenerArn, vpc, settings),
        });
  },
  lattice: (scope, settings, { vpc }) =>
    new LatticePlane(scope, 'Lattice', {
      vpc,
      serviceNetworkId: settings.serviceNetworkId,
      protocol: settings.latticeProtocol,
      certificate: certificateOf(scope, settings),
      associateVpc: settings.ingress !== 'none',
      ingressCidrs: settings.ingressCidrs,
      authType: settings.latticeAuthType,
      prefixListId: settings.latticePrefixListId ?? lookedUpPrefixList(scope),
      previewHeader: settings.previewHeader,
      previewToken: settings.previewToken,
      previewPrincipals: settings.previewPrincipals,
      logRetention: settings.logRetentionDays,
    }),
};

function accessLogs(scope: Construct, { accessLogBucket, accessLogPrefix }: Settings): AccessLogs | undefined {
  return accessLogBucket === undefined
    ? undefined
    : { bucket: s3.Bucket.fromBucketName(scope, 'AccessLogBucket', accessLogBucket), prefix: accessLogPrefix };
}

/** @throws SettingsError when the load balancer of the listener is in another VPC */
function lookedUpListener(
  scope: Construct,
  listenerArn: string,
  { vpcId }: ec2.IVpc,
  { stage, stagedKeys }: Settings,
): Pick<ListenerPlaneProps, 'listener' | 'loadBalancer'> {
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
  const loadBalancerArn = listenerArn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');
  const loadBalancer = elbv2.ApplicationLoadBalancer.fromLookup(scope, 'SharedLoadBalancer', { loadBalancerArn });
  const vpcOfListener = loadBalancer.vpc?.vpcId;
  if (![undefined, vpcId, vpcNotLookedUp].includes(vpcOfListener)) {
    const problem =
      `listenerArn: got "${listenerArn}", expected a listener in ${vpcId} as vpcId says, since its load balancer is in ` +
      `${vpcOfListener}; name a listener there, or the other VPC`;
    throw new SettingsError([namedAsRead(problem, stage, stagedKeys)]);
  }
  return { loadBalancer, listener: elbv2.ApplicationListener.fromLookup(scope, 'LookedUpListener', { listenerArn }) };
}

// Where account and Region are known, the list that AWS keeps up to date. Elsewhere the plane takes the range that it has today.
function lookedUpPrefixList(scope: Construct): string | undefined {
  const { account, region } = Stack.of(scope);
  return Token.isUnresolved(account) || Token.isUnresolved(region)
    ? undefined
    : ec2.PrefixList.fromLookup(scope, 'LatticePrefixList', { prefixListName: `com.amazonaws.${region}.vpc-lattice` })
        .prefixListId;
}

/**
 * Defines the traffic plane that the flags name, with all that they say of it: for a `BlueGreenService` in a stack of one's own.
 *
 * @param scope the stack, in which the plane makes its resources
 * @param cluster where the services run; its VPC is where the plane takes requests
 * @param capacityProviderStrategies what tasks of the plane's own run on; without, `FARGATE` as a launch type
 */
export function trafficPlaneOf(
  scope: Construct,
  settings: Settings,
  cluster: ecs.ICluster,
  capacityProviderStrategies?: readonly ecs.CapacityProviderStrategy[],
): TrafficPlane {
  return planes[settings.trafficPlane](scope, settings, cluster, capacityProviderStrategies);
}
