import { type IngressName, ingressNames, type PlaneName, planeLimits, planeNames } from '../release/plane-limits';
import { scalingDefaults, serviceDefaults, trafficDefaults } from '../release/service-defaults';
import { envoyDefaults, xrayDefaults } from '../release/sidecar-defaults';
import { type SlotName, slotNames } from '../release/slots';
import { weightRange } from '../release/weights';
import { commandWords, healthCheckCommand } from './command-words';
import { demoImages } from './demo';
import { environmentVariables } from './environment-variables';
import { fargateCpuSizes } from './fargate-task-size';
import { imageType } from './image-name';
import { secretReferences } from './secret-references';
import {
  accessLogPrefixType,
  bucketNameType,
  certificateArnType,
  clusterNameType,
  containerCpuType,
  containerMemoryType,
  containerUserType,
  cpuArchitectureType,
  deregistrationDelayType,
  domainNameType,
  gracePeriodType,
  healthCheckIntervalType,
  healthCheckPathType,
  healthCheckThresholdType,
  healthCheckTimeoutType,
  hostedZoneType,
  idleTimeoutType,
  ingressCidrsType,
  latticeAuthTypeType,
  latticeProtocolType,
  listenerArnType,
  logGroupNameType,
  logRetentionType,
  maximumPercentType,
  namespaceNameType,
  pathPrefixType,
  platformVersionType,
  portType,
  prefixListIdType,
  previewCidrsType,
  previewHeaderType,
  previewTokenType,
  principalArns,
  rulePositionType,
  scalingCpuType,
  scalingRequestsType,
  serviceNameType,
  serviceNetworkType,
  slotLabelType,
  spotPercentType,
  stageNameType,
  stopTimeoutType,
  taskCountType,
  unsafeReasonType,
} from './service-values';
import type { AppSettings, PerSlotSettings, SlotSettings } from './settings';
import { booleanType, oneOf, oneOfNumbers, text, type ValueType, wholeNumber } from './value-type';

/** One context key: how its value is read, what holds without it, and what it is for. */
export interface Key<T> {
  /** The type may depend on the traffic plane; `undefined` stands for a plane that is not known, and gets the widest type. */
  readonly type: (plane: PlaneName | undefined) => ValueType<T>;
  readonly default: (plane: PlaneName) => T;

  /** A value to show as `-c key=example`. */
  readonly example: string;

  /** Whether the key is chosen once, in the file, and is no flag of a command: another deploy without it would take it back. */
  readonly inFile?: true;

  /** The planes that use the key. */
  readonly planes?: readonly PlaneName[];

  /** Whether the key may also stand with the name of a slot in front, as in `greenTaskCpu`, and so hold for that slot instead. */
  readonly perSlot?: true;

  /** What the key is for, in one sentence, with its unit. */
  readonly help: string;

  /** The properties of the constructs that say the same, such as `BlueGreenServiceProps.port`; none for what only the app has. */
  readonly props?: readonly string[];
}

/** The keys of a slot. In the context each stands once per slot with the slot's name in front, as in `blueActive`. */
export const slotKeys: {
  readonly [K in Exclude<keyof SlotSettings, keyof PerSlotSettings> as Capitalize<K>]: (slot: SlotName) => Key<SlotSettings[K]>;
} = {
  Active: (slot) => ({
    ...key(booleanType, slot === slotNames[0], 'true'),
    help: 'does the slot exist',
    props: ['BlueGreenSlotProps.active'],
  }),
  Weight: (slot) => ({
    type: (plane) => weightType(plane),
    default: () => (slot === slotNames[0] ? 1 : 0),
    example: '1',
    help: 'its share of the requests, relative to the other slot',
    props: ['BlueGreenSlotProps.weight'],
  }),
  Image: (slot) => ({
    ...key(imageType, demoImages[slot], 'example/shop:1.5.0'),
    help: 'container image of the slot; without, a demo that says which slot answers',
    props: ['BlueGreenSlotProps.image'],
  }),
  Name: (slot) => ({
    ...key(slotLabelType, slot, slot),
    help: 'label of the slot in physical names; choose it before the first deploy',
    props: ['BlueGreenSlotProps.label'],
  }),
};

type AppKeys = { readonly [K in keyof AppSettings]: Key<AppSettings[K]> };

