import {
  type aws_certificatemanager as acm,
  Duration,
  aws_ec2 as ec2,
  aws_elasticloadbalancingv2 as elbv2,
  aws_iam as iam,
  Stack,
  type aws_s3 as s3,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type IngressName, planeLimits } from '../release/plane-limits';
import { trafficDefaults } from '../release/service-defaults';
import { idByScheme, ingressSources } from './load-balancer-scheme';
import { LoadBalancerService, type ServingLoadBalancer } from './load-balancer-service';
import { PathPrefixes } from './path-prefixes';
import { lastPriority, RulePriorities } from './rule-priorities';
import { loadBalancerSubnets } from './subnets';
import type { RoutedApp, ServiceTraffic, TrafficPlane } from './traffic-plane';

/** Where a load balancer writes down each request. */
export interface AccessLogs {
  /** A bucket in the same Region. One of the same app gets the policy that lets the load balancer write; another one must have it. */
  readonly bucket: s3.IBucket;

  /**
   * What the keys start with: up to 128 letters, digits and `/_.-`, without `AWSLogs`.
   *
   * @default - nothing: they start with `AWSLogs`
   */
  readonly prefix?: string;
}

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
   * Certificate with which the load balancer answers HTTPS on 443, and redirects 80 there. Each service then needs a `domainName`, for
   * which the certificate holds.
   *
   * @default - HTTP on 80
   */
  readonly certificate?: acm.ICertificate;

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
   * Where the load balancer writes down each request.
   *
   * @default - nowhere
   */
  readonly accessLogs?: AccessLogs;

  /**
   * Whether the load balancer refuses to be deleted, by a stack as well.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;
}

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
    const { vpc, internetFacing, certificate } = props;
    this.given = {
      ingressCidrs: props.ingressCidrs,
      certificate: certificate?.certificateArn,
      accessLogBucket: props.accessLogs?.bucket.bucketName,
      accessLogPrefix: props.accessLogs?.prefix,
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
    for (const port of certificate ? [80, 443] : [80]) {
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

    if (props.accessLogs) {
      writeAccessLogs(this.loadBalancer, props.accessLogs);
    } else {
      // AWS leaves an attribute that is not named as it is.
      this.loadBalancer.setAttribute('access_logs.s3.enabled', 'false');
    }

    const noService = elbv2.ListenerAction.fixedResponse(404, {
      contentType: 'text/plain',
      messageBody: 'no service answers here',
    });
    const http = this.loadBalancer.addListener('Http', { port: 80, open: false, defaultAction: noService });
    if (certificate) {
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
        certificates: [certificate],
        sslPolicy: elbv2.SslPolicy.TLS13_12_RES_PQ,
        defaultAction: noService,
      });
    } else {
      this.listener = http;
    }
  }

  /**
   * @throws Error when another service has this path prefix under this domain name or these priorities already, when the path is too deep, or when the preview
   * rule would have too many conditions
   */
  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    this.pathPrefixes.claim(app.name, app.pathPrefix, app.domainName);
    return new LoadBalancerService(scope, this.serving, app, this.priorities.claim(app.name, app.pathPrefix, app.rulePosition));
  }

  private idOf(name: string): string {
    return idByScheme(name, this.scheme === 'public');
  }

  private get serving(): ServingLoadBalancer {
    const encrypted = this.listener.port === 443;
    return {
      loadBalancer: this.loadBalancer,
      loadBalancerFullName: this.loadBalancer.loadBalancerFullName,
      listener: this.listener,
      protocol: encrypted ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP,
      port: this.listener.port,
      wayIn: {
        loadBalancer: this.loadBalancer.loadBalancerArn,
        scheme: this.scheme,
        listener: encrypted ? 'HTTPS 443' : 'HTTP 80',
      },
      previewHeader: this.previewHeader,
      previewToken: this.previewToken,
      deregistrationDelay: this.deregistrationDelay,
      previewSources: () => this.previewCidrs,
      idOf: (name) => this.idOf(name),
    };
  }
}

/**
 * In words of the API, since the CDK asks for a Region, which it needs for Regions of old only.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function writeAccessLogs(loadBalancer: elbv2.ApplicationLoadBalancer, { bucket, prefix }: AccessLogs): void {
  if (bucket.encryptionKey) {
    throw new Error(
      'accessLogs.bucket: got one that is encrypted by a key of KMS, expected one with keys of S3, which a load balancer can write to',
    );
  }
  const { partition, account } = Stack.of(loadBalancer);
  const { policyDependable } = bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${prefix === undefined ? '' : `${prefix}/`}AWSLogs/${account}/*`)],
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${partition}:elasticloadbalancing:*:${account}:loadbalancer/*` },
      },
    }),
  );
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.setAttribute('access_logs.s3.prefix', prefix ?? '');
  // AWS writes a test object when it turns the log on.
  if (policyDependable) {
    loadBalancer.node.addDependency(policyDependable);
  }
}
