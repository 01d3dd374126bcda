import type { PlaneName } from '../../release/plane-limits';

/**
 * What Envoy answers itself, where AWS has another status for it than Envoy: a load balancer, and VPC Lattice, says 502 when a target takes no
 * connection or breaks it. In a mesh there was Envoy itself.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
export function ownAnswers(plane: PlaneName) {
  return plane === 'app-mesh'
    ? {}
    : {
        local_reply_config: {
          mappers: [{ filter: { response_flag_filter: { flags: ['UF', 'UC', 'UR', 'LR', 'UPE'] } }, status_code: 502 }],
        },
      };
}