/** The keys of the app as a whole. Those with `perSlot` may be given for one slot, too. */
export const appKeys: AppKeys & { readonly [K in keyof PerSlotSettings]: { readonly perSlot: true } } = {
  stage: {
    ...key<string | undefined>(stageNameType, undefined, 'prod'),
    help: 'which of the stages that the files hold: `prod:desiredCount` counts before `desiredCount`, and `prod` stands in all names',
  },
  trafficPlane: {
    ...key(oneOf(planeNames), 'app-mesh', 'load-balancer'),
    inFile: true,
    help: 'what carries the weights',
    props: ['BlueGreenServiceProps.trafficPlane'],
  },
  appName: {
    ...key(serviceNameType, 'sample', 'sample'),
    help: 'names the service and the stack; another name is another app',
    props: ['BlueGreenServiceProps.serviceName'],
  },
  appPort: {
    ...key<number>(portType, serviceDefaults.port, '8080'),
    perSlot: true,
    help: 'TCP port on which the app container listens',
    props: ['BlueGreenServiceProps.port', 'BlueGreenSlotProps.port'],
  },
  appMemory: {
    ...keyByPlane<number | undefined>(containerMemoryType, (plane) => planeLimits[plane].appMemory, '256'),
    perSlot: true,
    help: 'hard memory limit of the app container in MiB; with none it may use what the task has',
    props: ['BlueGreenServiceProps.appMemoryLimitMiB', 'BlueGreenSlotProps.appMemoryLimitMiB'],
  },
  healthcheckPath: {
    ...key<string>(healthCheckPathType, serviceDefaults.healthCheckPath, '/health'),
    perSlot: true,
    help: 'path of the HTTP health check; an answer of 200 means healthy',
    props: ['BlueGreenServiceProps.healthCheckPath', 'BlueGreenSlotProps.healthCheckPath'],
  },
  appCommand: {
    ...key<readonly string[] | undefined>(commandWords, undefined, '/app/server'),
    perSlot: true,
    help: 'command of the app container; without, that of the image',
    props: ['BlueGreenServiceProps.command', 'BlueGreenSlotProps.command'],
  },
  appHealthCheckCommand: {
    ...key<readonly string[] | undefined>(healthCheckCommand, undefined, '/app/healthy'),
    perSlot: true,
    help: 'command in the app container that says by 0 that it is healthy: ECS calls no task stable before; without, none, or that of the demo',
    props: ['BlueGreenServiceProps.healthCheckCommand', 'BlueGreenSlotProps.healthCheckCommand'],
  },
  healthcheckInterval: {
    ...keyByPlane<number>(healthCheckIntervalType, (plane) => planeLimits[plane].healthCheck.intervalSeconds, '10'),
    help: 'time from one health check of a task to the next, in seconds',
    props: ['BlueGreenServiceProps.healthCheck'],
  },
  healthcheckTimeout: {
    ...keyByPlane<number>(healthCheckTimeoutType, (plane) => planeLimits[plane].healthCheck.timeoutSeconds, '3'),
    help: 'how long an answer to the health check may take, in seconds; less than `healthcheckInterval`',
    props: ['BlueGreenServiceProps.healthCheck'],
  },
  healthcheckHealthyThreshold: {
    ...keyByPlane<number>(healthCheckThresholdType, (plane) => planeLimits[plane].healthCheck.healthyThreshold, '3'),
    help: 'good answers in a row after which a task counts as healthy',
    props: ['BlueGreenServiceProps.healthCheck'],
  },
  healthcheckUnhealthyThreshold: {
    ...keyByPlane<number>(healthCheckThresholdType, (plane) => planeLimits[plane].healthCheck.unhealthyThreshold, '3'),
    help: 'bad answers in a row after which ECS ends a task; on `app-mesh` it gets no requests any more',
    props: ['BlueGreenServiceProps.healthCheck'],
  },
  healthcheckGracePeriod: {
    ...key<number>(gracePeriodType, serviceDefaults.healthCheckGracePeriodSeconds, '120'),
    planes: ['load-balancer', 'lattice'],
    help: 'how long a new task may fail the health check before ECS ends it, in seconds',
    props: ['BlueGreenServiceProps.healthCheckGracePeriod'],
  },
  appEnvironment: {
    ...key(environmentVariables, {}, 'A=1,B=2'),
    perSlot: true,
    help: 'environment of the app container; `PORT` and `SLOT` are always set, and `{PORT}` and `{SLOT}` in a value stand for them',
    props: ['BlueGreenServiceProps.environment', 'BlueGreenSlotProps.environment'],
  },
  appSecrets: {
    ...key(secretReferences, {}, 'A=prod/db:password,B=/prod/key'),
    inFile: true,
    perSlot: true,
    help: 'secret variables of the app container, by where each is kept: a secret of Secrets Manager, with `:field` for one of its fields, or a parameter, whose name starts with `/`; or the ARN of either',
    props: ['BlueGreenServiceProps.secrets', 'BlueGreenSlotProps.secrets'],
  },
  appUser: {
    ...key<string | undefined>(containerUserType, undefined, '1000:1000'),
    perSlot: true,
    help: 'user of the app container; without, that of the image',
    props: ['BlueGreenServiceProps.user', 'BlueGreenSlotProps.user'],
  },
  appReadonlyRootFilesystem: {
    ...key<boolean>(booleanType, false, 'true'),
    perSlot: true,
    help: 'is the root file system of the app container read only; not together with `exec`',
    props: ['BlueGreenServiceProps.readonlyRootFilesystem', 'BlueGreenSlotProps.readonlyRootFilesystem'],
  },
  appStopTimeout: {
    type: (plane) => stopTimeoutType(leastStopTimeout(plane)),
    default: (plane) => planeLimits[plane].stopTimeout.usual,
    example: '100',
    perSlot: true,
    help: 'how long the app container has to end by itself after SIGTERM, in seconds',
    props: ['BlueGreenServiceProps.stopTimeout', 'BlueGreenSlotProps.stopTimeout'],
  },
  previewHeader: {
    ...keyByPlane<string | undefined>(previewHeaderType, (plane) => planeLimits[plane].previewHeader, 'x-slot'),
    help: 'request header that reaches a slot whatever its weight; the outputs have its value',
    props: [
      'LoadBalancerPlaneProps.previewHeader',
      'ListenerPlaneProps.previewHeader',
      'LatticePlaneProps.previewHeader',
      'AppMeshPlaneProps.previewHeader',
    ],
  },
  previewToken: {
    ...key<string | undefined>(previewTokenType, undefined, 'k3PzQ8vT2m'),
    help: "what stands behind the slot's label in the value of `previewHeader`; without, the last part of the stack's ARN",
    props: [
      'LoadBalancerPlaneProps.previewToken',
      'ListenerPlaneProps.previewToken',
      'LatticePlaneProps.previewToken',
      'AppMeshPlaneProps.previewToken',
    ],
  },
  previewPrincipals: {
    ...key<readonly string[] | undefined>(principalArns, undefined, 'arn:aws:iam::123456789012:role/tester'),
    planes: ['lattice'],
    help: 'ARNs of those that may send `previewHeader`, with `latticeAuthType=AWS_IAM`; without, everybody who may call',
    props: ['LatticePlaneProps.previewPrincipals'],
  },
  previewCidrs: {
    ...key<readonly string[] | undefined>(previewCidrsType, undefined, '203.0.113.0/24'),
    planes: ['load-balancer'],
    help: 'source addresses from which `previewHeader` is honoured on a public load balancer; without, the range of the VPC, whose own calls seldom come from it: name your address',
    props: ['LoadBalancerPlaneProps.previewCidrs', 'ListenerPlaneProps.previewCidrs'],
  },
  desiredCount: {
    ...key<number>(taskCountType, serviceDefaults.desiredCount, '2'),
    help: 'tasks of each slot without `maxTasks`, and of the gateway on `app-mesh`',
    props: ['BlueGreenServiceProps.desiredCount', 'AppMeshGatewayOptions.desiredCount'],
  },
  maxTasks: {
    ...key<number | undefined>(taskCountType, undefined, '10'),
    perSlot: true,
    help: 'tasks of a slot at most: with it, AWS starts and ends tasks as `scaleAtCpu` and `scaleAtRequests` say',
    props: ['BlueGreenServiceProps.scaling', 'BlueGreenSlotProps.scaling', 'SlotScaling.maxCapacity'],
  },
  minTasks: {
    ...key<number | undefined>(taskCountType, undefined, '2'),
    perSlot: true,
    help: `tasks of a slot at least, with \`maxTasks\`; without, ${scalingDefaults.minCapacity}`,
    props: ['BlueGreenServiceProps.scaling', 'BlueGreenSlotProps.scaling', 'SlotScaling.minCapacity'],
  },
  scaleAtCpu: {
    ...key<number | undefined>(scalingCpuType, undefined, '60'),
    perSlot: true,
    help: 'CPU that the tasks of a slot use on average, in percent of what they have: with more, tasks are added up to `maxTasks`',
    props: ['BlueGreenServiceProps.scaling', 'BlueGreenSlotProps.scaling', 'SlotScaling.targetCpuUtilizationPercent'],
  },
  scaleAtRequests: {
    ...key<number | undefined>(scalingRequestsType, undefined, '1000'),
    planes: ['load-balancer'],
    perSlot: true,
    help: 'requests per task and minute: with more, tasks are added up to `maxTasks`',
    props: ['BlueGreenServiceProps.scaling', 'BlueGreenSlotProps.scaling', 'SlotScaling.requestsPerTarget'],
  },
  maximumPercent: {
    ...key<number | undefined>(maximumPercentType, undefined, '200'),
    help: 'tasks of a slot while new ones take the place of old ones, in percent of `desiredCount`, or `minTasks` with `maxTasks`; without, the first of 125, 150 and 200 with which one more task can start',
    props: ['BlueGreenServiceProps.maxHealthyPercent'],
  },
  spotPercent: {
    ...key<number>(spotPercentType, 0, '50'),
    perSlot: true,
    help: 'share of the tasks of a slot on Fargate Spot, in percent, which AWS may take back; another share starts all tasks of the slot anew',
    props: ['BlueGreenServiceProps.capacityProviderStrategies', 'BlueGreenSlotProps.capacityProviderStrategies'],
  },
  exec: {
    ...key(booleanType, false, 'true'),
    help: 'may one go into a running container with ECS Exec; tasks that were there before cannot be entered',
    props: ['BlueGreenServiceProps.enableExecuteCommand'],
  },
  cpuArchitecture: {
    ...key<'X86_64' | 'ARM64'>(cpuArchitectureType, serviceDefaults.cpuArchitecture, 'ARM64'),
    perSlot: true,
    help: 'processor for which the images of a task are built',
    props: ['BlueGreenServiceProps.cpuArchitecture', 'BlueGreenSlotProps.cpuArchitecture'],
  },
  platformVersion: {
    ...key<string>(platformVersionType, serviceDefaults.platformVersion, '1.4.0'),
    perSlot: true,
    help: 'Fargate platform version',
    props: ['BlueGreenServiceProps.platformVersion', 'BlueGreenSlotProps.platformVersion'],
  },
  taskCpu: {
    ...keyByPlane<number>(oneOfNumbers(fargateCpuSizes), (plane) => planeLimits[plane].taskSize.cpu, '512'),
    perSlot: true,
    help: 'task size in CPU units',
    props: ['BlueGreenServiceProps.cpu', 'BlueGreenSlotProps.cpu'],
  },
  taskMemory: {
    ...keyByPlane<number>(wholeNumber(512, 122880), (plane) => planeLimits[plane].taskSize.memory, '1024'),
    perSlot: true,
    help: 'task size in MiB; only what Fargate offers with `taskCpu`',
    props: ['BlueGreenServiceProps.memoryLimitMiB', 'BlueGreenSlotProps.memoryLimitMiB'],
  },
  envoyImage: {
    ...key<string>(imageType, envoyDefaults.image, envoyDefaults.image),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'image of the Envoy sidecar and of the gateway',
    props: ['AppMeshPlaneProps.envoy', 'BlueGreenSlotProps.sidecars'],
  },
  envoyCpu: {
    ...key<number>(containerCpuType, envoyDefaults.cpu, '32'),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'CPU units of the Envoy sidecar',
    props: ['AppMeshPlaneProps.envoy', 'BlueGreenSlotProps.sidecars'],
  },
  envoyMemoryReservation: {
    ...key<number>(containerMemoryType, envoyDefaults.memoryReservationMiB, '256'),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'soft memory limit of the Envoy sidecar in MiB',
    props: ['AppMeshPlaneProps.envoy', 'BlueGreenSlotProps.sidecars'],
  },
  xrayImage: {
    ...key<string>(imageType, xrayDefaults.image, xrayDefaults.image),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'image of the X-Ray daemon',
    props: ['AppMeshPlaneProps.xray', 'BlueGreenSlotProps.sidecars'],
  },
  xrayCpu: {
    ...key<number>(containerCpuType, xrayDefaults.cpu, '32'),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'CPU units of the X-Ray daemon',
    props: ['AppMeshPlaneProps.xray', 'BlueGreenSlotProps.sidecars'],
  },
  xrayMemoryReservation: {
    ...key<number>(containerMemoryType, xrayDefaults.memoryReservationMiB, '256'),
    planes: ['app-mesh'],
    perSlot: true,
    help: 'soft memory limit of the X-Ray daemon in MiB',
    props: ['AppMeshPlaneProps.xray', 'BlueGreenSlotProps.sidecars'],
  },
  namespaceName: {
    ...key(namespaceNameType, 'svc.local', 'svc.local'),
    planes: ['app-mesh'],
    help: 'private DNS namespace, one per account and Region; the service is `<appName>.<namespaceName>`',
    props: ['AppMeshPlaneProps.namespace'],
  },
  ingress: {
    type: (plane) => oneOf<IngressName>(plane ? planeLimits[plane].ingress : ingressNames),
    default: (plane) => planeLimits[plane].ingress[0],
    example: 'internal',
    help: 'way in from outside',
    props: ['LoadBalancerPlaneProps.internetFacing', 'LatticePlaneProps.associateVpc', 'AppMeshPlaneProps.gateway'],
  },
  ingressCidrs: {
    ...key<readonly string[] | undefined>(ingressCidrsType, undefined, '10.0.0.0/8,192.0.2.0/24'),
    help: 'source addresses that may call; without, everywhere with `ingress=public`, the first range of the VPC with `internal`',
    props: ['LoadBalancerPlaneProps.ingressCidrs', 'LatticePlaneProps.ingressCidrs', 'AppMeshGatewayOptions.ingressCidrs'],
  },
  idleTimeout: {
    ...key<number>(idleTimeoutType, trafficDefaults.idleTimeoutSeconds, '120'),
    planes: ['load-balancer'],
    help: 'how long a connection may be silent before the load balancer closes it, in seconds; the app must keep its own open for longer',
    props: ['LoadBalancerPlaneProps.idleTimeout'],
  },
  deregistrationDelay: {
    ...key<number>(deregistrationDelayType, trafficDefaults.deregistrationDelaySeconds, '120'),
    planes: ['load-balancer'],
    help: 'how long a task that goes may still answer the requests that it has, in seconds; every step that stops tasks takes as long',
    props: ['LoadBalancerPlaneProps.deregistrationDelay', 'ListenerPlaneProps.deregistrationDelay'],
  },
  accessLogBucket: {
    ...key<string | undefined>(bucketNameType, undefined, 'access-logs-of-team'),
    inFile: true,
    planes: ['load-balancer'],
    help: 'S3 bucket in the same Region, to which the load balancer writes its access log; its policy must let it',
    props: ['LoadBalancerPlaneProps.accessLogs'],
  },
  accessLogPrefix: {
    ...key<string | undefined>(accessLogPrefixType, undefined, 'shop'),
    planes: ['load-balancer'],
    help: 'what the keys of the access log start with in `accessLogBucket`',
    props: ['LoadBalancerPlaneProps.accessLogs'],
  },
  domainName: {
    ...key<string | undefined>(domainNameType, undefined, 'shop.example.com'),
    inFile: true,
    planes: ['load-balancer', 'lattice'],
    help: 'name by which callers ask for the service, on a load balancer for no other; with `hostedZone` or `certificateArn`, where the app answers HTTPS itself',
    props: ['BlueGreenServiceProps.domainName'],
  },
  hostedZone: {
    ...key<string | undefined>(hostedZoneType, undefined, 'Z0123456789ABCDEFGHIJ'),
    inFile: true,
    planes: ['load-balancer', 'lattice'],
    help: 'id of the hosted zone of Route 53 that gets an alias record for `domainName`, and without `certificateArn`, in a public zone, the proof for a certificate',
    props: ['BlueGreenServiceProps.hostedZone'],
  },
  certificateArn: {
    ...key<string | undefined>(
      certificateArnType,
      undefined,
      'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    ),
    inFile: true,
    planes: ['load-balancer', 'lattice'],
    help: 'certificate for `domainName`, in the Region of the stack; a load balancer answers HTTPS on 443 with it and redirects 80 there',
    props: ['LoadBalancerPlaneProps.certificate', 'LatticePlaneProps.certificate'],
  },
  listenerArn: {
    ...key<string | undefined>(
      listenerArnType,
      undefined,
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shared/0123456789abcdef/0123456789abcdef',
    ),
    inFile: true,
    planes: ['load-balancer'],
    help: 'listener of a load balancer that is there already, in the VPC of `vpcId`; with `domainName`, or a `pathPrefix` of its own',
    props: ['ListenerPlaneProps.listener', 'ListenerPlaneProps.loadBalancer'],
  },
  pathPrefix: {
    ...key<string>(pathPrefixType, '/', '/shop'),
    help: 'what the paths of the requests to the service start with; the app gets them as they were asked for',
    props: ['BlueGreenServiceProps.pathPrefix'],
  },
  rulePosition: {
    ...key<number | undefined>(rulePositionType, undefined, '7'),
    planes: ['load-balancer'],
    help: 'position of the rules among those with equally deep paths; only for when AWS says that a priority is taken',
    props: ['BlueGreenServiceProps.rulePosition'],
  },
  latticeProtocol: {
    ...key(latticeProtocolType, 'HTTPS', 'HTTP'),
    planes: ['lattice'],
    help: 'how clients speak to the service: on 443 with a certificate of VPC Lattice, or of your own for `domainName`, or in plain text on 80',
    props: ['LatticePlaneProps.protocol'],
  },
  serviceNetworkId: {
    ...key<string | undefined>(serviceNetworkType, undefined, 'sn-0123456789abcdef0'),
    inFile: true,
    planes: ['lattice'],
    help: 'a service network that is there already, by its id, or by its ARN when another account shares it: a VPC can be in one only',
    props: ['LatticePlaneProps.serviceNetworkId'],
  },
  latticeAuthType: {
    ...key(latticeAuthTypeType, 'NONE', 'AWS_IAM'),
    planes: ['lattice'],
    help: 'who may call the service: anybody in the network, or principals of the account with signed requests',
    props: ['LatticePlaneProps.authType'],
  },
  latticePrefixListId: {
    ...key<string | undefined>(prefixListIdType, undefined, 'pl-0123456789abcdef0'),
    planes: ['lattice'],
    help: "VPC Lattice's managed prefix list, from which the tasks take requests; without, it is looked up with `vpcId`, else its link-local range",
    props: ['LatticePlaneProps.prefixListId'],
  },
  vpcId: {
    ...key<string | undefined>(
      text('VPC id', 'the id of a VPC', /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/, 21),
      undefined,
      'vpc-0123456789abcdef0',
    ),
    inFile: true,
    help: 'an existing VPC instead of a new one without NAT gateways',
    props: ['BlueGreenServiceProps.cluster'],
  },
  clusterName: {
    ...key<string | undefined>(clusterNameType, undefined, 'production'),
    inFile: true,
    help: 'an existing cluster instead of a new one, with the capacity providers of Fargate; with `vpcId`',
    props: ['BlueGreenServiceProps.cluster', 'AppMeshGatewayOptions.cluster'],
  },
  assignPublicIp: {
    ...key(booleanType, true, 'true'),
    help: 'public IP addresses for the tasks; `false` needs a VPC with a way out of its private subnets',
    props: ['BlueGreenServiceProps.assignPublicIp', 'AppMeshGatewayOptions.assignPublicIp'],
  },
  logRetentionDays: {
    ...key<number>(logRetentionType, serviceDefaults.logRetentionDays, '30'),
    help: 'how long CloudWatch Logs keeps the logs, in days',
    props: ['BlueGreenServiceProps.logRetention', 'LatticePlaneProps.logRetention', 'AppMeshPlaneProps.logRetention'],
  },
  logGroupName: {
    ...key<string | undefined>(logGroupNameType, undefined, '/shop/app'),
    inFile: true,
    perSlot: true,
    help: 'an existing log group for what the app writes, instead of a new one',
    props: ['BlueGreenServiceProps.logGroup', 'BlueGreenSlotProps.logGroup'],
  },
  dashboard: {
    ...key(booleanType, true, 'false'),
    help: 'a CloudWatch dashboard of the service, and one of each slot',
  },
  alarms: {
    ...key(booleanType, true, 'false'),
    help: 'an alarm of the service on its share of errors, and of each slot on its errors and its tasks',
  },
  alarmTopicArn: {
    ...key<string | undefined>(
      text('ARN', 'the ARN of a standard topic of SNS', /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, 350),
      undefined,
      'arn:aws:sns:eu-central-1:123456789012:on-call',
    ),
    help: 'topic that is told when an alarm goes off, and when it is over; in the Region of the stack',
    props: ['ErrorAlarmProps.topic', 'EmptySlotAlarmProps.topic', 'ServiceAlarmProps.topic'],
  },
  guard: {
    ...key(booleanType, true, 'true'),
    help: 'does the stack refuse a deploy that takes a slot with requests away, or changes it; `false` only before the first deploy',
    props: ['BlueGreenServiceProps.guard'],
  },
  allowUnsafe: {
    ...key<string | undefined>(unsafeReasonType, undefined, '"green answers 500"'),
    help: 'why this one deploy goes through all the same; give it with `-c`, never in a file',
    props: ['BlueGreenServiceProps.allowUnsafe'],
  },
  protect: {
    ...key(booleanType, false, 'true'),
    help: 'neither the stack nor its load balancer can be deleted until a deploy has set it back',
    props: ['LoadBalancerPlaneProps.deletionProtection', 'AppMeshGatewayOptions.deletionProtection'],
  },
};

/** How a value of a key is given, to be shown in a message. */
export function exampleOf<T>(name: string, { example, inFile }: Key<T>): string {
  return inFile ? `"${name}": "${example}" in cdk.json` : `-c ${name}=${example}`;
}

/** The keys that can be given per slot. */
export const perSlotKeys = (Object.keys(appKeys) as (keyof AppSettings)[]).filter(
  (name): name is keyof PerSlotSettings => appKeys[name].perSlot === true,
);

/** A key that can be given per slot as it stands in the context for one slot, such as `greenTaskCpu`. */
export function perSlotKeyName(slot: SlotName, key: keyof PerSlotSettings): string {
  return `${slot}${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

/** A key of a slot as it stands in the context, such as `blueActive`. */
export function slotKeyName(slot: SlotName, key: keyof typeof slotKeys): string {
  return `${slot}${key}`;
}

/** The flags that hold the state of the slots; they live in `cdk.context.json`, every other key in `cdk.json`. */
export const stateKeyNames: readonly string[] = slotNames.flatMap((slot) => [
  slotKeyName(slot, 'Active'),
  slotKeyName(slot, 'Weight'),
]);

/** The keys that can be given per slot, for each slot. They stand in no file until somebody needs them: without them the key of the app holds. */
export const perSlotKeyNames: readonly string[] = slotNames.flatMap((slot) =>
  perSlotKeys.map((key) => perSlotKeyName(slot, key)),
);

/** Every key of this app, as it stands in the context. */
export const keyNames: readonly string[] = [
  ...slotNames.flatMap((slot) => (Object.keys(slotKeys) as (keyof typeof slotKeys)[]).map((key) => slotKeyName(slot, key))),
  ...perSlotKeyNames,
  ...Object.keys(appKeys),
];

function key<T>(type: ValueType<T>, defaultValue: T, example: string): Omit<Key<T>, 'help'> {
  return keyByPlane(type, () => defaultValue, example);
}

function keyByPlane<T>(type: ValueType<T>, defaultOf: Key<T>['default'], example: string): Omit<Key<T>, 'help'> {
  return { type: () => type, default: defaultOf, example };
}

function leastStopTimeout(plane: PlaneName | undefined): number {
  return plane
    ? planeLimits[plane].stopTimeout.least
    : Math.min(...planeNames.map((name) => planeLimits[name].stopTimeout.least));
}

// Without a known plane the widest range holds: its own error says enough.
function weightType(plane: PlaneName | undefined): ValueType<number> {
  const max = plane ? planeLimits[plane].maxWeight : Math.max(...Object.values(planeLimits).map(({ maxWeight }) => maxWeight));
  return { ...wholeNumber(0, max), expected: weightRange(max) };
}
