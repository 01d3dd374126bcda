import type { TargetModel } from '../routes/traffic-model';
import { type EnvoyResource, seconds, socketAddress, typeUrl, unlimited } from './envoy-values';

/** The instances of a cluster, as its file has them. */
export function clusterEndpoints(cluster: string, ports: readonly number[]): EnvoyResource {
  return { '@type': `${typeUrl}envoy.config.endpoint.v3.ClusterLoadAssignment`, ...loadAssignment(cluster, ports) };
}

/** A cluster for a target. `endpoints` are its `instances`. */
export function cluster(target: TargetModel, { common_lb_config: common, ...endpoints }: EnvoyResource): EnvoyResource {
  const { healthCheck, outlierDetection } = target;
  return {
    '@type': `${typeUrl}envoy.config.cluster.v3.Cluster`,
    name: target.name,
    connect_timeout: seconds(target.connectTimeoutMs),
    lb_policy: 'ROUND_ROBIN',
    ...endpoints,
    common_lb_config: {
      healthy_panic_threshold: { value: target.panicThreshold },
      // Who is told that an instance is healthy may send it requests at once: Envoy keeps such news back for a second else.
      update_merge_window: '0s',
      ...(common as object | undefined),
    },
    circuit_breakers: {
      thresholds: [
        { max_connections: unlimited, max_pending_requests: unlimited, max_requests: unlimited, max_retries: unlimited },
      ],
    },
    ...(healthCheck === undefined
      ? {}
      : {
          health_checks: [
            {
              timeout: seconds(healthCheck.timeoutMs),
              interval: seconds(healthCheck.intervalMs),
              // Without these, Envoy looks only once a minute at a slot that has had no request yet.
              no_traffic_interval: seconds(healthCheck.intervalMs),
              no_traffic_healthy_interval: seconds(healthCheck.intervalMs),
              healthy_threshold: healthCheck.healthyThreshold,
              unhealthy_threshold: healthCheck.unhealthyThreshold,
              http_health_check: {
                path: healthCheck.path,
                // The end of the range is not part of it.
                expected_statuses: healthCheck.statuses.map(([start, end]) => ({ start, end: end + 1 })),
              },
            },
          ],
        }),
    ...(outlierDetection === undefined
      ? {}
      : {
          outlier_detection: {
            consecutive_5xx: outlierDetection.consecutiveErrors,
            interval: seconds(outlierDetection.intervalMs),
            base_ejection_time: seconds(outlierDetection.ejectionMs),
            max_ejection_percent: outlierDetection.maxEjectionPercent,
            always_eject_one_host: true,
          },
        }),
  };
}

/** Instances that stay the same. */
export function instances(cluster: string, ports: readonly (number | undefined)[]): EnvoyResource {
  return { type: 'STATIC', load_assignment: loadAssignment(cluster, ports) };
}

/** Instances that are read from a file while Envoy runs. */
export function instancesFromFile(path: string): EnvoyResource {
  return {
    type: 'EDS',
    eds_cluster_config: { eds_config: { resource_api_version: 'V3', path_config_source: { path } } },
    // One that is taken out gets no request more, whatever its health check says.
    ignore_health_on_host_removal: true,
    common_lb_config: { ignore_new_hosts_until_first_hc: true },
  };
}

function loadAssignment(cluster: string, ports: readonly (number | undefined)[]) {
  return {
    cluster_name: cluster,
    endpoints: [{ lb_endpoints: ports.map((port) => ({ endpoint: { address: socketAddress(port) } })) }],
  };
}
