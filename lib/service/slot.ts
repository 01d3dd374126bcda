import { Duration, type aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, Lazy, type aws_logs as logs, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { withPlaceholders } from '../settings/environment-variables';
import { waitForCapacity } from '../traffic/capacity';
import { containerLog } from '../traffic/container-log';
import { ecsServiceDefaults } from '../traffic/ecs-service-defaults';
import { taskSubnets } from '../traffic/subnets';
import { taskPrincipal } from '../traffic/task-principals';
import type { RoutedApp, ServiceMetrics, ServiceTraffic, SlotMetrics, SlotTraffic } from '../traffic/traffic-plane';
import { type SlotScaling, scaleTasks } from './slot-scaling';
import type { Version } from './version';

/** What the tasks of all slots have in common. */
export interface SlotTaskProps {
  /** Tasks of a slot that does not scale. */
  readonly desiredCount: number;

  /** Tasks of a slot during a rollout, in percent; `undefined`: as few as let it go on. */
  readonly maxHealthyPercent: number | undefined;

  /** How long a new task may fail the health check of the traffic plane. */
  readonly healthCheckGracePeriod: Duration;

  /** Whether the tasks get public IP addresses. */
  readonly assignPublicIp: boolean;

  /** Subnets of the tasks; `undefined`: those that fit `assignPublicIp`. */
  readonly vpcSubnets: ec2.SubnetSelection | undefined;

  /** Whether one may go into a running container. */
  readonly enableExecuteCommand: boolean;

  /** Log group of the app containers, unless the version has another. */
  readonly logGroup: logs.ILogGroup;
}

/** Properties of a slot. */
export interface SlotProps {
  readonly app: RoutedApp;
  readonly task: SlotTaskProps;

  /** The service on its traffic plane. */
  readonly traffic: ServiceTraffic;

  /** Label of the slot in physical names. */
  readonly label: string;

  /** Position of the slot among all slots of the service, active or not. */
  readonly index: number;

  /** Relative share of the requests. */
  readonly weight: number;

  /** Image of the app container. */
  readonly image: ecs.ContainerImage;

  /** What the tasks run with, besides the image. */
  readonly settings: Version;

  /** What the user calls this version; `undefined` when nothing was said. */
  readonly version: string | undefined;

  /** What the user adds to the task definition; `undefined`: nothing. */
  readonly extendTask: ((task: ecs.FargateTaskDefinition) => void) | undefined;

  /** How the slot scales; `undefined`: it has `desiredCount` tasks. */
  readonly scaling: SlotScaling | undefined;
}

/** One version of the app: a task definition, the ECS service that runs it, and its target on the traffic plane. */
export class Slot extends Construct {
  /** Label of the slot in physical names. */
  readonly label: string;

  /** What the tasks run with, besides the image. */
  readonly settings: Version;

  /** What the user calls this version; `undefined` when nothing was said. */
  readonly version: string | undefined;

  /** Role of the tasks: of this slot only. */
  readonly taskRole: iam.Role;

  /** The app container, named `app`, and the sidecars of the traffic plane. */
  readonly taskDefinition: ecs.FargateTaskDefinition;

  /** Keeps the tasks running. */
  readonly service: ecs.FargateService;

  /** What starts and ends tasks as the load asks for, to add further policies to; `undefined` when the slot does not scale. */
  readonly taskCount: ecs.ScalableTaskCount | undefined;

  /** The slot on its traffic plane. */
  readonly traffic: SlotTraffic;

  private readonly serviceTraffic: ServiceTraffic;

  constructor(scope: Construct, id: string, props: SlotProps) {
    super(scope, id);
    const { app, task, label, index, weight, settings, scaling } = props;
    const { port, healthCheckPath, sidecars } = settings;

    this.label = label;
    this.settings = settings;
    this.version = props.version;
    this.traffic = props.traffic.addSlot(this, {
      label,
      index,
      weight,
      port,
      healthCheckPath,
      sidecars,
    });
    this.serviceTraffic = props.traffic;

    this.taskRole = new iam.Role(this, 'TaskRole', { assumedBy: taskPrincipal(this) });
    this.taskDefinition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: `${app.name}-${label}`,
      cpu: settings.cpu,
      memoryLimitMiB: settings.memoryLimitMiB,
      taskRole: this.taskRole,
      executionRole: app.executionRole,
      proxyConfiguration: this.traffic.proxyConfiguration,
      // Said here, since ECS would take one that is left out for X86_64, whatever the image is built for.
      runtimePlatform: {
        cpuArchitecture: settings.cpuArchitecture,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
    });
    const told = { PORT: `${port}`, SLOT: label };
    const container = this.taskDefinition.addContainer('app', {
      image: props.image,
      memoryLimitMiB: settings.appMemoryLimitMiB,
      command: settings.command && [...settings.command],
      healthCheck: settings.healthCheckCommand && ownHealthCheck(settings.healthCheckCommand, this.traffic.checksTasks),
      stopTimeout: settings.stopTimeout,
      user: settings.user,
      readonlyRootFilesystem: settings.readonlyRootFilesystem,
      secrets: settings.secrets,
      portMappings: [{ name: 'app', containerPort: port }],
      environment: { ...withPlaceholders(settings.environment, told), ...told },
      logging: containerLog(settings.logGroup ?? task.logGroup, label),
    });
    this.traffic.extendTask(this.taskDefinition, container);
    props.extendTask?.(this.taskDefinition);

    const { subnets, internetConnectivityEstablished } = taskSubnets(app.cluster.vpc, task.assignPublicIp, task.vpcSubnets);
    this.service = new ecs.FargateService(this, 'Service', {
      ...ecsServiceDefaults,
      cluster: app.cluster,
      serviceName: this.traffic.serviceName,
      taskDefinition: this.taskDefinition,
      capacityProviderStrategies: settings.capacityProviderStrategies && [...settings.capacityProviderStrategies],
      // CloudFormation would set it back with every update of the service.
      desiredCount: scaling ? undefined : task.desiredCount,
      platformVersion: settings.platformVersion,
      enableExecuteCommand: task.enableExecuteCommand,
      assignPublicIp: task.assignPublicIp,
      vpcSubnets: { subnets },
      securityGroups: [app.securityGroup],
      healthCheckGracePeriod: this.traffic.checksTasks ? task.healthCheckGracePeriod : undefined,
      // How many tasks a slot that scales has is not known here; ECS takes the percentage of those that are there.
      maxHealthyPercent: task.maxHealthyPercent ?? (scaling ? 200 : rollingMaximum(task.desiredCount)),
    });
    // On the ECS service alone: its tasks get them too, and they can be changed there without a replacement.
    const onService = { includeResourceTypes: [ecs.CfnService.CFN_RESOURCE_TYPE_NAME] };
    Tags.of(this.service).add('service', app.name, onService);
    Tags.of(this.service).add('slot', label, onService);
    // What a task needs in order to start at all must be there before the first one starts.
    this.service.node.addDependency(app.executionRole, internetConnectivityEstablished);
    waitForCapacity(this.service, app.cluster, settings.capacityProviderStrategies);
    this.traffic.attach(this.service);
    this.taskCount = scaling && scaleTasks(this.service, this.traffic, scaling);
    emptyListsOfOtherPlanes(this.service.node.defaultChild as ecs.CfnService);
  }

  /** What CloudWatch knows of the requests to this slot. */
  get metrics(): SlotMetrics {
    return this.traffic.metrics;
  }

  /** What CloudWatch knows of the requests to the service as a whole. */
  get serviceMetrics(): ServiceMetrics {
    return this.serviceTraffic.metrics;
  }
}

// A slow start is for the plane's check to end, where it ends tasks: then this one has the longest time that ECS gives. The first good
// answer ends it. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
function ownHealthCheck(command: readonly string[], checksTasks: boolean): ecs.HealthCheck {
  return {
    command: [...command],
    interval: Duration.seconds(10),
    timeout: Duration.seconds(5),
    retries: 3,
    startPeriod: Duration.minutes(checksTasks ? 5 : 1),
  };
}

/**
 * Writes down where the tasks are not registered: a list that is not there leaves a service as it is, so that after a move to another
 * traffic plane its tasks would still register on the old one.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
 */
function emptyListsOfOtherPlanes(service: ecs.CfnService): void {
  for (const list of ['loadBalancers', 'serviceRegistries', 'vpcLatticeConfigurations'] as const) {
    const registered = service[list];
    service[list] = Lazy.uncachedAny({ produce: (context) => context.resolve(registered) ?? [] });
  }
}

/**
 * The smallest usual maximum that lets at least one new task start beside the running ones: ECS rounds it down to whole tasks.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/best-practices.html
 */
function rollingMaximum(count: number): number {
  return [125, 150].find((percent) => Math.floor((count * percent) / 100) > count) ?? 200;
}
