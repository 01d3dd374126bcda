import type { PlaneName } from '../../release/plane-limits';
import { typeUrl } from './envoy-values';

/**
 * What Envoy answers itself, where AWS has another status for it than Envoy: a load balancer, and VPC Lattice, says 502 when a target takes no
 * connection or breaks it, and 504 when it takes too long to take one. In a mesh there was Envoy itself.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
export function ownAnswers(plane: PlaneName) {
  return plane === 'app-mesh'
    ? {}
    : {
        local_reply_config: {
          mappers: [
            { filter: detailsWith('connection_timeout'), status_code: 504 },
            { filter: { response_flag_filter: { flags: ['UF', 'UC', 'UR', 'LR', 'UPE'] } }, status_code: 502 },
          ],
        },
      };
}

function detailsWith(text: string) {
  return {
    extension_filter: {
      name: 'envoy.access_loggers.extension_filters.cel',
      typed_config: {
        '@type': `${typeUrl}envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter`,
        expression: `response.code_details.contains('${text}')`,
      },
    },
  };
}
