import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { BlueGreenService } from './blue-green-service';
import { errorShare } from './error-alarm';
import type { Slot } from './slot';

const width = 24;

/** Properties of the dashboard. */
export interface ReleaseDashboardProps {
  /** The service whose slots are shown. */
  readonly service: BlueGreenService;
}

/**
 * A CloudWatch dashboard of a release: how requests are really split, and the slots side by side.
 *
 * The weights are not in it as text: a change of weights changes the route and nothing else. The first graph shows what they do.
 */
export class ReleaseDashboard extends Construct {
  /** What was made, to add further widgets to. */
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, { service }: ReleaseDashboardProps) {
    super(scope, id);
    const slots = Object.values(service.slots);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [
          new cloudwatch.GraphWidget({
            title: 'share of requests, %',
            left: shares(slots),
            leftYAxis: { min: 0, max: 100 },
            stacked: true,
            width,
          }),
        ],
        slots.map((slot) => this.column(slots, `${slot.label}: requests`, slot.metrics.requests)),
        slots.map((slot) => this.column(slots, `${slot.label}: 5xx answers, %`, errorShare(slot))),
        slots.map((slot) => this.column(slots, `${slot.label}: latency, ms (p95)`, slot.metrics.latency)),
        slots.flatMap((slot) =>
          slot.metrics.healthyTargets ? [this.column(slots, `${slot.label}: healthy targets`, slot.metrics.healthyTargets)] : [],
        ),
      ],
    });
  }

  private column(slots: readonly Slot[], title: string, metric: cloudwatch.IMetric): cloudwatch.GraphWidget {
    return new cloudwatch.GraphWidget({ title, left: [metric], leftYAxis: { min: 0 }, width: width / slots.length });
  }
}

function shares(slots: readonly Slot[]): cloudwatch.IMetric[] {
  const requests = Object.fromEntries(slots.map((slot, index) => [`requests${index}`, slot.metrics.requests]));
  const sum = Object.keys(requests)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return slots.map(
    (slot, index) =>
      new cloudwatch.MathExpression({
        expression: `100 * FILL(requests${index}, 0) / (${sum})`,
        label: slot.label,
        period: Duration.minutes(1),
        usingMetrics: requests,
      }),
  );
}
