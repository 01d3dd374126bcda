import type { SlotMinute } from './measured-minute';

/** One metric of a slot in a minute. */
export interface SlotMetric {
  readonly name: string;
  readonly statistic: 'Sum' | 'p95';
}

/** What CloudWatch has of a slot on one traffic plane. The meaning is that of the stack's own alarms and dashboards. */
export interface PlaneMetrics {
  readonly namespace: string;
  readonly metrics: readonly SlotMetric[];

  /**
   * @param target ARN of the target group or virtual node
   * @param route ARN of the rule or route
   */
  dimensions(target: string, route: string): Readonly<Record<string, string>>;

  /** @param value a metric in this minute; `undefined`: CloudWatch has none, as where it would be zero */
  minute(value: (name: string) => number | undefined): SlotMinute;
}

const sum = (name: string): SlotMetric => ({ name, statistic: 'Sum' });
const percentile = (name: string): SlotMetric => ({ name, statistic: 'p95' });
const lastOf = (arn: string) => arn.split('/').at(-1) ?? '';

// What the plane answers in place of a target is nowhere counted by target: all but the proper answers are errors. A long request may be
// answered in another minute than that in which it is counted.
function failed(requests: number, answers: readonly (number | undefined)[]): number {
  return Math.max(
    0,
    answers.reduce<number>((left, count = 0) => left - count, requests),
  );
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
const loadBalancer: PlaneMetrics = {
  namespace: 'AWS/ApplicationELB',
  metrics: [
    sum('RequestCount'),
    sum('HTTPCode_Target_2XX_Count'),
    sum('HTTPCode_Target_3XX_Count'),
    sum('HTTPCode_Target_4XX_Count'),
    percentile('TargetResponseTime'),
  ],
  dimensions: (target, route) => ({
    TargetGroup: target.split(':').at(-1) ?? '',
    // arn:…:listener-rule/app/NAME/ID/LISTENER/RULE
    LoadBalancer: route.split('/').slice(1, 4).join('/'),
  }),
  minute(value) {
    const requests = value('RequestCount') ?? 0;
    const seconds = value('TargetResponseTime');
    return {
      requests,
      errors: failed(
        requests,
        ['2XX', '3XX', '4XX'].map((code) => value(`HTTPCode_Target_${code}_Count`)),
      ),
      latencyMs: seconds === undefined ? undefined : seconds * 1000,
    };
  },
};

// https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
const lattice: PlaneMetrics = {
  namespace: 'AWS/VpcLattice',
  metrics: [
    sum('TotalRequestCount'),
    sum('HTTPCode_2XX_Count'),
    sum('HTTPCode_3XX_Count'),
    sum('HTTPCode_4XX_Count'),
    percentile('RequestTime'),
  ],
  dimensions: (target) => ({ TargetGroup: lastOf(target) }),
  minute(value) {
    const requests = value('TotalRequestCount') ?? 0;
    return {
      requests,
      errors: failed(
        requests,
        ['2XX', '3XX', '4XX'].map((code) => value(`HTTPCode_${code}_Count`)),
      ),
      latencyMs: value('RequestTime'),
    };
  },
};

// Metrics that the stack makes itself, from the access logs of the tasks' Envoys.
const appMesh: PlaneMetrics = {
  namespace: 'EcsBlueGreen',
  metrics: [sum('Requests'), sum('Errors'), percentile('Latency')],
  // arn:…:mesh/MESH/virtualNode/NODE
  dimensions: (target) => ({ Mesh: target.split('/').at(-3) ?? '', Target: lastOf(target) }),
  minute: (value) => ({ requests: value('Requests') ?? 0, errors: value('Errors') ?? 0, latencyMs: value('Latency') }),
};

/** By the name of the plane. */
export const planeMetrics: Readonly<Record<string, PlaneMetrics>> = {
  'load-balancer': loadBalancer,
  lattice,
  'app-mesh': appMesh,
};
