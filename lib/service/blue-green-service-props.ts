import type { Duration, aws_ec2 as ec2, aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';
import type { SlotName } from '../release/slots';
import type { TrafficPlane } from '../traffic/traffic-plane';

/** One slot of a blue/green service. */
export interface BlueGreenSlotProps {
  /**
   * Whether the slot exists. Nothing of an inactive slot is in the template.
   *
   * @default true
   */
  readonly active?: boolean;

  /**
   * Share of the requests, relative to the other active slot. Whole number, 0 or more; the traffic plane sets the upper bound.
   * 0 keeps the slot running without requests. Of no effect while the slot is not active.
   */
  readonly weight: number;

  /**
   * Image of the app container: a `NamedImage`, which is given by its name, or any other. Should another one take a grant to pull,
   * grant it to the `executionRole` of the service for both slots from the beginning: then turning a slot on leaves that role, which
   * the other slot uses, as it is. A `NamedImage` sees to that itself.
   */
  readonly image: ecs.ContainerImage;

  /**
   * Label of the slot in physical names, and the value of the preview header: 1 to 20 lower-case letters, digits and single hyphens.
   * Another label makes another slot.
   *
   * @default - the name of the slot, `blue` or `green`
   */
  readonly label?: string;
}

/** Properties of a blue/green service. */
export interface BlueGreenServiceProps {
  /** The cluster in which the ECS services of the slots run. */
  readonly cluster: ecs.ICluster;

  /** What carries the weights. */
  readonly trafficPlane: TrafficPlane;

  /** Name of the service, unique in the cluster and on the traffic plane: 1 to 40 lower-case letters, digits and single hyphens. */
  readonly serviceName: string;

  /** The slots. At least one is active, and the weights of the active ones sum to at least 1. */
  readonly slots: Readonly<Record<SlotName, BlueGreenSlotProps>>;

  /**
   * TCP port of the app container, 1 to 65535 without the ports of the traffic plane's sidecars.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * Path of the HTTP health check, starting with a slash, without spaces. An answer of 200 means healthy.
   *
   * @default '/health'
   */
  readonly healthCheckPath?: string;

  /**
   * How long a new task may fail the health check of the traffic plane before ECS ends it, up to 24 hours. Of no effect on App Mesh.
   *
   * @default Duration.minutes(1)
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * Path prefix under which the way in sends requests to this service, for several services behind one way in. Starts with a slash;
   * the app gets the path as it was asked for.
   *
   * @default '/'
   */
  readonly pathPrefix?: string;

  /**
   * Task size in CPU units; only sizes that Fargate has.
   *
   * @default - what fits the sidecars of the traffic plane: 512 on App Mesh, 256 on the others
   */
  readonly cpu?: number;

  /**
   * Task size in MiB; only sizes that Fargate has together with `cpu`.
   *
   * @default - what fits the sidecars of the traffic plane: 1024 on App Mesh, 512 on the others
   */
  readonly memoryLimitMiB?: number;

  /**
   * Hard memory limit of the app container in MiB, 6 or more; with the sidecars of the traffic plane it fits into `memoryLimitMiB`.
   *
   * @default 256
   */
  readonly appMemoryLimitMiB?: number;

  /**
   * Environment of the app container, besides `PORT` and `SLOT`, which are always set. `{PORT}` and `{SLOT}` in a value stand for
   * what the container gets in these two.
   *
   * @default - nothing else
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Tasks per slot, 1 to 5000.
   *
   * @default 1
   */
  readonly desiredCount?: number;

  /**
   * Fargate platform version.
   *
   * @default FargatePlatformVersion.VERSION1_4
   */
  readonly platformVersion?: ecs.FargatePlatformVersion;

  /**
   * Whether the tasks get public IP addresses.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;

  /**
   * Subnets of the tasks.
   *
   * @default - public subnets with `assignPublicIp`, else private ones with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How long the log of the app is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}
