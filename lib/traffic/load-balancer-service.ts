import { Duration, aws_ec2 as ec2, type aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { pathPatterns, previewCidrsProblem } from '../release/rule-conditions';
import { loadBalancerMetrics, targetGroupMetrics } from './load-balancer-metrics';
import { previewValue } from './preview-value';
import type {
  AliasTarget,
  RequestTarget,
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SlotMetrics,
  SlotTraffic,
} from './traffic-plane';

// ECS registers each task with its own port, and a target group takes the one that is given there. This one would be create-only:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
const targetGroupPort = 80;

/** What a service needs to know of the load balancer that it is behind. */
export interface ServingLoadBalancer {
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;

  /** The last parts of its ARN, by which CloudWatch knows it. */
  readonly loadBalancerFullName: string;

  /** The listener that holds the rules. */
  readonly listener: elbv2.IApplicationListener;

  /** How clients speak to the listener, and on which port. */
  readonly protocol: elbv2.ApplicationProtocol;
  readonly port: number;

  /** How callers reach whatever is behind it, for the release guard. */
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly previewHeader: string;
  readonly previewToken: string | undefined;
  readonly deregistrationDelay: Duration;

  /** From where the preview header is honoured, for a service in this VPC; `undefined`: from anywhere. */
  previewSources(vpc: ec2.IVpc): readonly string[] | undefined;

  /** The id of what hangs on this load balancer. */
  idOf(name: string): string;
}

/** One service behind the load balancer. */
export class LoadBalancerService implements ServiceTraffic {
  readonly url: string;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  private readonly slots: LoadBalancerSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: ServingLoadBalancer,
    readonly app: RoutedApp,
    readonly firstPriority: number,
  ) {
    const { listener, loadBalancer, protocol, port } = plane;
    for (const appPort of app.ports) {
      // The listener's own security groups, which the CDK takes too when a slot registers: others would give the same rules twice.
      app.securityGroup.connections.allowFrom(listener, ec2.Port.tcp(appPort), 'requests and health checks of the load balancer');
    }
    const usualPort = protocol === elbv2.ApplicationProtocol.HTTPS ? 443 : 80;
    const host = app.domainName ?? loadBalancer.loadBalancerDnsName;
    this.url = `${protocol.toLowerCase()}://${host}${port === usualPort ? '' : `:${port}`}${app.pathPrefix}`;
    this.wayIn = plane.wayIn;
    this.names = { LoadBalancerName: plane.loadBalancerFullName };
  }

  // When it is asked for: of a load balancer that is imported it may not be known.
  get aliasTarget(): AliasTarget {
    const { loadBalancerDnsName, loadBalancerCanonicalHostedZoneId: hostedZoneId } = this.plane.loadBalancer;
    return { dnsName: `dualstack.${loadBalancerDnsName}`, hostedZoneId };
  }

  get metrics(): ServiceMetrics {
    return loadBalancerMetrics(this.plane.loadBalancer, this.plane.loadBalancerFullName);
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
      conditions: [
        { field: 'path-pattern', pathPatternConfig: { values: [...pathPatterns(this.app.pathPrefix)] } },
        ...(this.app.domainName === undefined
          ? []
          : [{ field: 'host-header', hostHeaderConfig: { values: [this.app.domainName] } }]),
      ],
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
  }

  get metrics(): SlotMetrics {
    return targetGroupMetrics(this.target);
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
    const { app, plane } = this.traffic;
    const cidrs = plane.previewSources(app.cluster.vpc) ?? [];
    const problem = previewCidrsProblem(cidrs, app);
    if (problem !== undefined) {
      throw new Error(problem);
    }
    return [
      elbv2.ListenerCondition.httpHeader(plane.previewHeader, [this.previewValue]),
      ...(app.domainName === undefined ? [] : [elbv2.ListenerCondition.hostHeaders([app.domainName])]),
      ...(app.pathPrefix === '/' ? [] : [elbv2.ListenerCondition.pathPatterns([...pathPatterns(app.pathPrefix)])]),
      ...(cidrs.length > 0 ? [elbv2.ListenerCondition.sourceIps([...cidrs])] : []),
    ];
  }
}
