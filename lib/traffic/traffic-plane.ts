// What carries the weights: one interface, and one file behind it for each plane.

import type { aws_cloudwatch as cloudwatch, Duration, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { HealthCheckNumbers, PlaneLimits } from '../release/plane-limits';

/**
 * What carries the weights: a service mesh, a load balancer rule, a service network.
 *
 * One plane can serve several blue/green services. A plane knows nothing of colours: it is told of slots one by one, by label.
 */
export interface TrafficPlane {
  /** What this plane is called, for messages: such as `load-balancer`. */
  readonly planeName: string;

  /** What the plane accepts. */
  readonly limits: PlaneLimits;

  /**
   * The containers that the plane adds to each task, with what they ask for unless a slot says otherwise.
   *
   * @default - none
   */
  readonly sidecars?: readonly SidecarResources[];

  /**
   * What the plane was given, property by property, for a service on it to judge: what is wrong is refused with all that is wrong with
   * the service. Times are in seconds.
   *
   * @default - nothing
   */
  readonly given?: Readonly<Record<string, unknown>>;

  /**
   * Defines what the slots of one service share on this plane.
   *
   * @param scope the blue/green service, in which the plane makes its resources
   */
  bind(scope: Construct, app: RoutedApp): ServiceTraffic;
}

/** What a sidecar runs, and what it takes of the size of a task. */
export interface SidecarResources {
  /** Name of the container. */
  readonly name: string;

  /** Image of the container. */
  readonly image: ecs.ContainerImage;

  /** CPU units. */
  readonly cpu: number;

  /** Soft memory limit in MiB. */
  readonly memoryReservationMiB: number;
}

/** The app as a plane needs to know it. */
export interface RoutedApp {
  /** Name of the service, unique on the plane. */
  readonly name: string;

  /** Labels of all its slots, active or not. */
  readonly labels: readonly string[];

  /** TCP port of the service, by which callers know it where the plane has no port of its own. A slot may listen on another. */
  readonly port: number;

  /** The different TCP ports of the app containers of all slots, active or not, in ascending order. */
  readonly ports: readonly number[];

  /** Path prefix under which the way in sends requests to this service. */
  readonly pathPrefix: string;

  /** Name by which callers ask for the service, such as `shop.example.com`; `undefined`: the one that AWS makes up. */
  readonly domainName: string | undefined;

  /** Position of the service's rules among those of others, where a plane has an order of rules; `undefined`: the plane finds one. */
  readonly rulePosition: number | undefined;

  /** When a task counts as healthy. */
  readonly healthCheck: HealthCheckNumbers;

  readonly cluster: ecs.ICluster;

  /**
   * Security group of the tasks of all slots. The plane opens each of `ports` to where its traffic comes from, and nothing else. It
   * does so for all slots at once: turning one on or off leaves the group, which the other uses, as it is.
   */
  readonly securityGroup: ec2.ISecurityGroup;

  /** Role by which ECS starts the tasks of all slots. The plane grants it what its own containers need, whatever slots are active. */
  readonly executionRole: iam.IRole;
}

/** Where a name in DNS can point: what an alias record of Route 53 takes. */
export interface AliasTarget {
  readonly dnsName: string;

  /** Id of the hosted zone of `dnsName`, which is one of AWS's own. */
  readonly hostedZoneId: string;
}

/** One service on a plane. */
export interface ServiceTraffic {
  /** Where a person reaches the service; `undefined` when there is no way in from outside. */
  readonly url: string | undefined;

  /**
   * Where the domain name of the service is to point.
   *
   * @default - the plane takes no domain names
   */
  readonly aliasTarget?: AliasTarget;

  /** What CloudWatch knows of the requests to the service as a whole, whatever slots are active. */
  readonly metrics: ServiceMetrics;

  /**
   * How callers reach the service, setting by setting: what must stay as it is while somebody calls. A reference to a resource says
   * which resource it is. The release guard compares it; a setting that is undefined is one that is not there.
   */
  readonly wayIn: Readonly<Record<string, string | number | boolean | undefined>>;

  /** What is worth knowing after a deploy, by a PascalCase key that says what it is: `MeshName`, `ServiceNetworkId`. */
  readonly names: Readonly<Record<string, string>>;

  /**
   * Defines the target of one slot: that to which a weight can be given.
   *
   * @param scope the slot, in which the plane makes its resources
   */
  addSlot(scope: Construct, slot: RoutedSlot): SlotTraffic;

  /**
   * Allows somebody to call the service where callers need a permission of their own.
   *
   * @default - callers need none
   */
  grantInvoke?(grantee: iam.IGrantable): iam.Grant;

  /**
   * Defines the one route that holds the weights of the slots added so far. Called once.
   *
   * @param services the ECS services of these slots, after which the route is created and updated
   * @returns the resource in which the weights stand
   */
  addRoute(services: readonly ecs.FargateService[]): IConstruct;
}

/** A slot as a plane needs to know it. */
export interface RoutedSlot {
  /** Label of the slot, unique within the service. */
  readonly label: string;

  /** Position of the slot among all slots of the service, active or not, so that it never changes. From 0. */
  readonly index: number;

  /** Relative share of the requests; 0 is a legal weight. */
  readonly weight: number;

  /** TCP port of the slot's app container. */
  readonly port: number;

  /** Path of the slot's HTTP health check. */
  readonly healthCheckPath: string;

  /** The sidecars of the slot's tasks, by name of the container: those of the plane with what the slot has otherwise. */
  readonly sidecars: Readonly<Record<string, SidecarResources>>;
}

/** One slot on a plane. Its methods are called once each, in this order; the last one only where a slot scales. */
export interface SlotTraffic {
  /** To what a weight can be given: the virtual node, or the target group. */
  readonly target: IConstruct;

  /** Name of the target, for people. */
  readonly targetName: string;

  /** The request header that reaches the slot whatever its weight, as `name: value`; `undefined`: there is none. */
  readonly preview: string | undefined;

  /** What CloudWatch knows of the requests to this slot. */
  readonly metrics: SlotMetrics;

  /**
   * Name that the ECS service must have, since the plane finds its tasks by it; `undefined`: any. A service that has a name cannot be
   * replaced.
   */
  readonly serviceName: string | undefined;

  /** Needed by the task definition when it is made. */
  readonly proxyConfiguration: ecs.ProxyConfiguration | undefined;

  /** Whether ECS ends tasks that fail the plane's health check, so that a new task needs time before it counts. */
  readonly checksTasks: boolean;

  /** Adds the containers and permissions that the plane needs in a task. */
  extendTask(task: ecs.FargateTaskDefinition, app: ecs.ContainerDefinition): void;

  /** Makes the tasks of the ECS service known to the plane. */
  attach(service: ecs.FargateService): void;

  /**
   * Lets the number of tasks follow the requests, where the plane's limits say that they are counted per task.
   *
   * @default - the plane does not count them
   */
  scaleOnRequests?(tasks: ecs.ScalableTaskCount, target: RequestTarget): void;
}

/** How many requests a slot's tasks are to have. */
export interface RequestTarget {
  /** Requests to each task in a minute. */
  readonly requestsPerTarget: number;

  /** How long to wait after tasks were added until more are. */
  readonly scaleOutCooldown: Duration;
}

/**
 * The metrics of a service as a whole. They name no slot, so that what is made of them stays as it is when a slot joins or leaves.
 * Periods are one minute; no requests means no data.
 */
export interface ServiceMetrics {
  /** Requests that came in, those that the plane answered itself included where it tells, as a sum. */
  readonly requests: cloudwatch.IMetric;

  /** Answers with a status from 500 to 599, those of the plane itself included where it tells, as a sum. */
  readonly errors: cloudwatch.IMetric;

  /** Time to answer in milliseconds, 95th percentile. */
  readonly latency: cloudwatch.IMetric;

  /**
   * The requests of each target, one above the other in a graph. It may be a search, which an alarm does not take; empty where only
   * the slots themselves can tell.
   */
  readonly requestsByTarget: readonly cloudwatch.IMetric[];
}

/**
 * The metrics of one slot, in the same shape on every plane. Periods are one minute. No requests means no data: missing data says
 * nothing about health.
 */
export interface SlotMetrics {
  /** Requests that a target was chosen for, as a sum. */
  readonly requests: cloudwatch.IMetric;

  /**
   * Requests that failed, as a sum: answers with a status from 500 to 599, and on a load balancer and on VPC Lattice also what the slot did not answer at
   * all, since it refused or closed the connection, or took too long.
   */
  readonly errors: cloudwatch.IMetric;

  /** Time to answer in milliseconds, 95th percentile. */
  readonly latency: cloudwatch.IMetric;

  /** Targets that pass the health check; `undefined` on planes that do not tell. */
  readonly healthyTargets: cloudwatch.Metric | undefined;
}
