import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ServiceTraffic } from '../traffic/traffic-plane';
import { errorShare } from './error-share';
import { graph } from './graph';

/** Properties of the dashboard. */
export interface ReleaseDashboardProps {
  /** The service to show, such as a `BlueGreenService`. */
  readonly service: { readonly traffic: Pick<ServiceTraffic, 'metrics'> };
}

/**
 * A CloudWatch dashboard of a service: the requests of each target one above the other where the traffic plane tells, then requests,
 * errors and latency as a whole.
 *
 * It names no slot and no weight, so that it stays as it is through a whole release; each slot has a `SlotDashboard` of its own.
 */
export class ReleaseDashboard extends Construct {
  /** What was made, to add further widgets to. */
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, { service }: ReleaseDashboardProps) {
    super(scope, id);
    const { metrics } = service.traffic;
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        metrics.requestsByTarget.length > 0
          ? [graph('requests by target', metrics.requestsByTarget, { stacked: true, width: 24 })]
          : [],
        [
          graph('requests', [metrics.requests]),
          graph('errors, %', [errorShare('service', metrics)]),
          graph('latency, ms (p95)', [metrics.latency]),
        ],
      ],
    });
  }
}
