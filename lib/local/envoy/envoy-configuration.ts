import type { RetryModel, RouteModel, TrafficModel } from '../routes/traffic-model';
import { cluster, instances, instancesFromFile } from './cluster-configuration';
import { type EnvoyResource, seconds, socketAddress, typeUrl, unlimited } from './envoy-values';
import { ownAnswers } from './own-answers';
import { requestLinesLog, unmatchedRoute } from './request-lines';

/** Names that the rehearsal gives to things in Envoy. */
export const envoyNames = {
  listener: 'entry',
  statPrefix: 'rehearsal',
  routes: 'routes',
} as const;

/** Headers by which requests and answers of a rehearsal are told apart. */
export const rehearsalHeaders = {
  /** On a request: number of the phase in which it was sent. */
  phase: 'x-rehearsal-phase',

  /** On an answer: label of the slot that Envoy chose. */
  slot: 'x-rehearsal-slot',

  /** On an answer: version of the route configuration by which Envoy chose. */
  route: 'x-rehearsal-route',

  /** On an answer, if the app likes: the label that it got as `SLOT`. */
  appSlot: 'x-slot',
} as const;

/** The local port on which the app of each slot listens, by label. */
export type SlotPorts = Readonly<Record<string, number>>;

/** What Envoy needs to know for one step. */
export interface EnvoyConfiguration {
  /** All routes: the only thing that changes when weights change. */
  readonly routes: EnvoyResource;

  /** One cluster per target. */
  readonly clusters: readonly EnvoyResource[];

  readonly listener: (files: EnvoyFiles) => EnvoyResource;

  /** All of it in one document without file references, so that Envoy can check it as a whole before it is used. */
  readonly static: EnvoyResource;
}

/** Where the parts of a running Envoy's configuration are. */
export interface EnvoyFiles {
  readonly routes: string;

  /** `undefined`: nothing is noted. */
  readonly accessLog: string | undefined;

  /** Whether Envoy tells of every request on its standard output, as `RequestLine`. */
  readonly tells: boolean;
}

/** What one Envoy does in another way than the next. */
export interface EnvoyOptions {
  /**
   * Headers that are stamped on answers.
   *
   * @default - those by which a rehearsal tells answers apart
   */
  readonly stamps?: EnvoyStamps;

  /**
   * The file from which the instances of a cluster are read while Envoy runs.
   *
   * @default - one instance per slot, on a port that stays the same
   */
  readonly endpointsFile?: (cluster: string) => string;
}

/** Headers that are stamped on answers. */
export interface EnvoyStamps {
  /** Names of those that have the label of the slot. */
  readonly slot: readonly string[];

  /** Names of those that have the version of the routes. */
  readonly route: readonly string[];
}

const rehearsalStamps: EnvoyStamps = { slot: [rehearsalHeaders.slot], route: [rehearsalHeaders.route] };

/**
 * Writes the traffic model in Envoy's words.
 *
 * @param ports where each slot listens; of no use where instances are read from files
 * @param version name of this state of the routes
 */
export function envoyConfiguration(
  model: TrafficModel,
  ports: SlotPorts,
  version: string,
  { stamps = rehearsalStamps, endpointsFile }: EnvoyOptions = {},
): EnvoyConfiguration {
  const routes = routeConfiguration(model, version, stamps);
  const clusters = model.targets.map((target) =>
    cluster(target, endpointsFile ? instancesFromFile(endpointsFile(target.name)) : instances(target.name, [ports[target.slot]])),
  );
  return {
    routes,
    clusters,
    listener: (files) =>
      listener(model, files, {
        rds: {
          route_config_name: envoyNames.routes,
          config_source: { resource_api_version: 'V3', path_config_source: { path: files.routes } },
        },
      }),
    static: {
      static_resources: {
        listeners: [withoutType(listener(model, { accessLog: undefined, tells: false }, { route_config: withoutType(routes) }))],
        clusters: clusters.map(withoutType),
      },
    },
  };
}

/** The document that Envoy reads at its start. The parts that change are in files of their own. */
export function bootstrap(files: { readonly listeners: string; readonly clusters: string }): EnvoyResource {
  const source = (path: string) => ({ resource_api_version: 'V3', path_config_source: { path } });
  return {
    node: { id: 'rehearsal', cluster: 'rehearsal' },
    admin: { address: socketAddress(0) },
    dynamic_resources: { lds_config: source(files.listeners), cds_config: source(files.clusters) },
    // Without a limit Envoy warns at its start that there is none, and that would be its last word whatever happens later.
    overload_manager: {
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.global_downstream_max_connections',
          typed_config: {
            '@type': `${typeUrl}envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig`,
            max_active_downstream_connections: unlimited,
          },
        },
      ],
    },
  };
}

/** The content of a file from which Envoy reads resources while it runs. */
export function discoveryResponse(version: string, resources: readonly EnvoyResource[]): EnvoyResource {
  return { version_info: version, resources };
}

