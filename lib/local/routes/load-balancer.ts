import { planeLimits } from '../../release/plane-limits';
import { LocalError } from '../local-error';
import { PropertyReader } from '../template/property-reader';
import type { Resource, Template } from '../template/template';
import { type TemplateSlot, templateSlots } from '../template/template-slots';
import { readStatuses } from './statuses';
import type { RouteModel, TargetModel, TrafficModel } from './traffic-model';

const service = 'AWS::ElasticLoadBalancingV2';

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html,
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html and
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
const loadBalancerDefaults = { connectTimeoutMs: 10_000, idleTimeoutMs: 60_000, drainMs: 300_000 };

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
const healthCheckDefaults = { path: '/', intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 5, unhealthyThreshold: 2 };

// Only when no target of a group is healthy does a load balancer send requests to all of them.
const failsOpenBelowPercent = 1;

/**
 * Reads listener, rules and target groups.
 *
 * @throws LocalError on anything that is not mapped
 */
export function readLoadBalancer(template: Template): TrafficModel {
  template.refuseOthers(service, ['LoadBalancer', 'Listener', 'ListenerRule', 'TargetGroup']);
  // The rules may stand in a listener that is there already, of which the template knows no more than where it is.
  const shared = ['LoadBalancer', 'Listener'].every((type) => template.ofType(`${service}::${type}`).length === 0);
  const loadBalancer = shared
    ? { idleTimeoutMs: loadBalancerDefaults.idleTimeoutMs }
    : PropertyReader.read(template, template.one(`${service}::LoadBalancer`), readBalancer);
  const all = template
    .ofType(`${service}::ListenerRule`)
    .map((resource) =>
      PropertyReader.read(template, resource, (properties) => readRule(properties, resource, { ...loadBalancer, shared })),
    )
    .sort((a, b) => a.priority - b.priority);
  // Where nothing but redirects stand, no slot answers.
  const listeners = new Set(all.filter(({ redirects }) => !redirects).map(({ listener }) => listener));
  const rules = all.filter(({ listener }) => listeners.has(listener));
  const redirect = rules.find(({ redirects }) => redirects);
  if (redirect) {
    throw new LocalError(
      `${service}::ListenerRule ${redirect.route.name}.Actions: got a redirect beside the rules of the slots, expected a forward`,
    );
  }
  const own = template
    .ofType(`${service}::Listener`)
    .map((resource) => PropertyReader.read(template, resource, (properties) => readListener(properties, resource)));
  const [listener, ...others] = shared
    ? [...listeners].map(sharedListener)
    : own.filter(({ logicalId }) => listeners.has(logicalId));
  if (listener === undefined || others.length > 0) {
    throw new LocalError(`template: got rules on ${others.length + (listener ? 1 : 0)} listeners, expected one`);
  }
  if (listener.unmatchedStatus === undefined) {
    throw new LocalError(`${service}::Listener ${listener.logicalId}.DefaultActions: got no fixed response, expected one`);
  }
  const slots = templateSlots(template);
  const bySource = rules.some(({ bySource }) => bySource);
  return {
    plane: 'load-balancer',
    entry: shared ? 'a shared listener' : `listener on port ${listener.port}`,
    host: rules.find(({ route }) => route.production)?.route.match.host,
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
      'Envoy stands for the load balancer: weights, health checks and rules are those of the template, and how a load balancer spreads requests over its nodes and targets is not shown',
      `until a new weight is in force AWS takes about ${planeLimits['load-balancer'].settleSeconds} seconds; the time measured here is that of one Envoy on this machine`,
      ...(bySource
        ? ['the preview rule holds for some source addresses only; requests of the rehearsal count as coming from there']
        : []),
      ...(shared
        ? [
            'the listener is there already: its other rules, and its own answer to what no rule takes, are not shown; here that is a 404',
          ]
        : []),
      ...(listener.protocol === 'HTTPS' ? ['TLS is left out: requests are plain HTTP here'] : []),
    ],
  };
}

/** Reads an application load balancer. */
export function readBalancer(properties: PropertyReader): { idleTimeoutMs: number } {
  properties.ignore('Name', 'Scheme', 'SecurityGroups', 'Subnets', 'IpAddressType');
  properties.oneOf('Type', ['application']);
  const attributes = readAttributes(properties, 'LoadBalancerAttributes', [
    'deletion_protection.enabled',
    'routing.http.drop_invalid_header_fields.enabled',
    'access_logs.s3.enabled',
    'access_logs.s3.bucket',
    'access_logs.s3.prefix',
    'idle_timeout.timeout_seconds',
  ]);
  const idle = attributes.get('idle_timeout.timeout_seconds');
  return { idleTimeoutMs: idle === undefined ? loadBalancerDefaults.idleTimeoutMs : Number(idle) * 1000 };
}

