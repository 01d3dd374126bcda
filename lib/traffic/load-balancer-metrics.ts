import { aws_cloudwatch as cloudwatch, Duration, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { failedRequests } from './failed-requests';
import type { ServiceMetrics, SlotMetrics } from './traffic-plane';

/**
 * What CloudWatch knows of the requests to a load balancer: of all services behind it together, since it has no metrics of a rule.
 *
 * @param fullName the last parts of its ARN
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function loadBalancerMetrics({ metrics }: elbv2.IApplicationLoadBalancer, fullName: string): ServiceMetrics {
  const period = Duration.minutes(1);
  return {
    // A request for which there is no target is not among those that are counted; it is answered with a 503.
    requests: new cloudwatch.MathExpression({
      expression: 'FILL(forwarded, 0) + FILL(untargeted, 0)',
      label: 'requests',
      period,
      usingMetrics: {
        forwarded: metrics.requestCount({ period, statistic: cloudwatch.Stats.SUM }),
        untargeted: metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_503_COUNT, { period }),
      },
    }),
    // What the load balancer answers itself, as when no target is healthy, is not among the answers of the targets.
    errors: new cloudwatch.MathExpression({
      expression: 'FILL(targets, 0) + FILL(balancer, 0)',
      label: 'errors',
      period,
      usingMetrics: {
        targets: metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
        balancer: metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT, { period }),
      },
    }),
    latency: inMilliseconds(metrics.targetResponseTime({ period, statistic: cloudwatch.Stats.percentile(95) })),
    requestsByTarget: [
      new cloudwatch.MathExpression({
        expression: `SEARCH('{AWS/ApplicationELB,LoadBalancer,TargetGroup} MetricName="RequestCount" LoadBalancer="${fullName}"', 'Sum', 60)`,
        label: '',
        period,
      }),
    ],
  };
}

function inMilliseconds(seconds: cloudwatch.IMetric): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression: '1000 * seconds',
    label: 'latency',
    period: Duration.minutes(1),
    usingMetrics: { seconds },
  });
}

/** What CloudWatch knows of the requests to one target group. */
export function targetGroupMetrics(targetGroup: elbv2.ApplicationTargetGroup): SlotMetrics {
  const period = Duration.minutes(1);
  const requests = targetGroup.metrics.requestCount({ period, statistic: cloudwatch.Stats.SUM });
  const answers = (code: elbv2.HttpCodeTarget) => targetGroup.metrics.httpCodeTarget(code, { period });
  return {
    requests,
    errors: failedRequests(requests, [
      answers(elbv2.HttpCodeTarget.TARGET_2XX_COUNT),
      answers(elbv2.HttpCodeTarget.TARGET_3XX_COUNT),
      answers(elbv2.HttpCodeTarget.TARGET_4XX_COUNT),
    ]),
    latency: inMilliseconds(targetGroup.metrics.targetResponseTime({ period, statistic: cloudwatch.Stats.percentile(95) })),
    healthyTargets: targetGroup.metrics.healthyHostCount({ period, statistic: cloudwatch.Stats.MINIMUM }),
  };
}
