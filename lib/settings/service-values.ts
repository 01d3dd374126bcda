import { cidrBlocks } from './cidr-blocks';
import { asWholeNumber, oneOf, oneOfNumbers, show, text, type ValueType, wholeNumber } from './value-type';

// What a service takes, whether it is said by a flag or by a property of the construct: one range and one wording for both.

/** Name of a service. It stands in physical names, of which some may have few characters. */
export const serviceNameType = label(40);

/** Name of a stage. It stands in physical names, behind that of the service. */
export const stageNameType = label(20);

/** Label of a slot. */
export const slotLabelType = label(20);

export const portType = wholeNumber(1, 65535);

/** Tasks per slot. */
export const taskCountType = wholeNumber(1, 5000);

/** Average load of a slot at which it gets more tasks, in percent of the CPU that its tasks have. */
export const scalingCpuType = wholeNumber(1, 100);

/** Requests to each task in a minute at which a slot gets more tasks. */
export const scalingRequestsType = wholeNumber(1, 1_000_000);

/** Tasks of a slot during a rollout, in percent of those that it has. From 200 on, all new ones start at once. */
export const maximumPercentType = wholeNumber(101, 200);

/** Time in which a new task may fail its health check, in seconds. */
export const gracePeriodType = wholeNumber(0, 86400);

/**
 * Path of a health check: what every plane takes. VPC Lattice has the fewest characters, a load balancer the shortest path; a `#` is
 * never sent.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-vpclattice-targetgroup-healthcheckconfig.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export const healthCheckPathType = text(
  'path',
  'a path of up to 1024 characters that starts with /, of letters, digits and @:%_+.~?&/=-',
  /^\/[\w@:%+.~?&/=-]*$/,
  1024,
);

/**
 * Path prefix of a service: what every plane takes. A load balancer takes patterns of up to 128 characters, of which `/*` are two, and
 * has priorities for so many parts.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-vpclattice-rule-pathmatchtype.html
 */
export const pathPrefixType = text(
  'path',
  'a path of up to 126 characters and 9 parts that starts with /, of letters, digits and @:_+.~&/-',
  /^(\/[\w@:+.~&-]*){1,9}\/?$/,
  126,
);

/** Position of the rules of a service among those with equally deep paths behind one load balancer. */
export const rulePositionType = wholeNumber(0, 832);

/**
 * Name of a service in DNS. A certificate takes no longer one.
 *
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
export const domainNameType = text(
  'domain name',
  'a lower-case domain name of up to 64 characters with a dot in it',
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
  64,
);

export const hostedZoneType = text('hosted zone id', 'the id of a hosted zone of Route 53', /^Z[A-Z0-9]+$/, 32);

export const listenerArnType = text(
  'ARN',
  'the ARN of a listener of an Application Load Balancer',
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener\/app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
  200,
);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketNameType = text(
  'bucket name',
  'the name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
  /^[a-z0-9](?!.*\.\.)[a-z0-9.-]+[a-z0-9]$/,
  63,
);

/**
 * What the keys of access logs start with.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export const accessLogPrefixType = text(
  'prefix',
  'a prefix of up to 128 letters, digits and /_.-, without AWSLogs, and without / at its ends',
  /^(?!.*AWSLogs)[\w.-]+(\/[\w.-]+)*$/,
  128,
);

/** Time from one health check to the next, in seconds. Every plane takes these. */
export const healthCheckIntervalType = wholeNumber(5, 300);

/** Time in which a health check must be answered, in seconds; less than the interval. Every plane takes these. */
export const healthCheckTimeoutType = wholeNumber(2, 60);

/** Answers in a row that make a task healthy, or sick. Every plane takes these. */
export const healthCheckThresholdType = wholeNumber(2, 10);

/** What is wrong with a timeout and an interval together; `undefined`: nothing. */
export function healthCheckTimeProblem(
  timeout: { readonly name: string; readonly value: number },
  interval: { readonly name: string; readonly value: number },
): string | undefined {
  return timeout.value < interval.value
    ? undefined
    : `${timeout.name}, ${interval.name}: got ${timeout.value} and ${interval.value}, expected a timeout that is shorter than the interval`;
}

/** Time for which a connection to a load balancer may be silent, in seconds. */
export const idleTimeoutType = wholeNumber(1, 4000);

/** Time for which a task that goes may still answer, in seconds. */
export const deregistrationDelayType = wholeNumber(0, 3600);

/**
 * Source addresses from which the preview header is honoured: as many as a load balancer takes in one condition.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export const previewCidrsType = cidrBlocks(3);

/**
 * Source addresses that may call. A security group has 60 rules: this leaves room for two ports.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export const ingressCidrsType = cidrBlocks(25);

/** What stands behind the label of a slot in the value of the preview header. */
export const previewTokenType = text('8-64 characters', '8 to 64 letters, digits and hyphens', /^[A-Za-z0-9-]{8,}$/, 64);

/** How clients speak to a service on VPC Lattice. */
export const latticeProtocolType = oneOf(['HTTPS', 'HTTP']);

/** A service network of VPC Lattice. */
export const serviceNetworkType = text(
  'service network',
  'the id or the ARN of a service network',
  /^(sn-[0-9a-z]{17}|arn:aws[a-z-]*:vpc-lattice:[a-z0-9-]+:\d{12}:servicenetwork\/sn-[0-9a-z]{17})$/,
  200,
);

/** Share of errors at which an alarm goes off, in percent. */
export const alarmThresholdType: Pick<ValueType<number>, 'expected' | 'parse'> = {
  expected: 'a number more than 0, up to 100',
  parse: (value) => (typeof value === 'number' && value > 0 && value <= 100 ? value : undefined),
};

