import { Duration, aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, aws_logs as logs, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import { describeSplit, weightRange, weightSumProblem } from '../release/weights';
import type { RoutedApp, ServiceTraffic, TrafficPlane } from '../traffic/traffic-plane';
import { Slot } from './slot';

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
   * Image of the app container. Should it take a grant to pull, as from a private ECR repository, grant it to the `executionRole` of
   * the service for both slots from the beginning: then turning a slot on leaves that role, which the other slot uses, as it is.
   */
  readonly image: ecs.ContainerImage;

  /**
   * Label of the slot in physical names, and the value of the preview header. Another label makes another slot.
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

  /** Name of the service, unique in the cluster and on the traffic plane. */
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
   * Path of the HTTP health check, starting with a slash.
   *
   * @default '/health'
   */
  readonly healthCheckPath?: string;

  /**
   * How long a new task may fail the health check of the traffic plane before ECS ends it. Of no effect on App Mesh.
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
   * Hard memory limit of the app container in MiB.
   *
   * @default 256
   */
  readonly appMemoryLimitMiB?: number;

  /**
   * Environment of the app container in a slot. `PORT` and `SLOT` are set whatever this returns.
   *
   * @default - nothing else
   */
  readonly environment?: (slot: { readonly label: string; readonly port: number }) => Readonly<Record<string, string>>;

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

/**
 * A service in two versions side by side, and one weighted route over them.
 *
 * Defines, for each active slot, a task definition, an ECS service on Fargate and a target on the traffic plane; and, for all slots
 * together, the route that holds the weights, a log group, an execution role and a security group.
 *
 * A change of weights changes the route and nothing else. Turning a slot on or off leaves the other slot as it is. The route waits
 * for the ECS services of the active slots, so that requests never move to tasks that are not stable.
 */
export class BlueGreenService extends Construct implements ec2.IConnectable {
  /** The active slots, by name. */
  readonly slots: Readonly<Partial<Record<SlotName, Slot>>>;

  /** The resource in which the weights stand. */
  readonly route: IConstruct;

  /** The service on its traffic plane. */
  readonly traffic: ServiceTraffic;

  /** Where a person reaches the service; `undefined` when the traffic plane has no way in from outside. */
  readonly url: string | undefined;

  /** How requests are split, in words, such as `blue 50 %, green 50 %`; without numbers when only the deploy knows a weight. */
  readonly split: string;

  /** Log group of the app containers. */
  readonly logGroup: logs.LogGroup;

  /** Role by which ECS pulls images and writes logs. Grant it what private images need. */
  readonly executionRole: iam.Role;

  /** Security group of the tasks. Admits the app's port from where the traffic plane's requests come, and nothing else. */
  readonly securityGroup: ec2.SecurityGroup;

  /**
   * Connections of the tasks, with the app's port as default port. In a mesh, admit its members only: others would come past the route.
   */
  readonly connections: ec2.Connections;

  /**
   * @throws Error when no slot is active, when a weight is not one that the traffic plane takes, when the slots have one label, or when
   * a port, a count or a path is out of range; all problems at once
   */
  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    const { trafficPlane } = props;
    const active = activeSlots(props);
    const problems = [...slotProblems(props, active), ...appProblems(props)];
    if (problems.length > 0) {
      throw new Error(`blue/green service ${props.serviceName}: ${problems.join('; ')}`);
    }

    this.logGroup = new logs.LogGroup(this, 'AppLogs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.executionRole = new iam.Role(this, 'ExecutionRole', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    this.logGroup.grantWrite(this.executionRole);
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.cluster.vpc,
      description: `tasks of ${props.serviceName}`,
    });

    const app: RoutedApp = {
      name: props.serviceName,
      port: props.port ?? 8080,
      healthCheckPath: props.healthCheckPath ?? '/health',
      pathPrefix: props.pathPrefix ?? '/',
      cluster: props.cluster,
      securityGroup: this.securityGroup,
      executionRole: this.executionRole,
    };
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.tcp(app.port) });
    this.traffic = trafficPlane.bind(this, app);
    this.url = this.traffic.url;

    const { taskSize } = planeLimits[trafficPlane.planeName];
    const task = {
      cpu: props.cpu ?? taskSize.cpu,
      memoryLimitMiB: props.memoryLimitMiB ?? taskSize.memory,
      appMemoryLimitMiB: props.appMemoryLimitMiB ?? 256,
      environment: props.environment ?? (() => ({})),
      desiredCount: props.desiredCount ?? 1,
      platformVersion: props.platformVersion ?? ecs.FargatePlatformVersion.VERSION1_4,
      healthCheckGracePeriod: props.healthCheckGracePeriod ?? Duration.minutes(1),
      assignPublicIp: props.assignPublicIp ?? false,
      vpcSubnets: props.vpcSubnets,
      logGroup: this.logGroup,
    };
    this.slots = Object.fromEntries(
      active.map(({ name, index, label, image, weight }) => [
        name,
        new Slot(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
          app,
          task,
          traffic: this.traffic,
          label,
          index,
          weight,
          image,
        }),
      ]),
    );
    this.route = this.traffic.addRoute(Object.values(this.slots).map(({ service }) => service));
    this.split = active.some(({ weight }) => Token.isUnresolved(weight))
      ? active.map(({ label }) => label).join(', ')
      : describeSplit(active.map(({ label, weight }) => ({ name: label, weight })));
  }
}

