import type { TargetHealth } from '../emulator/follower';

/** What the health checks say of every instance, by name of the cluster and by port. */
export type ClusterHealth = ReadonlyMap<string, ReadonlyMap<number, TargetHealth>>;

/**
 * Reads what Envoy says of its clusters.
 *
 * @param answer of `/clusters?format=json`
 */
export function readClusterHealth(answer: string): ClusterHealth {
  const { cluster_statuses: clusters = [] } = JSON.parse(answer) as ClustersAnswer;
  return new Map(
    clusters.map(({ name, host_statuses: hosts = [] }) => [
      name,
      new Map(hosts.map(({ address, health_status: status }) => [address.socket_address.port_value, healthIn(status)])),
    ]),
  );
}

function healthIn({ pending_active_hc: pending, failed_active_health_check: failed }: HealthStatus): TargetHealth {
  return pending ? 'initial' : failed ? 'unhealthy' : 'healthy';
}

interface HealthStatus {
  readonly pending_active_hc?: boolean;
  readonly failed_active_health_check?: boolean;
}

interface ClustersAnswer {
  readonly cluster_statuses?: readonly {
    readonly name: string;
    readonly host_statuses?: readonly {
      readonly address: { readonly socket_address: { readonly port_value: number } };
      readonly health_status: HealthStatus;
    }[];
  }[];
}
