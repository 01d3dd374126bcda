import { createHash } from 'node:crypto';
import { ArnFormat, Duration, type aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { trafficDefaults } from '../release/service-defaults';
import { LoadBalancerService, type ServingLoadBalancer } from './load-balancer-service';
import { PathPrefixes } from './path-prefixes';
import { RulePriorities } from './rule-priorities';
import type { RoutedApp, ServiceTraffic, TrafficPlane } from './traffic-plane';

/** Properties of the plane on a listener of one's own. */
export interface ListenerPlaneProps {
  /** The listener in which the rules of the services stand, beside those of others. */
  readonly listener: elbv2.IApplicationListener;

  /** The load balancer of the listener. Its security groups must let it reach the tasks. */
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;

  /**
   * How clients speak to the listener.
   *
   * @default - HTTPS on the ports 443 and 8443, HTTP on others
   */
  readonly protocol?: elbv2.ApplicationProtocol;

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
   * Source addresses from which the preview header is honoured, as up to 3 CIDR blocks.
   *
   * @default - the range of the VPC
   */
  readonly previewCidrs?: readonly string[];

  /**
   * How long a task that goes may still answer the requests that it has, 0 to 3600 seconds. ECS waits that long before it tells the
   * task to end, at every release step that stops tasks.
   *
   * @default Duration.seconds(30)
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
   */
  readonly deregistrationDelay?: Duration;
}

/** What the CDK has as the id of a VPC until it has asked the account, after a first synthesis. */
export const vpcNotLookedUp = 'vpc-12345';
const encryptedPorts = [443, 8443];

/**
 * A listener of an Application Load Balancer that is there already: the weights stand in one rule of it, over one target group per slot.
 *
 * It is the load balancer plane without a load balancer of its own: what the listener is, and who may call it, is for its owner to say.
 * Give each service a `domainName` or a `pathPrefix`, so that it takes no requests of others, and a `rulePosition` should a priority be
 * taken.
 */
export class ListenerPlane extends Construct implements TrafficPlane {
  readonly planeName = 'load-balancer';
  readonly limits = planeLimits['load-balancer'];
  readonly given: Readonly<Record<string, unknown>>;

  /** The listener in which the rules stand. */
  readonly listener: elbv2.IApplicationListener;

  /** The load balancer of the listener. */
  readonly loadBalancer: elbv2.IApplicationLoadBalancer;

  private readonly serving: ServingLoadBalancer;
  private readonly pathPrefixes = new PathPrefixes('listener');
  private readonly priorities = new RulePriorities();

  constructor(scope: Construct, id: string, props: ListenerPlaneProps) {
    super(scope, id);
    const { listener, loadBalancer, previewToken } = props;
    this.listener = listener;
    this.loadBalancer = loadBalancer;
    this.given = {
      previewHeader: props.previewHeader,
      previewToken,
      previewCidrs: props.previewCidrs,
      deregistrationDelay: props.deregistrationDelay?.toSeconds({ integral: false }),
    };
    const port = portOf(listener);
    this.serving = {
      loadBalancer,
      loadBalancerFullName: fullNameOf(loadBalancer),
      listener,
      protocol:
        props.protocol ?? (encryptedPorts.includes(port) ? elbv2.ApplicationProtocol.HTTPS : elbv2.ApplicationProtocol.HTTP),
      port,
      wayIn: { listenerArn: listener.listenerArn },
      previewHeader: props.previewHeader ?? this.limits.previewHeader,
      previewToken,
      deregistrationDelay: props.deregistrationDelay ?? Duration.seconds(trafficDefaults.deregistrationDelaySeconds),
      previewSources: (vpc) => props.previewCidrs ?? [vpc.vpcCidrBlock],
      // A target group cannot be on two load balancers, so that another one has others.
      idOf: (name) => `${name}-${shortNameOf(loadBalancer)}`,
    };
  }

  /**
   * @throws Error when the load balancer is in another VPC than the tasks, when the service has neither a domain name nor a path prefix, when another service has this path prefix under this domain
   * name or these priorities already, when the path is too deep, or when the preview rule would have too many conditions
   */
  bind(scope: Construct, app: RoutedApp): ServiceTraffic {
    refuseOtherVpc(this.loadBalancer.vpc, app);
    if (app.domainName === undefined && app.pathPrefix === '/') {
      throw new Error(
        `domainName, pathPrefix: got neither for ${app.name}, expected one of them, so that it takes no requests of others in the listener`,
      );
    }
    this.pathPrefixes.claim(app.name, app.pathPrefix, app.domainName);
    return new LoadBalancerService(scope, this.serving, app, this.priorities.claim(app.name, app.pathPrefix, app.rulePosition));
  }
}

function refuseOtherVpc(vpc: ec2.IVpc | undefined, app: RoutedApp): void {
  const [got, expected] = [vpc?.vpcId, app.cluster.vpc.vpcId];
  const known = got !== undefined && ![got, expected].some((id) => Token.isUnresolved(id) || id === vpcNotLookedUp);
  if (known && got !== expected) {
    throw new Error(
      `listener of ${app.name}: got one of a load balancer in ${got}, expected ${expected}, in which the tasks are; name a listener there`,
    );
  }
}

// The one thing that tells it for a listener that was made here and for one that was looked up.
function portOf({ connections }: elbv2.IApplicationListener): number {
  return connections.defaultPort?.toRuleJson().fromPort ?? 443;
}

function fullNameOf(loadBalancer: elbv2.IApplicationLoadBalancer): string {
  const { resourceName } = Stack.of(loadBalancer).splitArn(loadBalancer.loadBalancerArn, ArnFormat.SLASH_RESOURCE_NAME);
  return `${resourceName}`;
}

function shortNameOf({ loadBalancerArn, node }: elbv2.IApplicationLoadBalancer): string {
  const name = Token.isUnresolved(loadBalancerArn) ? node.addr : createHash('sha256').update(loadBalancerArn).digest('hex');
  return name.slice(0, 8);
}
