import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { errorShare } from './error-share';
import { graph } from './graph';
import type { Slot } from './slot';

/** Properties of the dashboard. */
export interface SlotDashboardProps {
  /** The slot to show. */
  readonly slot: Slot;
}

/** A CloudWatch dashboard of one slot: its share of the requests, how many, errors, latency, and healthy targets where the plane tells. */
export class SlotDashboard extends Construct {
  /** What was made, to add further widgets to. */
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, { slot }: SlotDashboardProps) {
    super(scope, id);
    const { label, metrics } = slot;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph(`${label}: share of requests, %`, [requestShare(slot)], { leftYAxis: { min: 0, max: 100 }, width: 16 }),
          graph(`${label}: requests`, [metrics.requests]),
        ],
        [
          graph(`${label}: errors, %`, [errorShare(label, metrics)]),
          graph(`${label}: latency, ms (p95)`, [metrics.latency]),
          ...(metrics.healthyTargets ? [graph(`${label}: healthy targets`, [metrics.healthyTargets])] : []),
        ],
      ],
    });
  }
}

function requestShare(slot: Slot): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: '100 * FILL(slot, 0) / service',
    label: slot.label,
    period: Duration.minutes(1),
    usingMetrics: { slot: slot.metrics.requests, service: slot.serviceMetrics.requests },
  });
}
