import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
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

/** What CloudWatch knows of the requests to a service. */
export function latticeServiceMetrics(serviceId: string): ServiceMetrics {
  const metric = latticeMetric({ Service: serviceId });
  return {
    requests: metric('TotalRequestCount', cloudwatch.Stats.SUM),
    errors: metric('HTTPCode_5XX_Count', cloudwatch.Stats.SUM),
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
    // A target that refuses the connection gives no answer that could be counted.
    errors: new cloudwatch.MathExpression({
      expression: 'FILL(answers, 0) + FILL(connections, 0) + FILL(timeouts, 0)',
      label: 'errors',
      period: Duration.minutes(1),
      usingMetrics: {
        answers: metric('HTTPCode_5XX_Count', cloudwatch.Stats.SUM),
        connections: metric('ConnectionErrorCount', cloudwatch.Stats.SUM),
        timeouts: metric('ConnectionTimeoutCount', cloudwatch.Stats.SUM),
      },
    }),
    latency: metric('RequestTime', cloudwatch.Stats.percentile(95)),
    healthyTargets: undefined,
  };
}