type ActiveSlot = BlueGreenSlotProps & { readonly name: SlotName; readonly index: number; readonly label: string };

function activeSlots(props: BlueGreenServiceProps): ActiveSlot[] {
  return slotNames
    .map((name, index) => ({ ...props.slots[name], name, index, label: props.slots[name].label ?? name }))
    .filter(({ active }) => active ?? true);
}

function slotProblems({ trafficPlane, slots }: BlueGreenServiceProps, active: readonly ActiveSlot[]): string[] {
  const { planeName } = trafficPlane;
  const { maxWeight } = planeLimits[planeName];
  const problems: string[] = [];

  if (active.length === 0) {
    problems.push('slots: got none active, expected at least one; set active of a slot to true');
  }
  // A token is a number that only the deploy knows: it cannot be checked here.
  const known = active.filter(({ weight }) => !Token.isUnresolved(weight));
  const wrong = known.filter(({ weight }) => !isWithin(weight, 0, maxWeight));
  problems.push(
    ...wrong.map(({ name, weight }) => `weight of ${name}: got ${weight}, expected ${weightRange(maxWeight)} on ${planeName}`),
  );
  if (active.length > 0 && known.length === active.length && wrong.length === 0) {
    const problem = weightSumProblem(
      planeName,
      known.map(({ name, weight }) => ({ name: `weight of ${name}`, weight })),
    );
    problems.push(...(problem ? [problem] : []));
  }
  const labels = slotNames.map((name) => slots[name].label ?? name);
  if (new Set(labels).size < labels.length) {
    problems.push(`label of ${slotNames.join(', ')}: got ${labels.join(', ')}, expected different ones`);
  }
  return problems;
}

function appProblems({ port, desiredCount, healthCheckPath, pathPrefix, trafficPlane }: BlueGreenServiceProps): string[] {
  const { reservedPorts } = planeLimits[trafficPlane.planeName];
  const problems: string[] = [];
  if (port !== undefined && (!isWithin(port, 1, 65535) || reservedPorts.includes(port))) {
    const except = reservedPorts.length > 0 ? ` other than ${reservedPorts.join(', ')}` : '';
    problems.push(`port: got ${port}, expected a whole number from 1 to 65535${except}`);
  }
  if (desiredCount !== undefined && !isWithin(desiredCount, 1, 5000)) {
    problems.push(`desiredCount: got ${desiredCount}, expected a whole number from 1 to 5000`);
  }
  if (healthCheckPath !== undefined && !Token.isUnresolved(healthCheckPath) && !/^\/[!-~]{0,1023}$/.test(healthCheckPath)) {
    problems.push(`healthCheckPath: got "${healthCheckPath}", expected a path that starts with / and has no spaces`);
  }
  // A load balancer takes patterns of up to 128 characters, in which * and ? stand for others.
  if (pathPrefix !== undefined && !/^\/[!-)+->@-~]{0,125}$/.test(pathPrefix)) {
    problems.push(
      `pathPrefix: got "${pathPrefix}", expected a path of up to 126 characters that starts with /, without *, ? and spaces`,
    );
  }
  return problems;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max);
}
