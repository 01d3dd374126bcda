import { type Duration, type aws_ec2 as ec2, aws_ecs as ecs, aws_iam as iam, type aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { withPlaceholders } from '../settings/environment-variables';
import { containerLog } from '../traffic/container-log';
import { taskSubnets } from '../traffic/subnets';
import type { RoutedApp, ServiceMetrics, ServiceTraffic, SlotMetrics, SlotTraffic } from '../traffic/traffic-plane';

/** What the tasks of all slots have in common. */
export interface SlotTaskProps {
  /** Task size in CPU units. */
  readonly cpu: number;

  /** Task size in MiB. */
  readonly memoryLimitMiB: number;

  /** Hard memory limit of the app container in MiB. */
  readonly appMemoryLimitMiB: number;

  /** Environment of the app container, with placeholders, besides `PORT` and `SLOT`. */
  readonly environment: Readonly<Record<string, string>>;

  /** Tasks per slot. */
  readonly desiredCount: number;

  readonly platformVersion: ecs.FargatePlatformVersion;

  /** How long a new task may fail the health check of the traffic plane. */
  readonly healthCheckGracePeriod: Duration;

  /** Whether the tasks get public IP addresses. */
  readonly assignPublicIp: boolean;

  /** Subnets of the tasks; `undefined`: those that fit `assignPublicIp`. */
  readonly vpcSubnets: ec2.SubnetSelection | undefined;

  /** Log group of the app containers. */
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
}

/** One version of the app: a task definition, the ECS service that runs it, and its target on the traffic plane. */
export class Slot extends Construct {
  /** Label of the slot in physical names. */
  readonly label: string;

  /** Role of the tasks: of this slot only. */
  readonly taskRole: iam.Role;

  /** The app container, named `app`, and the sidecars of the traffic plane. */
  readonly taskDefinition: ecs.FargateTaskDefinition;

  /** Keeps the tasks running. */
  readonly service: ecs.FargateService;

  /** Name of the ECS service. */
  readonly serviceName: string;

  /** The slot on its traffic plane. */
  readonly traffic: SlotTraffic;

  /** What CloudWatch knows of the requests to this slot. */
  readonly metrics: SlotMetrics;

  /** What CloudWatch knows of the requests to the service as a whole. */
  readonly serviceMetrics: ServiceMetrics;

  constructor(scope: Construct, id: string, props: SlotProps) {
    super(scope, id);
    const { app, task, label, index, weight } = props;

    this.label = label;
    this.serviceName = `${app.name}-${label}`;
    this.traffic = props.traffic.addSlot(this, { label, index, weight, serviceName: this.serviceName });
    this.metrics = this.traffic.metrics;
    this.serviceMetrics = props.traffic.metrics;

    this.taskRole = new iam.Role(this, 'TaskRole', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    this.taskDefinition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: this.serviceName,
      cpu: task.cpu,
      memoryLimitMiB: task.memoryLimitMiB,
      taskRole: this.taskRole,
      executionRole: app.executionRole,
      proxyConfiguration: this.traffic.proxyConfiguration,
    });
    const told = { PORT: `${app.port}`, SLOT: label };
    const container = this.taskDefinition.addContainer('app', {
      image: props.image,
      memoryLimitMiB: task.appMemoryLimitMiB,
      stopTimeout: this.traffic.stopTimeout,
      portMappings: [{ name: 'app', containerPort: app.port }],
      environment: { ...withPlaceholders(task.environment, told), ...told },
      logging: containerLog(task.logGroup, label),
    });
    this.traffic.extendTask(this.taskDefinition, container);

    const { subnets, internetConnectivityEstablished } = taskSubnets(app.cluster.vpc, task.assignPublicIp, task.vpcSubnets);
    this.service = new ecs.FargateService(this, 'Service', {
      cluster: app.cluster,
      serviceName: this.serviceName,
      taskDefinition: this.taskDefinition,
      desiredCount: task.desiredCount,
      platformVersion: task.platformVersion,
      assignPublicIp: task.assignPublicIp,
      vpcSubnets: { subnets },
      securityGroups: [app.securityGroup],
      healthCheckGracePeriod: this.traffic.checksTasks ? task.healthCheckGracePeriod : undefined,
      circuitBreaker: { rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: rollingMaximum(task.desiredCount),
    });
    // What a task needs in order to start at all must be there before the first one starts.
    this.service.node.addDependency(app.executionRole, internetConnectivityEstablished);
    this.traffic.attach(this.service);
  }
}

/**
 * The smallest usual maximum that lets at least one new task start beside the running ones: ECS rounds it down to whole tasks.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/best-practices.html
 */
function rollingMaximum(desiredCount: number): number {
  return [125, 150].find((percent) => Math.floor((desiredCount * percent) / 100) > desiredCount) ?? 200;
}
