import type { AnsweredRequest } from '../envoy/answered-request';
import type { WayIn } from '../routes/way-in';
import { type MetricData, MetricSubjects } from './metric-data';

/** The statuses of VPC Lattice itself that are counted. */
const counted: ReadonlySet<number> = new Set([400, 403, 404, 429, 500, 502, 503, 504]);

/**
 * What VPC Lattice tells CloudWatch.
 *
 * @see https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
 */
export class LatticeData {
  private readonly subjects = new MetricSubjects('AWS/VpcLattice');

  /** Counts a request to a service. */
  count(request: AnsweredRequest, { owner, targets }: WayIn, data: MetricData): void {
    const { target, port, status, flags, details, durationMs, upstreamMs } = request;
    const service = this.subjects.of(owner, () => ({ Service: idIn(owner) }));
    const resource = target === undefined || port === undefined ? undefined : targets[target]?.resource;
    const group = resource === undefined ? undefined : this.subjects.of(resource, () => ({ TargetGroup: idIn(resource) }));
    for (const subject of group ? [service, group] : [service]) {
      data.count(subject, 'TotalRequestCount');
      data.add(subject, 'RequestTime', 'Milliseconds', Math.round(durationMs));
      // What VPC Lattice answers itself is told of the service only.
      if (status >= 200 && (subject === service || upstreamMs !== undefined)) {
        data.count(subject, `HTTPCode_${Math.floor(status / 100)}XX_Count`);
      }
    }
    if (flags.includes('UT') || flags.includes('SI')) {
      data.count(service, 'RequestTimeoutCount');
    }
    if (group && flags.includes('UF')) {
      data.count(group, details.includes('timeout') ? 'ConnectionTimeoutCount' : 'ConnectionErrorCount');
    }
    if (upstreamMs === undefined && counted.has(status)) {
      data.count(service, `HTTPCode_VpcLattice_${status}_Count`);
    }
  }
}

// `svc-0123456789abcdef0`, and `tg-0123456789abcdef0`.
function idIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