/** Reads a listener of it. */
export function readListener(properties: PropertyReader, { logicalId }: Resource) {
  properties.ignore('LoadBalancerArn', 'Certificates', 'SslPolicy');
  const { type, fixedStatus, targets } = readAction(properties, 'DefaultActions');
  return {
    logicalId,
    port: properties.number('Port'),
    protocol: properties.oneOf('Protocol', ['HTTP', 'HTTPS']),
    unmatchedStatus: fixedStatus,

    /** Where requests go that no rule takes; none: nowhere. */
    unmatchedTargets: type === 'forward' ? targets : [],
  };
}

// The only action of a rule, or of a listener for what no rule takes.
function readAction(properties: PropertyReader, name: string) {
  const action = properties.only(name);
  const type = action.oneOf('Type', ['forward', 'redirect', 'fixed-response']);
  action.ignore('RedirectConfig');
  const fixed = type === 'fixed-response' ? action.object('FixedResponseConfig') : undefined;
  fixed?.ignore('ContentType', 'MessageBody');
  const forward = action.optionalObject('ForwardConfig');
  const stickiness = forward?.optionalObject('TargetGroupStickinessConfig');
  if (stickiness?.raw('Enabled') === true) {
    throw new LocalError(`${stickiness.path}.Enabled: got true, expected false, since sticky clients do not follow the weights`);
  }
  const target = (group: PropertyReader) => group.target('TargetGroupArn', `${service}::TargetGroup`).logicalId;
  const targets = () =>
    forward
      ? forward.objects('TargetGroups').map((group) => ({ target: target(group), weight: group.number('Weight') }))
      : [{ target: target(action), weight: 1 }];
  return { type, fixedStatus: fixed?.number('StatusCode'), targets: type === 'forward' ? targets() : [] };
}

// What its owner says of it is not in the template.
function sharedListener(logicalId: string): ReturnType<typeof readListener> {
  return { logicalId, port: 0, protocol: 'HTTP', unmatchedStatus: 404, unmatchedTargets: [] };
}

/** Reads a rule. `shared`: its listener is not in the template. */
export function readRule(
  properties: PropertyReader,
  { logicalId }: Resource,
  { idleTimeoutMs, shared }: { idleTimeoutMs: number; shared: boolean },
): { route: RouteModel; priority: number; listener: string; bySource: boolean; redirects: boolean } {
  const { type, fixedStatus, targets } = readAction(properties, 'Actions');
  const conditions = properties.objects('Conditions').map((condition) => ({
    field: condition.oneOf('Field', ['http-header', 'host-header', 'path-pattern', 'source-ip']),
    condition,
  }));
  const headers = conditions
    .filter(({ field }) => field === 'http-header')
    .map(({ condition }) => {
      const header = condition.object('HttpHeaderConfig');
      return { name: header.text('HttpHeaderName'), value: plainValue(header), ignoreCase: true };
    });
  const hosts = conditions
    .filter(({ field }) => field === 'host-header')
    .map(({ condition }) => plainValue(condition.object('HostHeaderConfig')));
  const paths = conditions
    .filter(({ field }) => field === 'path-pattern')
    .map(({ condition }) => readPathPatterns(condition.object('PathPatternConfig')));
  for (const { condition } of conditions.filter(({ field }) => field === 'source-ip')) {
    condition.object('SourceIpConfig').ignore('Values');
  }
  return {
    priority: properties.number('Priority'),
    listener: shared
      ? JSON.stringify(properties.raw('ListenerArn'))
      : properties.target('ListenerArn', `${service}::Listener`).logicalId,
    bySource: conditions.some(({ field }) => field === 'source-ip'),
    redirects: type === 'redirect',
    route: {
      name: logicalId,
      production: headers.length === 0 && fixedStatus === undefined,
      match: { ...(paths[0] ?? { prefix: '/', wholeSegments: false }), host: hosts[0], headers },
      rewrite: { prefix: undefined, host: undefined },
      fixedStatus,
      targets,
      timeoutMs: 0,
      idleTimeoutMs,
      retry: undefined,
    },
  };
}

function plainValue(config: PropertyReader): string {
  const [value, ...others] = config.texts('Values');
  if (value === undefined || others.length > 0 || /[*?]/.test(value)) {
    throw new LocalError(`${config.path}.Values: got ${others.length + 1} or with a wildcard, expected one plain value`);
  }
  return value;
}

