import { planeLimits } from '../../release/plane-limits';
import { LocalError } from '../local-error';
import { PropertyReader } from '../template/property-reader';
import type { Resource, Template } from '../template/template';
import { templateSlots } from '../template/template-slots';
import { slotOfTargetGroup } from './load-balancer';
import { readStatuses } from './statuses';
import type { RouteModel, TargetModel, TrafficModel } from './traffic-model';

const service = 'AWS::VpcLattice';

// https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html; how long a target drains stands nowhere and cannot be set:
// about a minute, https://github.com/aws/aws-application-networking-k8s/issues/582
const latticeDefaults = { connectTimeoutMs: 10_000, idleTimeoutMs: 60_000, drainMs: 60_000 };

// What happens when no target is healthy is not documented; as on a load balancer, requests are sent to all then.
const failsOpenBelowPercent = 1;

/**
 * Reads listener, rules and target groups.
 *
 * @throws LocalError on anything that is not mapped
 */
export function readLattice(template: Template): TrafficModel {
  template.refuseOthers(service, [
    ...['Service', 'Listener', 'Rule', 'TargetGroup'],
    // Who may reach the service, and what is noted of it: without effect on a split.
    ...[
      'ServiceNetwork',
      'ServiceNetworkVpcAssociation',
      'ServiceNetworkServiceAssociation',
      'AuthPolicy',
      'AccessLogSubscription',
    ],
  ]);
  // Whatever name a request came by, VPC Lattice has found the service when its rules are asked.
  const { auth, host } = PropertyReader.read(template, template.one(`${service}::Service`), readService);
  const listener = PropertyReader.read(template, template.one(`${service}::Listener`), readListener);
  const rules = template
    .ofType(`${service}::Rule`)
    .map((resource) => PropertyReader.read(template, resource, (properties) => readRule(properties, resource)))
    .sort((a, b) => a.priority - b.priority);
  const slots = templateSlots(template);
  return {
    plane: 'lattice',
    entry: `listener on port ${listener.port}`,
    host,
    routes: rules.map(({ route }) => route),
    targets: template
      .ofType(`${service}::TargetGroup`)
      .map((resource) =>
        PropertyReader.read(template, resource, (properties) =>
          readTargetGroup(properties, resource, slotOfTargetGroup(slots, resource.logicalId)),
        ),
      ),
    unmatchedStatus: listener.unmatchedStatus,
    meshHttp: false,
    notShown: [
      'Envoy stands for VPC Lattice: weights, health checks and rules are those of the template, and how VPC Lattice itself spreads requests is not shown',
      `until a new weight is in force AWS takes about ${planeLimits.lattice.settleSeconds} seconds; the time measured here is that of one Envoy on this machine`,
      ...(auth === 'AWS_IAM' ? ['requests are neither signed nor checked against the auth policy here'] : []),
      ...(listener.protocol === 'HTTPS' ? ['TLS is left out: requests are plain HTTP here'] : []),
    ],
  };
}

/** Reads a service. */
export function readService(properties: PropertyReader): { auth: 'NONE' | 'AWS_IAM'; host: string | undefined } {
  properties.ignore('Name', 'CertificateArn');
  return { auth: properties.oneOf('AuthType', ['NONE', 'AWS_IAM']), host: properties.optionalText('CustomDomainName') };
}

/** Reads a listener of it. */
export function readListener(properties: PropertyReader) {
  properties.ignore('ServiceIdentifier', 'Name');
  return {
    port: properties.number('Port'),
    protocol: properties.oneOf('Protocol', ['HTTP', 'HTTPS']),
    unmatchedStatus: properties.object('DefaultAction').object('FixedResponse').number('StatusCode'),
  };
}

/** Reads a rule. */
export function readRule(properties: PropertyReader, { logicalId }: Resource): { route: RouteModel; priority: number } {
  properties.ignore('ServiceIdentifier', 'ListenerIdentifier', 'Name');
  const match = properties.object('Match').object('HttpMatch');
  const headers = match.objects('HeaderMatches').map((header) => ({
    name: header.text('Name'),
    value: header.object('Match').text('Exact'),
    ignoreCase: header.raw('CaseSensitive') !== true,
  }));
  const path = match.optionalObject('PathMatch');
  path?.ignore('CaseSensitive');
  return {
    priority: properties.number('Priority'),
    route: {
      name: logicalId,
      production: headers.length === 0,
      match: { prefix: path?.object('Match').text('Prefix') ?? '/', wholeSegments: false, host: undefined, headers },
      rewrite: { prefix: undefined, host: undefined },
      targets: properties
        .object('Action')
        .object('Forward')
        .objects('TargetGroups')
        .map((group) => ({
          target: group.target('TargetGroupIdentifier', `${service}::TargetGroup`).logicalId,
          weight: group.number('Weight'),
        })),
      timeoutMs: 0,
      idleTimeoutMs: latticeDefaults.idleTimeoutMs,
      retry: undefined,
    },
  };
}

/** Reads a target group. `behind` says whose tasks are in it. */
export function readTargetGroup(
  properties: PropertyReader,
  { logicalId }: Resource,
  behind: Pick<TargetModel, 'slot' | 'port'>,
): TargetModel {
  properties.ignore('Name');
  properties.oneOf('Type', ['IP']);
  const config = properties.object('Config');
  config.ignore('VpcIdentifier', 'IpAddressType');
  config.oneOf('Protocol', ['HTTP']);
  config.oneOf('ProtocolVersion', ['HTTP1']);
  const check = config.object('HealthCheck');
  check.oneOf('Protocol', ['HTTP']);
  check.oneOf('ProtocolVersion', ['HTTP1']);
  if (check.raw('Enabled') !== true) {
    throw new LocalError(`${check.path}.Enabled: got ${check.raw('Enabled')}, expected true, which is what can be mapped here`);
  }
  // ECS registers a task with the port of its container, whatever the group has.
  config.ignore('Port');
  return {
    name: logicalId,
    ...behind,
    drainMs: latticeDefaults.drainMs,
    connectTimeoutMs: latticeDefaults.connectTimeoutMs,
    panicThreshold: failsOpenBelowPercent,
    outlierDetection: undefined,
    healthCheck: {
      path: check.text('Path'),
      intervalMs: check.number('HealthCheckIntervalSeconds') * 1000,
      timeoutMs: check.number('HealthCheckTimeoutSeconds') * 1000,
      healthyThreshold: check.number('HealthyThresholdCount'),
      unhealthyThreshold: check.number('UnhealthyThresholdCount'),
      statuses: readStatuses(check.object('Matcher'), 'HttpCode'),
    },
  };
}
