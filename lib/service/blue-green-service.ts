// The construct, its slots, and what watches them. It speaks of its properties; it knows no flags.

import { Annotations, Duration, aws_ec2 as ec2, aws_iam as iam, aws_logs as logs, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { ReleaseGuard } from '../guard/release-guard';
import { serviceDefaults } from '../release/service-defaults';
import { type SlotName, slotNames } from '../release/slots';
import { describeSplit } from '../release/weights';
import { executionPrincipal } from '../traffic/task-principals';
import type { RoutedApp, ServiceTraffic } from '../traffic/traffic-plane';
import { addAliasRecord } from './alias-record';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from './blue-green-service-props';
import { guardedState } from './guarded-state';
import { healthCheckOf } from './health-check';
import { NamedImage } from './named-image';
import { serviceProblems } from './service-problems';
import { Slot } from './slot';
import { scalingOf } from './slot-scaling';
import { versionOf } from './version';

/**
 * A service in two versions side by side, and one weighted route over them.
 *
 * Defines, for each active slot, a task definition, an ECS service on Fargate and a target on the traffic plane; and, for all slots
 * together, the route that holds the weights, a log group, an execution role and a security group.
 *
 * A change of weights changes the route, and the guard that let it through, and nothing else. Turning a slot on or off leaves the other
 * slot as it is. The route waits for the ECS services of the active slots, so that requests never move to tasks that are not stable. What
 * is changed in place waits for the guard, which refuses a deploy that takes a slot with requests away, or changes it.
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

  /** Refuses a deploy that would hurt; `undefined` when it is switched off. */
  readonly guard: ReleaseGuard | undefined;

  /** How requests are split, in words, such as `blue 50 %, green 50 %`; without numbers when only the deploy knows a weight. */
  readonly split: string;

  /** How long after a deploy a change of the split is in force everywhere, in seconds. */
  readonly settleSeconds: number;

  /** Log group of the app containers of slots that have none of their own. */
  readonly logGroup: logs.ILogGroup;

  /** Role by which ECS pulls images and writes logs. Grant it what private images need. */
  readonly executionRole: iam.Role;

  /** Security group of the tasks. Admits the ports of the slots from where the traffic plane's requests come, and nothing else. */
  readonly securityGroup: ec2.SecurityGroup;

  /**
   * Connections of the tasks, with the port of the service as default port. In a mesh, admit its members only: others would come past the route.
   */
  readonly connections: ec2.Connections;

  /**
   * @throws Error when no slot is active, when the weights are not what the traffic plane takes, when the slots have one label, when
   * Fargate has no task of this size or the containers do not fit into it, or when a name, a port, a count, a path, a variable, a
   * secret, a container option or a sidecar is not legal; all problems at once
   */
  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    const { trafficPlane } = props;
    const problems = serviceProblems(props);
    if (problems.length > 0) {
      throw new Error(`blue/green service ${props.serviceName}: ${problems.join('; ')}`);
    }
    const active = activeSlots(props);
    const versions = slotNames.map((name) => versionOf(props, name));

    this.logGroup = props.logGroup ?? this.newLogGroup(props);
    this.executionRole = new iam.Role(this, 'ExecutionRole', { assumedBy: executionPrincipal() });
    // For the logs, images and secrets of all slots, active or not: turning a slot on must not touch a role that the other slot uses. Before
    // the slots, whose containers ask for the same, so that the order is the same whichever are active.
    for (const logGroup of new Set([this.logGroup, ...versions.flatMap((version) => version.logGroup ?? [])])) {
      logGroup.grantWrite(this.executionRole);
    }
    const sidecars = versions.flatMap((version) => Object.values(version.sidecars));
    for (const { image } of [...Object.values(props.slots), ...sidecars]) {
      if (image instanceof NamedImage) {
        image.grantPull(this, this.executionRole);
      }
    }
    for (const secret of versions.flatMap(({ secrets }) => Object.values(secrets))) {
      secret.grantRead(this.executionRole);
    }
    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.cluster.vpc,
      description: `tasks of ${props.serviceName}`,
    });

    const app: RoutedApp = {
      name: props.serviceName,
      labels: slotNames.map((name) => props.slots[name].label ?? name),
      port: props.port ?? serviceDefaults.port,
      ports: [...new Set(versions.map(({ port }) => port))].sort((a, b) => a - b),
      pathPrefix: props.pathPrefix ?? '/',
      domainName: props.domainName,
      rulePosition: props.rulePosition,
      healthCheck: healthCheckOf(props),
      cluster: props.cluster,
      securityGroup: this.securityGroup,
      executionRole: this.executionRole,
    };
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.tcp(app.port) });
    this.traffic = trafficPlane.bind(this, app);
    this.url = this.traffic.url;
    this.settleSeconds = trafficPlane.limits.settleSeconds;

    const tasks = {
      desiredCount: props.desiredCount ?? serviceDefaults.desiredCount,
      maxHealthyPercent: props.maxHealthyPercent,
      healthCheckGracePeriod: props.healthCheckGracePeriod ?? Duration.seconds(serviceDefaults.healthCheckGracePeriodSeconds),
      assignPublicIp: props.assignPublicIp ?? false,
      vpcSubnets: props.vpcSubnets,
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      logGroup: this.logGroup,
    };
    this.slots = Object.fromEntries(
      active.map(({ name, index, label, image, weight, version }) => [
        name,
        new Slot(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
          app,
          task: tasks,
          traffic: this.traffic,
          label,
          index,
          weight,
          image,
          settings: versionOf(props, name),
          version,
          extendTask: props.extendTask && ((task) => props.extendTask?.(task, name)),
          scaling: scalingOf(props, name),
        }),
      ]),
    );
    this.route = this.traffic.addRoute(Object.values(this.slots).map(({ service }) => service));
    addAliasRecord(this, props, this.traffic, this.route);
    this.split = active.some(({ weight }) => Token.isUnresolved(weight))
      ? active.map(({ label }) => label).join(', ')
      : describeSplit(active.map(({ label, weight }) => ({ name: label, weight })));
    this.tellUnchecked(props);
    this.guard = this.addGuard(props);
  }

  /**
   * Allows somebody to call the service. It takes a permission on VPC Lattice with `AWS_IAM`, and none elsewhere. Grant it and let callers
   * sign their requests before you turn `AWS_IAM` on.
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.traffic.grantInvoke?.(grantee) ?? iam.Grant.drop(grantee, 'callers need no permission on this traffic plane');
  }

  private newLogGroup({ logRetention, logRemovalPolicy }: BlueGreenServiceProps): logs.LogGroup {
    return new logs.LogGroup(this, 'AppLogs', {
      retention: logRetention ?? serviceDefaults.logRetentionDays,
      // What a first deploy that fails has to say stands here, and nowhere else once it is rolled back.
      removalPolicy: logRemovalPolicy ?? RemovalPolicy.RETAIN,
    });
  }

  // Where ECS does not wait for the health check of the plane, only one of the container keeps a bad version from counting as stable.
  private tellUnchecked({ trafficPlane, settingNames }: BlueGreenServiceProps): void {
    const unchecked = slotNames.filter((name) => this.slots[name] && !this.slots[name].settings.healthCheckCommand);
    if (trafficPlane.limits.routeWaits || unchecked.length === 0) {
      return;
    }
    const names = unchecked.map(
      (name) => settingNames?.healthCheckCommand?.replace('{slot}', name) ?? `healthCheckCommand of ${name}`,
    );
    Annotations.of(this).addInfo(
      `${names.join(', ')}: got none, so ECS calls a task stable as soon as it runs: on ${trafficPlane.planeName} it does not wait until the ` +
        'task answers; name a command that finds that out in the container',
    );
  }

  // Everything that a deploy changes in place waits for it: when it refuses, nothing has been touched.
  private addGuard(props: BlueGreenServiceProps): ReleaseGuard | undefined {
    if (props.guard === false) {
      Annotations.of(this).addInfo(
        'guard: got false, so nothing refuses a deploy that takes a slot with requests away, or changes it',
      );
      return undefined;
    }
    const guard = new ReleaseGuard(this, 'Guard', {
      serviceName: props.serviceName,
      state: () => guardedState(props, this.slots, this.traffic.wayIn),
      allowUnsafe: props.allowUnsafe,
      settingNames: props.settingNames,
      logRetentionDays: props.logRetention ?? serviceDefaults.logRetentionDays,
    });
    guard.holdBack(this);
    if (Construct.isConstruct(props.trafficPlane)) {
      guard.holdBack(props.trafficPlane);
    }
    return guard;
  }
}

type ActiveSlot = BlueGreenSlotProps & { readonly name: SlotName; readonly index: number; readonly label: string };

function activeSlots(props: BlueGreenServiceProps): ActiveSlot[] {
  return slotNames
    .map((name, index) => ({ ...props.slots[name], name, index, label: props.slots[name].label ?? name }))
    .filter(({ active }) => active ?? true);
}
