import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { failedRequests } from './failed-requests';
import type { ServiceMetrics, SlotMetrics } from './traffic-plane';

// https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-cloudwatch.html
function latticeMetric(dimensions: Readonly<Record<string, string>>) {
  return (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace: 'AWS/VpcLattice',
      metricName,
      statistic,
      period: Duration.minutes(1),
      dimensionsMap: dimensions,
    });
}

function failedOf(metric: ReturnType<typeof latticeMetric>): cloudwatch.IMetric {
  const sum = (name: string) => metric(name, cloudwatch.Stats.SUM);
  return failedRequests(sum('TotalRequestCount'), [
    sum('HTTPCode_2XX_Count'),
    sum('HTTPCode_3XX_Count'),
    sum('HTTPCode_4XX_Count'),
  ]);
}

/** What CloudWatch knows of the requests to a service. */
export function latticeServiceMetrics(serviceId: string): ServiceMetrics {
  const metric = latticeMetric({ Service: serviceId });
  return {
    requests: metric('TotalRequestCount', cloudwatch.Stats.SUM),
    errors: failedOf(metric),
    latency: metric('RequestTime', cloudwatch.Stats.percentile(95)),
    // The metrics of a target group do not tell of what service it is.
    requestsByTarget: [],
  };
}

/** What CloudWatch knows of the requests to one target group. */
export function latticeTargetMetrics(targetGroupId: string): SlotMetrics {
  const metric = latticeMetric({ TargetGroup: targetGroupId });
  return {
    requests: metric('TotalRequestCount', cloudwatch.Stats.SUM),
    errors: failedOf(metric),
    latency: metric('RequestTime', cloudwatch.Stats.percentile(95)),
    healthyTargets: undefined,
  };
}
