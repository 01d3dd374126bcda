import { type aws_ecs as ecs, type aws_logs as logs, aws_servicediscovery as servicediscovery } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { IngressName, PlaneName } from '../release/plane-limits';
import { AppMeshPlane } from '../traffic/app-mesh-plane';
import { type LatticeAuthType, LatticePlane } from '../traffic/lattice-plane';
import { LoadBalancerPlane } from '../traffic/load-balancer-plane';
import type { SidecarProps } from '../traffic/sidecar';
import type { TrafficPlane } from '../traffic/traffic-plane';

/** What a stack knows when it asks for a traffic plane by name. Each plane takes what it needs. */
export interface PlaneOptions {
  readonly cluster: ecs.ICluster;

  /** The way in from outside; one that the plane has. */
  readonly ingress: IngressName;

  /** Request header that reaches a slot by its label. */
  readonly previewHeader: string | undefined;

  /** From where the header is honoured on a public load balancer. */
  readonly previewCidrs: readonly string[] | undefined;

  readonly certificateArn: string | undefined;

  /** Tasks of what the plane runs itself, as the gateway of a mesh. */
  readonly desiredCount: number;

  readonly assignPublicIp: boolean;

  /** Private DNS namespace of the service. */
  readonly namespaceName: string;

  readonly latticeAuthType: LatticeAuthType;
  readonly latticePrefixListId: string | undefined;
  readonly logRetention: logs.RetentionDays;
  readonly envoy: Omit<SidecarProps, 'logGroup'>;
  readonly xray: Omit<SidecarProps, 'logGroup'>;
}

/** Every traffic plane, by name. Each has a construct id of its own: another plane is built beside the old one, not in its place. */
export const trafficPlanes: Readonly<Record<PlaneName, (scope: Construct, options: PlaneOptions) => TrafficPlane>> = {
  'app-mesh': (scope, { cluster, ingress, desiredCount, assignPublicIp, ...options }) =>
    new AppMeshPlane(scope, 'AppMesh', {
      namespace: new servicediscovery.PrivateDnsNamespace(scope, 'Namespace', { name: options.namespaceName, vpc: cluster.vpc }),
      gateway: ingress === 'none' ? undefined : { cluster, internetFacing: ingress === 'public', desiredCount, assignPublicIp },
      previewHeader: options.previewHeader,
      logRetention: options.logRetention,
      envoy: options.envoy,
      xray: options.xray,
      successors: 'to move, set trafficPlane to load-balancer or lattice in cdk.json, as docs/app-mesh.md describes',
    }),
  'load-balancer': (scope, { cluster, ingress, certificateArn, previewHeader, previewCidrs }) =>
    new LoadBalancerPlane(scope, 'Alb', {
      vpc: cluster.vpc,
      internetFacing: ingress === 'public',
      certificateArn,
      previewHeader,
      previewCidrs,
    }),
  lattice: (scope, { cluster, ingress, previewHeader, logRetention, latticeAuthType, latticePrefixListId }) =>
    new LatticePlane(scope, 'Lattice', {
      vpc: cluster.vpc,
      associateVpc: ingress !== 'none',
      authType: latticeAuthType,
      prefixListId: latticePrefixListId,
      previewHeader,
      logRetention,
    }),
};
