import { aws_ecs as ecs, type aws_logs as logs, aws_servicediscovery as servicediscovery } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AppMeshPlane } from './app-mesh-plane';
import type { PlaneName } from './plane-limits';
import type { TrafficPlane } from './traffic-plane';

/** What a stack knows when it asks for a traffic plane by name. Each plane takes what it needs. */
export interface PlaneOptions {
  readonly cluster: ecs.ICluster;

  /** The way in from outside. */
  readonly ingress: 'public' | 'internal' | 'none';

  /** Request header that reaches a slot by its label. */
  readonly previewHeader: string | undefined;

  /** Tasks of what the plane runs itself, as the gateway of a mesh. */
  readonly desiredCount: number;

  readonly assignPublicIp: boolean;

  /** Private DNS namespace of the service. */
  readonly namespaceName: string;

  readonly logRetention: logs.RetentionDays;
  readonly envoy: SidecarOptions;
  readonly xray: SidecarOptions;
}

interface SidecarOptions {
  readonly image: string;

  /** CPU units. */
  readonly cpu: number;

  /** Soft memory limit in MiB. */
  readonly memoryReservation: number;
}

/** Every traffic plane, by name. */
export const trafficPlanes: Readonly<Record<PlaneName, (scope: Construct, options: PlaneOptions) => TrafficPlane>> = {
  'app-mesh': (scope, options) =>
    new AppMeshPlane(scope, 'AppMesh', {
      namespace: new servicediscovery.PrivateDnsNamespace(scope, 'Namespace', {
        name: options.namespaceName,
        vpc: options.cluster.vpc,
      }),
      gateway: options.ingress === 'none' ? undefined : { ...options, internetFacing: options.ingress === 'public' },
      previewHeader: options.previewHeader,
      logRetention: options.logRetention,
      envoy: sidecar(options.envoy),
      xray: sidecar(options.xray),
    }),
  'load-balancer': notYetAvailable,
  lattice: notYetAvailable,
};

function sidecar({ image, cpu, memoryReservation }: SidecarOptions) {
  return { image: ecs.ContainerImage.fromRegistry(image), cpu, memoryReservationMiB: memoryReservation };
}

function notYetAvailable(): never {
  throw new Error('not yet available');
}
