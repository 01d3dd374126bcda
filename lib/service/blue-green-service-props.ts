import type {
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_logs as logs,
  RemovalPolicy,
  aws_route53 as route53,
} from 'aws-cdk-lib';
import type { SlotName } from '../release/slots';
import type { SidecarOverride } from '../traffic/sidecar';
import type { TrafficPlane } from '../traffic/traffic-plane';
import type { SlotScaling } from './slot-scaling';
import type { VersionProps } from './version-props';

/** One slot of a blue/green service. */
export interface BlueGreenSlotProps extends VersionProps {
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
   * Label of the slot in physical names, with which the value of the preview header begins: 1 to 20 lower-case letters, digits and
   * single hyphens.
   * Another label makes another slot.
   *
   * @default - the name of the slot, `blue` or `green`
   */
  readonly label?: string;

  /**
   * What this slot has otherwise of the sidecars that the traffic plane adds to each task, by the name of the container: `envoy` and
   * `xray` on App Mesh, none on the others.
   *
   * @default - the sidecars as the traffic plane has them
   */
  readonly sidecars?: Readonly<Record<string, SidecarOverride>>;

  /**
   * How many tasks this slot has as its load asks for, in place of what the service says.
   *
   * @default - what the service says
   */
  readonly scaling?: SlotScaling;

  /**
   * Says by hand that this is another version, 1 to 100 printable ASCII characters: for what is added to the task definition from
   * outside, which does not show in these properties.
   *
   * @default - none: the other properties say enough
   */
  readonly version?: string;
}

/** When the traffic plane calls a task healthy. What is not given is as the traffic plane has it. */
export interface HealthCheckOptions {
  /**
   * Time from one question to the next, 5 seconds to 5 minutes.
   *
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;

  /**
   * How long an answer may take, 2 seconds to 60, less than `interval`.
   *
   * @default - 2 seconds on App Mesh, 4 on the others
   */
  readonly timeout?: Duration;

  /**
   * Good answers in a row after which a task counts as healthy, 2 to 10.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * Bad answers in a row after which a task is sick, 2 to 10: on App Mesh it gets no requests any more, on the others ECS ends it.
   *
   * @default - 2 on App Mesh, 5 on the others
   */
  readonly unhealthyThreshold?: number;
}

/** Properties of a blue/green service. */
export interface BlueGreenServiceProps extends VersionProps {
  /** The cluster in which the ECS services of the slots run. */
  readonly cluster: ecs.ICluster;

  /** What carries the weights. */
  readonly trafficPlane: TrafficPlane;

  /** Name of the service, unique in the cluster and on the traffic plane: 1 to 40 lower-case letters, digits and single hyphens. */
  readonly serviceName: string;

  /** The slots. At least one is active, and the weights of the active ones sum to at least 1. */
  readonly slots: Readonly<Record<SlotName, BlueGreenSlotProps>>;

  /**
   * When the traffic plane calls a task healthy.
   *
   * @default - as the traffic plane has it: on App Mesh two good or bad answers in a row, 5 seconds apart, each within 2 seconds; on the
   * others two good or five bad ones, 5 seconds apart, each within 4 seconds
   */
  readonly healthCheck?: HealthCheckOptions;

  /**
   * How long a new task may fail the health check of the traffic plane before ECS ends it, up to 24 hours. Of no effect on App Mesh, whose
   * check ends no task.
   *
   * @default Duration.minutes(1)
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * Path prefix under which the way in sends requests to this service, for several services behind one way in: up to 126 characters,
   * starting with a slash, of letters, digits and `@:_+.~&/-`. The app gets the path as it was asked for.
   *
   * @default '/'
   */
  readonly pathPrefix?: string;

  /**
   * Name by which callers ask for the service, such as `shop.example.com`: up to 64 characters. On a load balancer the service then takes
   * requests for this name only. With a certificate the traffic plane answers HTTPS. Not on App Mesh.
   *
   * @default - the name that AWS makes up
   */
  readonly domainName?: string;

  /**
   * Hosted zone of Route 53 in which an alias record for `domainName` is made.
   *
   * @default - none: the name is made to point at the service elsewhere
   */
  readonly hostedZone?: route53.IHostedZone;

  /**
   * Position of the service's rules among those of the services with equally deep paths behind one load balancer, 0 to 832. Only needed
   * when two services would have the same one, which is then said. Another position on a stack that runs is refused by AWS if it is
   * still taken. Of no effect on the other planes.
   *
   * @default - follows from `serviceName`
   */
  readonly rulePosition?: number;

  /**
   * Tasks per slot, 1 to 5000. Of no effect on a slot that scales.
   *
   * @default 1
   */
  readonly desiredCount?: number;

  /**
   * How many tasks each slot has as its load asks for. The guard lets it be changed while the slot answers requests; it refuses to take it
   * away then with a `desiredCount` below the maximum, and to give a slot its first requests in the deploy that raises its minimum.
   *
   * @default - `desiredCount` tasks
   */
  readonly scaling?: SlotScaling;

  /**
   * How many tasks of a slot may run while new ones take the place of old ones, in percent of `desiredCount`, or of the
   * minimum of a slot that scales: 101 to 200, and enough for one more task. The more, the sooner it is done.
   *
   * @default - the first of 125, 150 and 200 with which one more task can start
   */
  readonly maxHealthyPercent?: number;

  /**
   * Whether one may go into a running container with ECS Exec; its task role may then open the channels for that. Tasks that were there
   * before cannot be entered. Not together with `readonlyRootFilesystem`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  readonly enableExecuteCommand?: boolean;

  /**
   * Adds to the task definition of each active slot what no property says: sidecars, volumes, a log router. It is called when the
   * containers of the slot and of its traffic plane are there, and before the ECS service is made.
   *
   * The guard does not see what is added: give the slot another `version` when it changes. Grant the `executionRole` what it takes outside
   * of this function, for both slots from the beginning. The size of a task is not held against containers that are added.
   *
   * @default - nothing is added
   */
  readonly extendTask?: (task: ecs.FargateTaskDefinition, slot: SlotName) => void;

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
   * How long the log of the app is kept, and that of the release guard. One's own `logGroup` is kept as its owner says.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What becomes of the log of the app when the service is deleted, also by a first deploy that fails. Its name is made up by
   * CloudFormation, so that a log that is kept is in nobody's way. Not together with `logGroup`, which is not made here.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly logRemovalPolicy?: RemovalPolicy;

  /**
   * Whether the stack refuses a deploy that would take a slot with requests away, or change it. It takes one small Lambda function for
   * all services of the stack. Set it before the first deploy: to take it off later is a deploy that nothing guards.
   *
   * @default true
   */
  readonly guard?: boolean;

  /**
   * Why this one deploy goes through whatever it does: 5 to 200 characters. It is written into the template, so take it away again for
   * the next deploy.
   *
   * @default - the deploy is guarded
   */
  readonly allowUnsafe?: string;

  /**
   * Names under which the users of your app know the settings of the service, for what the guard says: such as
   * `{ image: '{slot}Image' }`, where `{slot}` stands for the name of the slot.
   *
   * @default - the names of the properties, with the name of the service in front
   */
  readonly settingNames?: Readonly<Record<string, string>>;
}
