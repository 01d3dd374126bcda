import { Duration, aws_ec2 as ec2, type aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { type IngressName, planeLimits } from '../release/plane-limits';
import { trafficDefaults } from '../release/service-defaults';
import { loadBalancerMetrics, targetGroupMetrics } from './load-balancer-metrics';
import { idByScheme, ingressSources } from './load-balancer-scheme';
import { PathPrefixes } from './path-prefixes';
import { previewValue } from './preview-value';
import { lastPriority, RulePriorities } from './rule-priorities';
import { loadBalancerSubnets } from './subnets';
import type {
  RequestTarget,
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
   * Source addresses that may call the load balancer, as up to 25 CIDR blocks of IPv4.
   *
   * @default - everywhere on an internet-facing load balancer, the range of the VPC on an internal one
   */
  readonly ingressCidrs?: readonly string[];

  /**
   * ARN of a certificate in AWS Certificate Manager. With it the load balancer answers HTTPS on 443, and redirects 80 there.
   *
   * @default - HTTP on 80
   */
  readonly certificateArn?: string;

  /**
   * Request header that reaches a slot whatever its weight. Its value is the slot's label, a hyphen, and `previewToken`.
   *
   * @default 'x-slot'
   */
  readonly previewHeader?: string;

  /**
   * What stands behind the label in the value of the preview header, so that it cannot be guessed: 8 to 64 letters, digits and hyphens. It is
   * in the template for everybody to read who may see the stack.
   *
   * @default - the last part of the stack's ARN
   */
  readonly previewToken?: string;

  /**
   * Source addresses from which the preview header is honoured on an internet-facing load balancer, as CIDR blocks. Anybody can send
   * a header; an internal load balancer trusts its network.
   *
   * @default - the range of the VPC
   */
  readonly previewCidrs?: readonly string[];

  /**
   * How long a connection may be silent before the load balancer closes it, 1 second to 4000. An app that keeps its connections open
   * for less time than that closes some under a request, which the client sees as a 502.
   *
   * @default Duration.seconds(60)
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
   */
  readonly idleTimeout?: Duration;

  /**
   * How long a task that goes may still answer the requests that it has, 0 to 3600 seconds. ECS waits that long before it tells the
   * task to end, at every release step that stops tasks.
   *
   * @default Duration.seconds(30)
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
   */
  readonly deregistrationDelay?: Duration;

  /**
   * Whether the load balancer refuses to be deleted, by a stack as well.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;
}

/** Rules are tried in the order of their priority; a rule takes up to five values in its conditions. */
const maxConditionValues = 5;

// ECS registers each task with its own port, and a target group takes the one that is given there. This one would be create-only:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
const targetGroupPort = 80;

/**
 * An Application Load Balancer: the weights stand in one listener rule, over one target group per slot.
 *
 * Several services can share the load balancer under different path prefixes. Services may come and go in any order.
 */
export class LoadBalancerPlane extends Construct implements TrafficPlane {
  readonly planeName = 'load-balancer';
  readonly limits = planeLimits['load-balancer'];
  readonly given: Readonly<Record<string, unknown>>;
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Security group of the load balancer. */
  readonly securityGroup: ec2.SecurityGroup;

  /** The listener that holds the rules. */
  readonly listener: elbv2.ApplicationListener;

  /** Request header that reaches a slot whatever its weight. */
  readonly previewHeader: string;

  /** What stands behind the label in the value of the preview header; `undefined`: the last part of the stack's ARN. */
  readonly previewToken: string | undefined;

  /** Where the load balancer is. */
  readonly scheme: IngressName;

  /** From where the preview header is honoured; `undefined`: from anywhere. The peer of the connection counts, be it a proxy. */
  readonly previewCidrs: readonly string[] | undefined;

  /** How long a task that goes may still answer. */
  readonly deregistrationDelay: Duration;

  private readonly pathPrefixes = new PathPrefixes('load balancer');
  private readonly priorities = new RulePriorities();

  constructor(scope: Construct, id: string, props: LoadBalancerPlaneProps) {
    super(scope, id);
    const { vpc, internetFacing, certificateArn } = props;
    this.given = {
      ingressCidrs: props.ingressCidrs,
      certificateArn,
      previewHeader: props.previewHeader,
      previewToken: props.previewToken,
      previewCidrs: props.previewCidrs,
      idleTimeout: props.idleTimeout?.toSeconds({ integral: false }),
      deregistrationDelay: props.deregistrationDelay?.toSeconds({ integral: false }),
    };
    this.scheme = internetFacing ? 'public' : 'internal';
    this.previewHeader = props.previewHeader ?? this.limits.previewHeader;
    this.previewToken = props.previewToken;
    this.previewCidrs = internetFacing ? (props.previewCidrs ?? [vpc.vpcCidrBlock]) : undefined;

    this.deregistrationDelay = props.deregistrationDelay ?? Duration.seconds(trafficDefaults.deregistrationDelaySeconds);

    this.securityGroup = new ec2.SecurityGroup(this, this.idOf('SecurityGroup'), {
      vpc,
      description: 'load balancer',
      allowAllOutbound: false,
    });
    for (const port of certificateArn ? [80, 443] : [80]) {
      for (const source of ingressSources(props, vpc)) {
        this.securityGroup.addIngressRule(source, ec2.Port.tcp(port), 'requests from outside');
      }
    }

    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, this.idOf('LoadBalancer'), {
      vpc,
      internetFacing,
      idleTimeout: props.idleTimeout ?? Duration.seconds(trafficDefaults.idleTimeoutSeconds),
      deletionProtection: props.deletionProtection ?? false,
      securityGroup: this.securityGroup,
      dropInvalidHeaderFields: true,
      vpcSubnets: loadBalancerSubnets(internetFacing),
    });

    const noService = elbv2.ListenerAction.fixedResponse(404, {
      contentType: 'text/plain',
      messageBody: 'no service answers here',
    });
    const http = this.loadBalancer.addListener('Http', { port: 80, open: false, defaultAction: noService });
    if (certificateArn) {
      // A rule and not the default action: a service that leaves this listener, or comes back to it, has its own rules until others
      // are there. Not for ever, as browsers would keep it after the certificate is gone.
      new elbv2.ApplicationListenerRule(this, 'RedirectRule', {
        listener: http,
        priority: lastPriority,
        conditions: [elbv2.ListenerCondition.pathPatterns(['/*'])],
        action: elbv2.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: false }),
      });
      this.listener = this.loadBalancer.addListener('Https', {
        port: 443,
        open: false,
        certificates: [elbv2.ListenerCertificate.fromArn(certificateArn)],
        sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
        defaultAction: noService,
      });
    } else {
      this.listener = http;
    }
  }

  /** The URL of the load balancer. */
  get url(): string {
    return `${this.listener.port === 443 ? 'https' : 'http'}://${this.loadBalancer.loadBalancerDnsName}`;
  }

  /**
   * @throws Error when another service has this path prefix or these priorities already, when the path is too deep, or when the preview
   * rule would have too many conditions
   */
  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    this.pathPrefixes.claim(app.name, app.pathPrefix);
    return new LoadBalancerService(scope, this, app, this.priorities.claim(app.name, app.pathPrefix, app.rulePosition));
  }

  /** The id of what hangs on this load balancer. */
  idOf(name: string): string {
    return idByScheme(name, this.scheme === 'public');
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
