import type { TargetGroupState } from '../emulator/follower';
import type { AnsweredRequest } from '../envoy/answered-request';
import type { WayIn } from '../routes/way-in';
import { type MetricData, type MetricSubject, MetricSubjects } from './metric-data';

// The status of the load balancer for a client that did not wait:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
const gaveUpStatus = 460;

/** The statuses of the load balancer itself that are counted one by one. */
const countedAlone: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/**
 * What an application load balancer tells CloudWatch.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export class LoadBalancerData {
  private readonly subjects = new MetricSubjects('AWS/ApplicationELB');

  /** Counts a request at a load balancer. */
  count(
    { target, port, status, flags, details, upstreamMs }: AnsweredRequest,
    { owner, targets }: WayIn,
    data: MetricData,
  ): void {
    const balancer = this.ofBalancer(owner);
    const group = target === undefined ? undefined : targets[target]?.resource;
    const both = group === undefined ? [balancer] : [balancer, this.ofGroup(owner, group)];
    if (port !== undefined) {
      for (const subject of both) {
        data.count(subject, 'RequestCount');
      }
    }
    if (upstreamMs === undefined) {
      countOwn(balancer, status === 0 ? gaveUpStatus : status, data);
    } else {
      for (const subject of status < 200 ? [] : both) {
        data.count(subject, `HTTPCode_Target_${Math.floor(status / 100)}XX_Count`);
        data.add(subject, 'TargetResponseTime', 'Seconds', Math.round(upstreamMs) / 1000);
      }
    }
    if (flags.includes('UF')) {
      for (const subject of both) {
        data.count(subject, 'TargetConnectionErrorCount');
      }
    }
    if (details === 'direct_response') {
      data.count(balancer, 'HTTP_Fixed_Response_Count');
    }
  }

  /**
   * Adds, at the end of a minute, how healthy the targets are. A target group that no rule leads to tells nothing, nor does one without
   * targets.
   */
  addHosts(waysIn: Iterable<WayIn>, states: readonly TargetGroupState[], data: MetricData): void {
    const inUse = new Map<string, { readonly owner: string; readonly group: string }>();
    for (const { owner, model, targets } of waysIn) {
      if (model.plane === 'load-balancer') {
        for (const { resource: group } of Object.values(targets)) {
          inUse.set(`${owner} ${group}`, { owner, group });
        }
      }
    }
    for (const { owner, group } of inUse.values()) {
      const all = states.find(({ targetGroup }) => targetGroup === group)?.targets ?? [];
      // One that is being taken out is no target any more.
      const targets = all.filter(({ state }) => state !== 'draining');
      const healthy = targets.filter(({ state }) => state === 'healthy').length;
      const subject = this.ofGroup(owner, group);
      if (targets.length > 0) {
        data.add(subject, 'HealthyHostCount', 'Count', healthy);
        data.add(subject, 'UnHealthyHostCount', 'Count', targets.filter(({ state }) => state === 'unhealthy').length);
      }
      const requests = data.countOf(subject, 'RequestCount');
      if (requests > 0) {
        const perTarget = requests / (healthy || targets.length || 1);
        data.add(subject, 'RequestCountPerTarget', 'Count', perTarget);
        data.add(
          this.subjects.of(group, () => ({ TargetGroup: lastParts(group) })),
          'RequestCountPerTarget',
          'Count',
          perTarget,
        );
      }
    }
  }

  private ofBalancer(owner: string): MetricSubject {
    return this.subjects.of(owner, () => ({ LoadBalancer: balancerName(owner) }));
  }

  private ofGroup(owner: string, group: string): MetricSubject {
    return this.subjects.of(`${owner} ${group}`, () => ({ LoadBalancer: balancerName(owner), TargetGroup: lastParts(group) }));
  }
}

function countOwn(balancer: MetricSubject, status: number, data: MetricData): void {
  if (status >= 300) {
    data.count(balancer, `HTTPCode_ELB_${Math.floor(status / 100)}XX_Count`);
  }
  if (countedAlone.has(status)) {
    data.count(balancer, `HTTPCode_ELB_${status}_Count`);
  }
}

// `app/name/id`, and `targetgroup/name/id`.
function balancerName(arn: string): string {
  return lastParts(arn).replace(/^loadbalancer\//, '');
}

function lastParts(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