/** Requests in a minute from which on an alarm counts that minute. */
export const alarmRequestsType = wholeNumber(1, 1_000_000);

/**
 * How long CloudWatch keeps logs, in days.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const logRetentionType = oneOfNumbers([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/**
 * Name of a log group in CloudWatch Logs.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
 */
export const logGroupNameType = text(
  'log group name',
  'the name of a log group: up to 512 letters, digits and ._/#-, without aws/ in front',
  /^(?!aws\/)[\w./#-]+$/,
  512,
);

/**
 * Name of an ECS cluster.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
 */
export const clusterNameType = text(
  'cluster name',
  'the name of an ECS cluster: up to 255 letters, digits, hyphens and underscores',
  /^[\w-]+$/,
  255,
);

/** CPU units of one container. */
export const containerCpuType = wholeNumber(1, 16384);

/** Memory of one container in MiB. */
export const containerMemoryType = wholeNumber(6, 122880);

/** Fargate platform version. */
export const platformVersionType = oneOf(['1.4.0', 'LATEST']);

/**
 * User of a container by name or number, with or without a group: what Docker takes.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const containerUserType: ValueType<string> = {
  expected: 'a user such as 1000, 1000:1000, app or app:app, of names of up to 32 characters and numbers up to 2147483647',
  kind: 'user or user:group',
  parse: (value) => {
    const parts = typeof value === 'string' ? value.split(':') : [`${asWholeNumber(value) ?? ''}`];
    return parts.length <= 2 && parts.every(isUserOrGroup) ? parts.join(':') : undefined;
  },
};

function isUserOrGroup(part: string): boolean {
  return /^\d+$/.test(part) ? /^(0|[1-9]\d*)$/.test(part) && Number(part) <= 2147483647 : /^[A-Za-z_][\w.-]{0,31}$/.test(part);
}

/** What is wrong with a user on a plane whose sidecars have users of their own; `undefined`: nothing. */
export function reservedUserProblem(
  { name, value }: { readonly name: string; readonly value: string },
  plane: string,
  reservedUserIds: readonly number[],
): string | undefined {
  return reservedUserIds.some((id) => value.split(':')[0] === `${id}`)
    ? `${name}: got ${show(value)}, expected a user other than ${reservedUserIds.join(', ')}, whose requests pass by the sidecar on ${plane}`
    : undefined;
}

/** Time that a task has to end by itself, in seconds: from the shortest that a plane allows to the longest that Fargate gives. */
export function stopTimeoutType(least: number): ValueType<number> {
  return wholeNumber(least, 120);
}

/** Processor for which an image is built. */
export const cpuArchitectureType = oneOf(['X86_64', 'ARM64']);

/** Share of the tasks on Fargate Spot, in percent. */
export const spotPercentType = wholeNumber(0, 100);

/**
 * What is wrong with a root file system that is read only, in a service into whose containers one goes; `undefined`: nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export function execProblem(
  readonlyRootFilesystem: { readonly name: string; readonly value: boolean | undefined },
  exec: { readonly name: string; readonly value: boolean | undefined },
): string | undefined {
  return readonlyRootFilesystem.value && exec.value
    ? `${readonlyRootFilesystem.name}, ${exec.name}: got true and true, expected one of them at most, since ECS Exec writes to the root ` +
        'file system'
    : undefined;
}

/** Request header that reaches a slot. A load balancer and VPC Lattice take names of up to 40 characters. */
export const previewHeaderType = text(
  'header name',
  'the name of an HTTP header in letters, digits and hyphens, up to 40 characters',
  /^(?!host$)[a-z0-9-]+$/i,
  40,
);

export const certificateArnType = text(
  'ARN',
  'the ARN of a certificate in AWS Certificate Manager',
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
  2048,
);

export const prefixListIdType = text('prefix list id', 'the id of a prefix list', /^pl-[0-9a-f]{8,17}$/, 20);

/** Characters of the name of a private DNS namespace. */
export const longestNamespaceName = 200;

/** Name of a private DNS namespace. */
export const namespaceNameType = text(
  'DNS name',
  'a lower-case DNS name',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
  longestNamespaceName,
);

/** Who may call a service on VPC Lattice. */
export const latticeAuthTypeType = oneOf(['NONE', 'AWS_IAM']);

/** What tells a version from another where its settings do not. */
export const versionType = text('1-100 characters', '1 to 100 printable ASCII characters', /^[ -~]+$/, 100);

/** Why a deploy goes through unguarded: said in one line to whoever looks for it later. */
export const unsafeReasonType = text(
  '5-200 characters',
  'a reason of 5 to 200 characters in one line',
  /^(?=\S)[^\p{C}\u2028\u2029]{5,}(?<=\S)$/u,
  200,
);

function label(maxLength: number) {
  return text(
    `1-${maxLength} characters`,
    `1 to ${maxLength} lower-case letters, digits and single hyphens, a letter first and no hyphen last`,
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    maxLength,
  );
}

/** Principals of IAM: a list in a JSON file, or separated by commas. */
export const principalArns: ValueType<readonly string[]> = {
  expected: '1 to 10 different ARNs of IAM roles or users, separated by commas',
  kind: '1-10 ARNs',
  parse: (value) => {
    const arns: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
    return arns.length >= 1 && arns.length <= 10 && new Set(arns).size === arns.length && arns.every(isPrincipal)
      ? arns
      : undefined;
  },
};

function isPrincipal(value: unknown): value is string {
  return typeof value === 'string' && /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,576}$/.test(value);
}
