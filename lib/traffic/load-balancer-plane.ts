import { Duration, aws_ec2 as ec2, type aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { type IngressName, planeLimits } from '../release/plane-limits';
import { healthCheck } from './health-check';
import { loadBalancerMetrics, targetGroupMetrics } from './load-balancer-metrics';
import { PathPrefixes } from './path-prefixes';
import { loadBalancerSubnets } from './subnets';
import type {
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SlotMetrics,
  SlotTraffic,
  TrafficPlane,
} from './traffic-plane';

/** Properties of the load balancer plane. */
export interface LoadBalancerPlaneProps {
  readonly vpc: ec2.IVpc;

  /** Whether the load balancer is on the internet, or inside the VPC only. */
  readonly internetFacing: boolean;

  /**
   * ARN of a certificate in AWS Certificate Manager. With it the load balancer answers HTTPS on 443, and redirects 80 there.
   *
   * @default - HTTP on 80
   */
  readonly certificateArn?: string;

  /**
   * Request header that reaches a slot whatever its weight, with the slot's label as value.
   *
   * @default 'x-slot'
   */
  readonly previewHeader?: string;

  /**
   * Source addresses from which the preview header is honoured on an internet-facing load balancer, as CIDR blocks. Anybody can send
   * a header; an internal load balancer trusts its network.
   *
   * @default - the range of the VPC
   */
  readonly previewCidrs?: readonly string[];
}

/** Rules are tried in the order of their priority; a rule takes up to five values in its conditions. */
const maxConditionValues = 5;

const slotsPerService = 2;

/**
 * An Application Load Balancer: the weights stand in one listener rule, over one target group per slot.
 *
 * Several services can share the load balancer under different path prefixes. Define new ones after the existing ones: the
 * priorities of the rules follow that order.
 */
export class LoadBalancerPlane extends Construct implements TrafficPlane {
  readonly planeName = 'load-balancer';
  readonly limits = planeLimits['load-balancer'];
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Security group of the load balancer. */
  readonly securityGroup: ec2.SecurityGroup;

  /** The listener that holds the rules. */
  readonly listener: elbv2.ApplicationListener;

  /** Request header that reaches a slot by its label. */
  readonly previewHeader: string;

  /** Where the load balancer is. */
  readonly scheme: IngressName;

  /** From where the preview header is honoured; `undefined`: from anywhere. */
  readonly previewCidrs: readonly string[] | undefined;

  private readonly pathPrefixes = new PathPrefixes('load balancer');

  constructor(scope: Construct, id: string, props: LoadBalancerPlaneProps) {
    super(scope, id);
    const { vpc, internetFacing, certificateArn } = props;
    this.scheme = internetFacing ? 'public' : 'internal';
    this.previewHeader = props.previewHeader ?? this.limits.previewHeader;
    this.previewCidrs = internetFacing ? (props.previewCidrs ?? [vpc.vpcCidrBlock]) : undefined;

    this.securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'load balancer',
      allowAllOutbound: false,
    });
    for (const port of certificateArn ? [80, 443] : [80]) {
      this.securityGroup.addIngressRule(
        internetFacing ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(vpc.vpcCidrBlock),
        ec2.Port.tcp(port),
        'requests from outside',
      );
    }

    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing,
      securityGroup: this.securityGroup,
      dropInvalidHeaderFields: true,
      vpcSubnets: loadBalancerSubnets(internetFacing),
    });

    const noService = elbv2.ListenerAction.fixedResponse(503, {
      contentType: 'text/plain',
      messageBody: 'no service answers here',
    });
    if (certificateArn) {
      this.loadBalancer.addListener('Http', {
        port: 80,
        open: false,
        defaultAction: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
      });
      this.listener = this.loadBalancer.addListener('Https', {
        port: 443,
        open: false,
        certificates: [elbv2.ListenerCertificate.fromArn(certificateArn)],
        sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
        defaultAction: noService,
      });
    } else {
      this.listener = this.loadBalancer.addListener('Http', { port: 80, open: false, defaultAction: noService });
    }
  }

  /** The URL of the load balancer. */
  get url(): string {
    return `${this.listener.port === 443 ? 'https' : 'http'}://${this.loadBalancer.loadBalancerDnsName}`;
  }

  /** @throws Error when another service has this path prefix already, or the preview rule would have too many conditions */
  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    return new LoadBalancerService(scope, this, app, this.pathPrefixes.claim(app.name, app.pathPrefix));
  }
}

/** One service behind the load balancer. */
class LoadBalancerService implements ServiceTraffic {
  readonly url: string;
  readonly wayIn: ServiceTraffic['wayIn'];
  readonly names: Readonly<Record<string, string>>;
  readonly metrics: ServiceMetrics;
  private readonly slots: LoadBalancerSlot[] = [];

  constructor(
    private readonly scope: Construct,
    readonly plane: LoadBalancerPlane,
    readonly app: RoutedApp,
    readonly position: number,
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

  /**
   * Priority of a rule of this service among the rules of its kind: the longer prefix comes first, since the first rule that matches
   * takes the request. A load balancer has room for 33 services with three rules each, so their positions fit between two lengths.
   */
  priority(last: number): number {
    return last - 100 * this.app.pathPrefix.length + slotsPerService * this.position;
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
      priority: this.priority(40000),
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
  readonly metrics: SlotMetrics;
  readonly proxyConfiguration = undefined;
  readonly checksTasks = true;
  readonly stopTimeout = undefined;
  readonly target: elbv2.ApplicationTargetGroup;

  constructor(
    scope: Construct,
    private readonly traffic: LoadBalancerService,
    readonly slot: RoutedSlot,
  ) {
    const { app, plane } = traffic;
    this.target = new elbv2.ApplicationTargetGroup(scope, 'TargetGroup', {
      vpc: app.cluster.vpc,
      targetType: elbv2.TargetType.IP,
      protocol: elbv2.ApplicationProtocol.HTTP,
      port: slot.port,
      healthCheck: {
        path: slot.healthCheckPath,
        healthyHttpCodes: '200',
        healthyThresholdCount: healthCheck.healthyThreshold,
        unhealthyThresholdCount: healthCheck.unhealthyThreshold,
        timeout: Duration.seconds(healthCheck.timeoutSeconds),
        interval: Duration.seconds(healthCheck.intervalSeconds),
      },
      // As long as ECS leaves a task to end by itself: with the usual 300 s every release step would wait five minutes.
      deregistrationDelay: Duration.seconds(30),
    });
    // ECS refuses a target group that no rule uses, and the weights must wait for ECS: this rule comes first, and the weights last.
    new elbv2.ApplicationListenerRule(scope, 'AssociationRule', {
      listener: plane.listener,
      priority: traffic.priority(20000) + slot.index,
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
      elbv2.ListenerCondition.httpHeader(plane.previewHeader, [this.slot.label]),
      ...(paths.length > 0 ? [elbv2.ListenerCondition.pathPatterns(paths)] : []),
      ...(cidrs.length > 0 ? [elbv2.ListenerCondition.sourceIps([...cidrs])] : []),
    ];
  }
}
