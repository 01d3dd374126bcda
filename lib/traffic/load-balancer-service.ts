import { Duration, aws_ec2 as ec2, type aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { IngressName } from '../release/plane-limits';
import { loadBalancerMetrics, targetGroupMetrics } from './load-balancer-metrics';
import { previewValue } from './preview-value';
import type {
  RequestTarget,
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SlotMetrics,
  SlotTraffic,
} from './traffic-plane';

/** Rules are tried in the order of their priority; a rule takes up to five values in its conditions. */
const maxConditionValues = 5;

// ECS registers each task with its own port, and a target group takes the one that is given there. This one would be create-only:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
const targetGroupPort = 80;

/** What a service needs to know of the load balancer that it is behind. */
export interface ServingLoadBalancer {
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Security group of the load balancer. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The listener that holds the rules. */
  readonly listener: elbv2.ApplicationListener;

  /** The URL of the load balancer. */
  readonly url: string;

  /** Where the load balancer is. */
  readonly scheme: IngressName;
  readonly previewHeader: string;
  readonly previewToken: string | undefined;

  /** From where the preview header is honoured; `undefined`: from anywhere. */
  readonly previewCidrs: readonly string[] | undefined;
  readonly deregistrationDelay: Duration;

  /** The id of what hangs on this load balancer. */
  idOf(name: string): string;
}

/** One service behind the load balancer. */
export class LoadBalancerService implements ServiceTraffic {
  readonly url: string;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  readonly metrics: ServiceMetrics;
  private readonly slots: LoadBalancerSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: ServingLoadBalancer,
    readonly app: RoutedApp,
    readonly firstPriority: number,
  ) {
    for (const port of app.ports) {
      app.securityGroup.connections.allowFrom(
        plane.securityGroup,
        ec2.Port.tcp(port),
        'requests and health checks of the load balancer',
      );
    }
    this.url = `${plane.url}${app.pathPrefix}`;
    this.wayIn = {
      loadBalancer: plane.loadBalancer.loadBalancerArn,
      scheme: plane.scheme,
      listener: `${plane.listener.port === 443 ? 'HTTPS' : 'HTTP'} ${plane.listener.port}`,
    };
    this.metrics = loadBalancerMetrics(plane.loadBalancer);
    this.names = { LoadBalancerName: plane.loadBalancer.loadBalancerFullName };
  }

  /** Path patterns of the requests to this service. */
  get pathPatterns(): string[] {
    const { pathPrefix } = this.app;
    return pathPrefix.endsWith('/') ? [`${pathPrefix}*`] : [pathPrefix, `${pathPrefix}/*`];
  }

  addSlot(scope: Construct, slot: RoutedSlot): SlotTraffic {
    const added = new LoadBalancerSlot(scope, this, slot);
    this.slots.push(added);
    return added;
  }

  addRoute(services: readonly ecs.FargateService[]): IConstruct {
    // On the level of CloudFormation: the CDK's own rule would join what the services wait for, and this one waits for them.
    const rule = new elbv2.CfnListenerRule(this.scope, 'ProductionRule', {
      listenerArn: this.plane.listener.listenerArn,
      priority: this.firstPriority + this.app.labels.length,
      conditions: [{ field: 'path-pattern', pathPatternConfig: { values: this.pathPatterns } }],
      actions: [
        {
          type: 'forward',
          forwardConfig: {
            targetGroups: this.slots.map(({ target, slot }) => ({
              targetGroupArn: target.targetGroupArn,
              weight: slot.weight,
            })),
          },
        },
      ],
    });
    rule.node.addDependency(...services);
    return rule;
  }
}

/** One slot behind the load balancer: a target group, tied to the listener by the slot's preview rule. */
class LoadBalancerSlot implements SlotTraffic {
  readonly targetName: string;
  readonly preview: string;
  readonly metrics: SlotMetrics;
  private readonly previewValue: string;
  readonly serviceName = undefined;
  readonly proxyConfiguration = undefined;
  readonly checksTasks = true;
  readonly target: elbv2.ApplicationTargetGroup;

  constructor(
    scope: Construct,
    private readonly traffic: LoadBalancerService,
    readonly slot: RoutedSlot,
  ) {
    const { app, plane } = traffic;
    this.previewValue = previewValue(slot.label, plane.previewToken);
    this.preview = `${plane.previewHeader}: ${this.previewValue}`;
    this.target = new elbv2.ApplicationTargetGroup(scope, plane.idOf('TargetGroup'), {
      vpc: app.cluster.vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      port: targetGroupPort,
      healthCheck: {
        path: slot.healthCheckPath,
        healthyHttpCodes: '200',
        healthyThresholdCount: app.healthCheck.healthyThreshold,
        unhealthyThresholdCount: app.healthCheck.unhealthyThreshold,
        timeout: Duration.seconds(app.healthCheck.timeoutSeconds),
        interval: Duration.seconds(app.healthCheck.intervalSeconds),
      },
      deregistrationDelay: plane.deregistrationDelay,
    });
    // ECS refuses a target group that no rule uses, and the weights must wait for ECS: this rule comes first, and the weights last.
    new elbv2.ApplicationListenerRule(scope, 'AssociationRule', {
      listener: plane.listener,
      priority: traffic.firstPriority + slot.index,
      conditions: this.previewConditions(),
      action: elbv2.ListenerAction.forward([this.target]),
    });
    this.targetName = this.target.targetGroupFullName;
    this.metrics = targetGroupMetrics(this.target);
  }

  extendTask(): void {
    // A task needs nothing besides the app.
  }

  attach(service: ecs.FargateService): void {
    service.attachToApplicationTargetGroup(this.target);
  }

  scaleOnRequests(tasks: ecs.ScalableTaskCount, target: RequestTarget): void {
    tasks.scaleOnRequestCount('Requests', { ...target, targetGroup: this.target });
  }

  private previewConditions(): elbv2.ListenerCondition[] {
    const { app, plane, pathPatterns } = this.traffic;
    const paths = app.pathPrefix === '/' ? [] : pathPatterns;
    const cidrs = plane.previewCidrs ?? [];
    if (1 + paths.length + cidrs.length > maxConditionValues) {
      throw new Error(
        `previewCidrs: got ${cidrs.length} blocks, expected at most ${maxConditionValues - 1 - paths.length} for ${app.name}, ` +
          `since a rule takes ${maxConditionValues} values in all; merge some blocks`,
      );
    }
    return [
      elbv2.ListenerCondition.httpHeader(plane.previewHeader, [this.previewValue]),
      ...(paths.length > 0 ? [elbv2.ListenerCondition.pathPatterns(paths)] : []),
      ...(cidrs.length > 0 ? [elbv2.ListenerCondition.sourceIps([...cidrs])] : []),
    ];
  }
}