// Everything below a prefix: `/*`, or `/shop` and `/shop/*`.
function readPathPatterns(config: PropertyReader): { prefix: string; wholeSegments: boolean } {
  const values = config.texts('Values');
  const [first = '', second] = values;
  const prefix = first.endsWith('/*') && values.length === 1 ? first.slice(0, -1) : first;
  const known = values.length === 1 ? first.endsWith('/*') : values.length === 2 && second === `${first}/*`;
  if (!known || /[*?]/.test(prefix)) {
    throw new LocalError(
      `${config.path}.Values: got ${values.join(', ')}, expected /* or /prefix and /prefix/*, which is what can be mapped here`,
    );
  }
  return { prefix, wholeSegments: values.length === 2 };
}

/** Reads a target group. `behind` says whose tasks are in it. */
export function readTargetGroup(
  properties: PropertyReader,
  { logicalId }: Resource,
  behind: Pick<TargetModel, 'slot' | 'port'>,
): TargetModel {
  properties.ignore('VpcId', 'Name');
  properties.oneOf('TargetType', ['ip']);
  properties.oneOf('Protocol', ['HTTP']);
  const attributes = readAttributes(properties, 'TargetGroupAttributes', [
    'deregistration_delay.timeout_seconds',
    'stickiness.enabled',
    'load_balancing.algorithm.type',
  ]);
  if (attributes.get('stickiness.enabled') === 'true') {
    throw new LocalError(`${properties.path}: got stickiness, expected none, since sticky clients do not follow the weights`);
  }
  if ((attributes.get('load_balancing.algorithm.type') ?? 'round_robin') !== 'round_robin') {
    throw new LocalError(`${properties.path}: got ${attributes.get('load_balancing.algorithm.type')}, expected round_robin`);
  }
  // ECS registers a task with the port of its container, whatever the group has.
  properties.ignore('Port');
  const delay = attributes.get('deregistration_delay.timeout_seconds');
  const matcher = properties.optionalObject('Matcher');
  return {
    name: logicalId,
    ...behind,
    connectTimeoutMs: loadBalancerDefaults.connectTimeoutMs,
    panicThreshold: failsOpenBelowPercent,
    outlierDetection: undefined,
    drainMs: delay === undefined ? loadBalancerDefaults.drainMs : Number(delay) * 1000,
    healthCheck: {
      path: properties.optionalText('HealthCheckPath') ?? healthCheckDefaults.path,
      intervalMs: (properties.optionalNumber('HealthCheckIntervalSeconds') ?? healthCheckDefaults.intervalSeconds) * 1000,
      timeoutMs: (properties.optionalNumber('HealthCheckTimeoutSeconds') ?? healthCheckDefaults.timeoutSeconds) * 1000,
      healthyThreshold: properties.optionalNumber('HealthyThresholdCount') ?? healthCheckDefaults.healthyThreshold,
      unhealthyThreshold: properties.optionalNumber('UnhealthyThresholdCount') ?? healthCheckDefaults.unhealthyThreshold,
      statuses: matcher ? readStatuses(matcher, 'HttpCode') : [[200, 200]],
    },
  };
}

/**
 * The slot whose tasks are in a target group.
 *
 * @throws LocalError when no slot registers there
 */
export function slotOfTargetGroup(slots: readonly TemplateSlot[], logicalId: string): Pick<TargetModel, 'slot' | 'port'> {
  const slot = slots.find(({ targetGroups }) => targetGroups.includes(logicalId));
  if (slot === undefined) {
    throw new LocalError(`target group ${logicalId}: got no slot that registers its tasks there, expected one`);
  }
  return { slot: slot.label, port: slot.port };
}

function readAttributes(properties: PropertyReader, name: string, known: readonly string[]): ReadonlyMap<string, string> {
  const attributes = new Map(
    properties.objects(name).map((attribute) => {
      const key = attribute.text('Key');
      // Where a log goes may be known to a deploy only.
      return [key, key.startsWith('access_logs.') ? `${typeof attribute.raw('Value')}` : attribute.text('Value')];
    }),
  );
  const others = [...attributes.keys()].filter((key) => !known.includes(key));
  if (others.length > 0) {
    throw new LocalError(
      others.map(
        (key) => `${properties.path}.${name}: got ${key}, expected ${known.join(', ')}, which is what can be mapped here`,
      ),
    );
  }
  return attributes;
}
