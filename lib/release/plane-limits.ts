/** The traffic planes, in the order in which they are offered. */
export const planeNames = ['app-mesh', 'load-balancer', 'lattice'] as const;

/** The name of a traffic plane of this project. */
export type PlaneName = (typeof planeNames)[number];

/** The ways in from outside: from the internet, from inside the VPC, or none at all. */
export const ingressNames = ['public', 'internal', 'none'] as const;

/** A way in from outside. */
export type IngressName = (typeof ingressNames)[number];

/** When a plane calls a task healthy. */
export interface HealthCheckNumbers {
  /** Good answers in a row after which a task counts as healthy. */
  readonly healthyThreshold: number;

  /** Bad ones in a row after which it does not. */
  readonly unhealthyThreshold: number;

  /** How long the plane waits for an answer. */
  readonly timeoutSeconds: number;

  /** How long it waits from one question to the next. */
  readonly intervalSeconds: number;
}

/** How long a task may take to end once it is told to, in seconds, before it is ended. */
export interface StopTimeout {
  /** The shortest time that may be chosen. */
  readonly least: number;

  /** The time when nobody says otherwise. */
  readonly usual: number;
}

/**
 * What ECS takes, and gives.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const stopTimeoutOfEcs: StopTimeout = { least: 2, usual: 30 };

/** What a traffic plane accepts, as plain data, so that input can be checked without loading the CDK. */
export interface PlaneLimits {
  /** Highest weight of one slot. The lowest is 0 everywhere. */
  readonly maxWeight: number;

  /** Highest sum of the weights of the active slots. */
  readonly maxWeightSum: number;

  /** Ports in a task that belong to the plane's own sidecars. */
  readonly reservedPorts: readonly number[];

  /** Whether an update of the route waits until a slot that joins, or changes, in the same deploy can answer. */
  readonly routeWaits: boolean;

  /** How long after a deploy a change of the route is in force everywhere, in seconds: wait that long before you judge a step. */
  readonly settleSeconds: number;

  /**
   * Whether a service can have a domain name of one's own.
   *
   * @default false
   */
  readonly domainNames?: boolean;

  /** Task size that fits the app and the sidecars when the user names none: CPU units and MiB. */
  readonly taskSize: { readonly cpu: number; readonly memory: number };

  /** When it calls a task healthy, unless the user says otherwise. */
  readonly healthCheck: HealthCheckNumbers;

  /**
   * Whether AWS counts the requests to each task, so that a slot can scale by them.
   *
   * @default false
   */
  readonly scalesAtRequests?: boolean;

  /**
   * Hard memory limit of the app container in MiB when the user names none, so that the sidecars keep theirs.
   *
   * @default - none: the app may use what the task has
   */
  readonly appMemory?: number;

  /**
   * How long a task may take to end.
   *
   * @default - as ECS has it: 2 seconds at least, 30 when nobody says otherwise
   */
  readonly stopTimeout?: StopTimeout;

  /**
   * Ids of users whose requests pass by the plane's own sidecars: no app can run as one of them.
   *
   * @default - none
   */
  readonly reservedUserIds?: readonly number[];
}

// Soon healthy, so that a deploy is short; not soon sick, since ECS ends such a task, and a pause of some seconds is no fault.
const endsTasks: HealthCheckNumbers = { healthyThreshold: 2, unhealthyThreshold: 5, timeoutSeconds: 4, intervalSeconds: 5 };

/** What is known of a plane that can be chosen by name. */
export interface NamedPlane extends PlaneLimits {
  /** Whether a task carries the Envoy and X-Ray sidecars. */
  readonly sidecars: boolean;

  /** Request header that reaches a slot whatever its weight, when the user names none; `undefined`: no preview. */
  readonly previewHeader: string | undefined;

  /** The ways in from outside that the plane has, the usual one first. */
  readonly ingress: readonly [IngressName, ...IngressName[]];
}

/** The planes of this project, by name. A plane that is written elsewhere brings its own limits. */
export const planeLimits = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-appmesh-route-weightedtarget.html
  'app-mesh': {
    maxWeight: 100,
    maxWeightSum: 100,
    // The X-Ray daemon, which listens on TCP too; Envoy's admin port and its two proxy ports.
    // https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon.html
    reservedPorts: [2000, 9901, 15000, 15001],
    // That of Envoy, so that its own requests are not sent to it again.
    reservedUserIds: [1337],
    stopTimeout: stopTimeoutOfEcs,
    routeWaits: true,
    // Envoy is told of a change as it comes; there is no number of AWS's.
    settleSeconds: 10,
    domainNames: false,
    sidecars: true,
    previewHeader: undefined,
    ingress: ['public', 'internal', 'none'],
    taskSize: { cpu: 512, memory: 1024 },
    // A sick task is passed over here, and stays: those of the Terraform original.
    healthCheck: { healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5 },
    appMemory: 256,
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
  'load-balancer': {
    maxWeight: 999,
    maxWeightSum: 2 * 999,
    reservedPorts: [],
    reservedUserIds: [],
    // ECS tells a task to end when the load balancer has no requests for it any more.
    stopTimeout: stopTimeoutOfEcs,
    routeWaits: true,
    // Each node of the load balancer takes the change over within seconds; there is no number of AWS's.
    settleSeconds: 10,
    domainNames: true,
    sidecars: false,
    previewHeader: 'x-slot',
    ingress: ['public', 'internal'],
    taskSize: { cpu: 256, memory: 512 },
    scalesAtRequests: true,
    healthCheck: endsTasks,
    appMemory: undefined,
  },
  // https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_WeightedTargetGroup.html
  lattice: {
    maxWeight: 999,
    maxWeightSum: 2 * 999,
    reservedPorts: [],
    reservedUserIds: [],
    // It drains for about a minute, and sends requests until then; ECS does not wait for that. 120 is the longest that Fargate waits.
    // https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html
    stopTimeout: { least: 90, usual: 120 },
    // ECS does not wait until VPC Lattice has checked a new task; AWS's own shift of traffic gives it three minutes.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-lattice-resources-for-blue-green.html
    routeWaits: false,
    // What AWS's own shift of traffic waits after each change of weights, by the same page.
    settleSeconds: 90,
    domainNames: true,
    sidecars: false,
    previewHeader: 'x-slot',
    ingress: ['internal', 'none'],
    taskSize: { cpu: 256, memory: 512 },
    healthCheck: endsTasks,
    appMemory: undefined,
  },
} as const satisfies Readonly<Record<PlaneName, NamedPlane>>;
