import { LocalError } from '../local-error';
import { PropertyReader } from '../template/property-reader';
import type { Resource, Template } from '../template/template';
import { templateSlots } from '../template/template-slots';
import type { HealthCheckModel, OutlierDetectionModel, RetryModel, RouteModel, TargetModel, TrafficModel } from './traffic-model';

/** What the Envoy of an App Mesh proxy was told when a template said nothing. */
const appMeshDefaults = {
  // https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-defaults.html
  requestTimeoutMs: 15_000,
  retry: {
    on: ['connect-failure', 'refused-stream', 'reset', 'unavailable', 'retriable-status-codes'],
    statusCodes: [503],
    retries: 2,
    perTryTimeoutMs: undefined,
    hostSelectionAttempts: 5,
  },
  connectTimeoutMs: 1000,
  // Envoy's own default; a mesh could not set it.
  panicThreshold: 50,
  // How long the Envoy of a task went on when it was told to end (`LISTENER_DRAIN_WAIT_TIME_S`):
  // https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-config.html
  drainMs: 20_000,
} satisfies Record<string, number | RetryModel>;

// https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRetryPolicy.html
const httpRetryEvents: Readonly<Record<string, Pick<RetryModel, 'on' | 'statusCodes'>>> = {
  'server-error': {
    on: ['retriable-status-codes', 'reset'],
    statusCodes: [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
  },
  'gateway-error': { on: ['retriable-status-codes', 'reset'], statusCodes: [502, 503, 504] },
  'client-error': { on: ['retriable-4xx'], statusCodes: [] },
  'stream-error': { on: ['refused-stream'], statusCodes: [] },
};
const tcpRetryEvents: Readonly<Record<string, Pick<RetryModel, 'on' | 'statusCodes'>>> = {
  'connection-error': { on: ['connect-failure'], statusCodes: [] },
};

/**
 * Reads mesh, gateway, router, routes and nodes, and says what App Mesh's control plane would have told Envoy.
 *
 * @throws LocalError on anything that is not mapped
 */
export function readAppMesh(template: Template): TrafficModel {
  const read = <T>(type: string, reader: (properties: PropertyReader, resource: Resource) => T): T[] =>
    template
      .ofType(type)
      .map((resource) => PropertyReader.read(template, resource, (properties) => reader(properties, resource)));
  template.refuseOthers('AWS::AppMesh', [
    'Mesh',
    'VirtualService',
    'VirtualRouter',
    'VirtualGateway',
    'GatewayRoute',
    'VirtualNode',
    'Route',
  ]);

  PropertyReader.read(template, template.one('AWS::AppMesh::Mesh'), readMesh);
  const service = PropertyReader.read(template, template.one('AWS::AppMesh::VirtualService'), readVirtualService);
  const router = PropertyReader.read(template, template.one('AWS::AppMesh::VirtualRouter'), readVirtualRouter);
  if (service.router !== router.name) {
    throw new LocalError(`virtual service ${service.name}: got router ${service.router}, expected ${router.name}`);
  }
  const gateways = read('AWS::AppMesh::VirtualGateway', readVirtualGateway);
  const gatewayRoutes = read('AWS::AppMesh::GatewayRoute', readGatewayRoute).filter((route) => {
    if (route.virtualService !== service.name) {
      throw new LocalError(`gateway route ${route.name}: got a route to ${route.virtualService}, expected ${service.name}`);
    }
    return true;
  });
  const entry = gatewayRoutes[0];
  if (gateways.length > 1 || gatewayRoutes.length > 1 || gateways.length !== gatewayRoutes.length) {
    throw new LocalError(
      `template: got ${gateways.length} virtual gateways and ${gatewayRoutes.length} gateway routes, expected one of each, or none`,
    );
  }

  const slots = templateSlots(template);
  const nodes = read('AWS::AppMesh::VirtualNode', (properties) => {
    const node = readVirtualNode(properties);
    const slot = slots.find(({ serviceName }) => serviceName === node.ecsServiceName);
    if (slot === undefined) {
      throw new LocalError(
        `${properties.path}: got instances of ECS service ${node.ecsServiceName}, expected one of ${slots.map((each) => each.serviceName).join(', ')}`,
      );
    }
    return { ...node.target, slot: slot.label };
  });
  const routes = read('AWS::AppMesh::Route', readRoute).sort((a, b) => a.priority - b.priority);

  return {
    plane: 'app-mesh',
    entry: entry ? `gateway route ${entry.name}` : `virtual service ${service.name}`,
    host: undefined,
    routes: routes.map(({ route }) => (entry ? behindGateway(route, entry) : route)),
    targets: nodes,
    unmatchedStatus: 404,
    meshHttp: true,
    notShown: [
      'one Envoy stands for the two that a request passed in the mesh: the timeout and the connection pool of the second one are not there',
      'a health check runs at its full rate from the start',
      'many Envoys learned of a new route one after the other; the time measured here is that of one Envoy on this machine',
      ...(entry ? ['the network load balancer in front of the gateway is left out'] : []),
    ],
  };
}

/** A route of a gateway to a virtual service. */
export interface GatewayRoute {
  readonly name: string;
  readonly virtualService: string;
  readonly prefix: string;
  readonly rewritePrefix: boolean;
  readonly rewriteHost: boolean;
}

// A gateway sent a request on with the name of the virtual service as host, and "/" in place of the prefix that matched.
export function behindGateway(route: RouteModel, entry: GatewayRoute): RouteModel {
  if (entry.prefix !== '/' && route.match.prefix !== '/') {
    throw new LocalError(
      `route ${route.name}: got prefix ${route.match.prefix} behind a gateway route with prefix ${entry.prefix}, expected / for one of them, which is what can be mapped here`,
    );
  }
  const rewritten = entry.prefix !== '/' && entry.rewritePrefix;
  return {
    ...route,
    match: { ...route.match, prefix: entry.prefix === '/' ? route.match.prefix : entry.prefix },
    rewrite: { prefix: rewritten ? '/' : undefined, host: entry.rewriteHost ? entry.virtualService : undefined },
  };
}

export function readMesh(properties: PropertyReader): void {
  // The filter decides where members may call to; the requests to the service do not meet it.
  properties.optionalObject('Spec')?.ignore('EgressFilter');
  properties.ignore('MeshName');
}

export function readVirtualService(properties: PropertyReader): { name: string; router: string } {
  properties.ignore('MeshName');
  const router = properties.object('Spec').object('Provider').object('VirtualRouter').text('VirtualRouterName');
  return { name: properties.text('VirtualServiceName'), router };
}

export function readVirtualRouter(properties: PropertyReader): { name: string } {
  properties.ignore('MeshName');
  const mapping = properties.object('Spec').only('Listeners').object('PortMapping');
  mapping.number('Port');
  mapping.oneOf('Protocol', ['http']);
  return { name: properties.text('VirtualRouterName') };
}

export function readVirtualGateway(properties: PropertyReader): { name: string } {
  properties.ignore('MeshName');
  const spec = properties.object('Spec');
  spec.ignore('Logging');
  const mapping = spec.only('Listeners').object('PortMapping');
  mapping.number('Port');
  mapping.oneOf('Protocol', ['http']);
  return { name: properties.text('VirtualGatewayName') };
}

export function readGatewayRoute(properties: PropertyReader): GatewayRoute {
  properties.ignore('MeshName', 'VirtualGatewayName');
  const route = properties.object('Spec').object('HttpRoute');
  const action = route.object('Action');
  const rewrite = action.optionalObject('Rewrite');
  return {
    name: properties.text('GatewayRouteName'),
    virtualService: action.object('Target').object('VirtualService').text('VirtualServiceName'),
    prefix: route.object('Match').text('Prefix'),
    rewriteHost: rewrite?.optionalObject('Hostname')?.oneOf('DefaultTargetHostname', ['ENABLED', 'DISABLED']) !== 'DISABLED',
    rewritePrefix: rewrite?.optionalObject('Prefix')?.oneOf('DefaultPrefix', ['ENABLED', 'DISABLED']) !== 'DISABLED',
  };
}

export function readVirtualNode(properties: PropertyReader): { target: Omit<TargetModel, 'slot'>; ecsServiceName: string } {
  properties.ignore('MeshName');
  const spec = properties.object('Spec');
  spec.ignore('Logging');
  const listener = spec.only('Listeners');
  const mapping = listener.object('PortMapping');
  const port = mapping.number('Port');
  mapping.oneOf('Protocol', ['http']);

  const cloudMap = spec.object('ServiceDiscovery').object('AWSCloudMap');
  cloudMap.text('NamespaceName');
  cloudMap.text('ServiceName');
  const [attribute] = cloudMap.objects('Attributes').map((each) => ({ key: each.text('Key'), value: each.text('Value') }));
  if (attribute?.key !== 'ECS_SERVICE_NAME') {
    throw new LocalError(
      `${properties.path}: got Cloud Map attribute ${attribute?.key}, expected ECS_SERVICE_NAME, by which the slot is found`,
    );
  }
  const healthCheck = listener.optionalObject('HealthCheck');
  const outlierDetection = listener.optionalObject('OutlierDetection');
  return {
    ecsServiceName: attribute.value,
    target: {
      name: properties.text('VirtualNodeName'),
      port,
      connectTimeoutMs: appMeshDefaults.connectTimeoutMs,
      panicThreshold: appMeshDefaults.panicThreshold,
      drainMs: appMeshDefaults.drainMs,
      healthCheck: healthCheck && readHealthCheck(healthCheck, port),
      outlierDetection: outlierDetection && readOutlierDetection(outlierDetection),
    },
  };
}

function readHealthCheck(check: PropertyReader, port: number): HealthCheckModel {
  check.oneOf('Protocol', ['http']);
  const checkedPort = check.optionalNumber('Port') ?? port;
  if (checkedPort !== port) {
    throw new LocalError(`${check.path}.Port: got ${checkedPort}, expected ${port}, the port of the listener`);
  }
  return {
    path: check.text('Path'),
    intervalMs: check.number('IntervalMillis'),
    timeoutMs: check.number('TimeoutMillis'),
    healthyThreshold: check.number('HealthyThreshold'),
    unhealthyThreshold: check.number('UnhealthyThreshold'),
    statuses: [[200, 200]],
  };
}

function readOutlierDetection(detection: PropertyReader): OutlierDetectionModel {
  return {
    consecutiveErrors: detection.number('MaxServerErrors'),
    intervalMs: readDuration(detection.object('Interval')),
    ejectionMs: readDuration(detection.object('BaseEjectionDuration')),
    maxEjectionPercent: detection.number('MaxEjectionPercent'),
  };
}

export function readRoute(properties: PropertyReader): { route: RouteModel; priority: number } {
  properties.ignore('MeshName', 'VirtualRouterName');
  const spec = properties.object('Spec');
  const http = spec.object('HttpRoute');
  const match = http.object('Match');
  const headers = match.objects('Headers').map((header) => {
    if (header.raw('Invert') === true) {
      throw new LocalError(`${header.path}.Invert: got true, expected false, which is what can be mapped here`);
    }
    return { name: header.text('Name'), value: header.object('Match').text('Exact'), ignoreCase: false };
  });
  const timeout = http.optionalObject('Timeout');
  const perRequest = timeout?.optionalObject('PerRequest');
  const idle = timeout?.optionalObject('Idle');
  const retry = http.optionalObject('RetryPolicy');
  return {
    // A route without a priority comes last.
    priority: spec.optionalNumber('Priority') ?? Number.POSITIVE_INFINITY,
    route: {
      name: properties.text('RouteName'),
      production: headers.length === 0,
      match: { prefix: match.text('Prefix'), wholeSegments: false, host: undefined, headers },
      rewrite: { prefix: undefined, host: undefined },
      targets: http
        .object('Action')
        .objects('WeightedTargets')
        .map((target) => ({ target: target.text('VirtualNode'), weight: target.number('Weight') })),
      timeoutMs: perRequest ? readDuration(perRequest) : appMeshDefaults.requestTimeoutMs,
      idleTimeoutMs: idle && readDuration(idle),
      retry: retry ? readRetry(retry) : appMeshDefaults.retry,
    },
  };
}

function readRetry(retry: PropertyReader): RetryModel {
  const events = [
    ...retryEvents(retry, 'HttpRetryEvents', httpRetryEvents),
    ...retryEvents(retry, 'TcpRetryEvents', tcpRetryEvents),
  ];
  return {
    on: [...new Set(events.flatMap(({ on }) => on))],
    statusCodes: [...new Set(events.flatMap(({ statusCodes }) => statusCodes))].sort((a, b) => a - b),
    retries: retry.number('MaxRetries'),
    perTryTimeoutMs: readDuration(retry.object('PerRetryTimeout')),
    hostSelectionAttempts: undefined,
  };
}

function retryEvents(retry: PropertyReader, name: string, known: typeof httpRetryEvents) {
  return retry.texts(name).map((event) => {
    const mapped = Object.hasOwn(known, event) ? known[event] : undefined;
    if (mapped === undefined) {
      throw new LocalError(`${retry.path}.${name}: got "${event}", expected ${Object.keys(known).join(', ')}`);
    }
    return mapped;
  });
}

function readDuration(duration: PropertyReader): number {
  return duration.number('Value') * (duration.oneOf('Unit', ['ms', 's']) === 's' ? 1000 : 1);
}