function routeConfiguration(model: TrafficModel, version: string, stamps: EnvoyStamps): EnvoyResource {
  const slotOf = (name: string) => model.targets.find((target) => target.name === name)?.slot ?? '';
  const route = (each: RouteModel) => ({
    name: each.name,
    match: {
      [each.match.wholeSegments ? 'path_separated_prefix' : 'prefix']: each.match.prefix,
      headers: [
        ...(each.match.host === undefined ? [] : [{ name: ':authority', value: each.match.host, ignoreCase: true }]),
        ...each.match.headers,
      ].map(({ name, value, ignoreCase }) => ({ name, string_match: { exact: value, ignore_case: ignoreCase } })),
    },
    ...(each.fixedStatus === undefined ? { route: action(each) } : { direct_response: { status: each.fixedStatus } }),
  });
  const action = (each: RouteModel) => ({
    weighted_clusters: {
      clusters: each.targets.map(({ target, weight }) => ({
        name: target,
        weight,
        response_headers_to_add: slotOf(target) === '' ? [] : stamps.slot.map((name) => stamp(name, slotOf(target))),
      })),
    },
    timeout: seconds(each.timeoutMs),
    ...(each.idleTimeoutMs === undefined ? {} : { idle_timeout: seconds(each.idleTimeoutMs) }),
    ...(each.retry === undefined ? {} : { retry_policy: retryPolicy(each.retry) }),
    ...(each.rewrite.prefix === undefined ? {} : { prefix_rewrite: each.rewrite.prefix }),
    ...(each.rewrite.host === undefined ? {} : { host_rewrite_literal: each.rewrite.host }),
  });
  return {
    '@type': `${typeUrl}envoy.config.route.v3.RouteConfiguration`,
    name: envoyNames.routes,
    validate_clusters: true,
    response_headers_to_add: stamps.route.map((name) => stamp(name, version)),
    virtual_hosts: [
      {
        name: model.entry,
        domains: ['*'],
        routes: [
          ...model.routes.map(route),
          { name: unmatchedRoute, match: { prefix: '/' }, direct_response: { status: model.unmatchedStatus } },
        ],
      },
    ],
  };
}

// A percent sign begins a variable: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
function stamp(key: string, value: string) {
  return { header: { key, value: value.replaceAll('%', '%%') }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}

function retryPolicy(retry: RetryModel) {
  return {
    retry_on: retry.on.join(','),
    retriable_status_codes: retry.statusCodes,
    num_retries: retry.retries,
    ...(retry.perTryTimeoutMs === undefined ? {} : { per_try_timeout: seconds(retry.perTryTimeoutMs) }),
    ...(retry.hostSelectionAttempts === undefined
      ? {}
      : {
          host_selection_retry_max_attempts: retry.hostSelectionAttempts,
          retry_host_predicate: [
            {
              name: 'envoy.retry_host_predicates.previous_hosts',
              typed_config: { '@type': `${typeUrl}envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate` },
            },
          ],
        }),
  };
}

function listener(
  model: TrafficModel,
  { accessLog, tells }: Pick<EnvoyFiles, 'accessLog' | 'tells'>,
  routes: EnvoyResource,
): EnvoyResource {
  const accessLogs = [
    ...(accessLog === undefined ? [] : [accessLogTo(accessLog)]),
    ...(tells ? [requestLinesLog('request')] : []),
  ];
  // Only a mesh tries again, and notes each try where it comes to.
  const tries = tells && model.plane === 'app-mesh' ? { upstream_log: [requestLinesLog('try')] } : {};
  return {
    '@type': `${typeUrl}envoy.config.listener.v3.Listener`,
    name: envoyNames.listener,
    address: socketAddress(0),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              '@type': `${typeUrl}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
              stat_prefix: envoyNames.statPrefix,
              ...(model.meshHttp ? { normalize_path: true, merge_slashes: true } : {}),
              ...(model.plane === 'lattice' ? {} : { upgrade_configs: [{ upgrade_type: 'websocket' }] }),
              // Who asks by HTTP/1.0 names no host.
              ...(model.plane === 'load-balancer'
                ? { http_protocol_options: { accept_http_10: true, default_host_for_http_10: 'localhost' } }
                : {}),
              ...routes,
              ...ownAnswers(model.plane),
              ...(accessLogs.length === 0 ? {} : { access_log: accessLogs }),
              http_filters: [
                {
                  name: 'envoy.filters.http.router',
                  typed_config: { '@type': `${typeUrl}envoy.extensions.filters.http.router.v3.Router`, ...tries },
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

function accessLogTo(path: string) {
  return {
    name: 'envoy.access_loggers.file',
    typed_config: {
      '@type': `${typeUrl}envoy.extensions.access_loggers.file.v3.FileAccessLog`,
      path,
      log_format: { json_format: accessLogFormat },
    },
  };
}

/** What Envoy notes of every request, by the keys of `AccessLogLine`. */
const accessLogFormat = {
  phase: `%REQ(${rehearsalHeaders.phase})%`,
  code: '%RESPONSE_CODE%',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  cluster: '%UPSTREAM_CLUSTER_RAW%',
  attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
};

/** One line of the access log. */
export interface AccessLogLine {
  readonly phase: string | null;
  readonly code: number;

  /** Why Envoy answered itself, in its own short codes; `-` when it did not. */
  readonly flags: string | null;

  /** Its reason in more words, such as `upstream_reset_before_response_started{connection_timeout}`. */
  readonly details: string | null;
  readonly cluster: string | null;

  /** Tries, the first one included. */
  readonly attempts: number;
}

// Inside a document of its own type, a resource must not name its type again.
function withoutType({ '@type': _, ...resource }: EnvoyResource): EnvoyResource {
  return resource;
}
