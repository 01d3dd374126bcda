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
    const group = target === undefined || port === undefined ? undefined : targets[target]?.resource;
    const both = [service, ...(group === undefined ? [] : [this.subjects.of(group, () => ({ TargetGroup: idIn(group) }))])];
    const isLate = flags.includes('UT') || flags.includes('SI');
    const connection = !flags.includes('UF') ? undefined : details.includes('timeout') ? 'Timeout' : 'Error';
    for (const subject of both) {
      data.count(subject, 'TotalRequestCount');
      data.add(subject, 'RequestTime', 'Milliseconds', Math.round(durationMs));
      // What VPC Lattice answers itself is told of the service only.
      if (status > 0 && (subject === service || upstreamMs !== undefined)) {
        data.count(subject, `HTTPCode_${Math.floor(status / 100)}XX_Count`);
      }
      if (isLate) {
        data.count(subject, 'RequestTimeoutCount');
      }
      if (connection !== undefined) {
        data.count(subject, `Connection${connection}Count`);
      }
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
