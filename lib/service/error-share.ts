import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { alarmRequestsType, alarmThresholdType } from '../settings/service-values';
import type { SlotMetrics } from '../traffic/traffic-plane';
import { valueProblem } from './value-problem';

type Counts = Pick<SlotMetrics, 'errors' | 'requests'>;

/** The share of errors among the requests of a slot or a service, in percent. Without requests there is none. */
export function errorShare(label: string, { errors, requests }: Counts): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    // Planes report errors only when there are some.
    expression: '100 * FILL(errors, 0) / requests',
    label,
    period: Duration.minutes(1),
    usingMetrics: { errors, requests },
  });
}

/** Which share of errors an alarm rings at, and from how many requests on it says anything. */
export interface ErrorShareAlarmProps {
  /** Share of errors, in percent. */
  readonly threshold: number;

  /** Requests in a minute from which on that minute counts. */
  readonly minRequests: number;
}

/**
 * An alarm on the share of errors: three of the last five minutes. A count that comes late makes the newest minute look better or worse
 * than it was, which is mended a minute later: one such minute must neither ring nor hold back.
 *
 * @throws Error when the threshold or the number of requests is out of range
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function errorShareAlarm(label: string, { errors, requests }: Counts, { threshold, minRequests }: ErrorShareAlarmProps) {
  const problems = [
    ...valueProblem('threshold', threshold, alarmThresholdType),
    ...valueProblem('minRequests', minRequests, alarmRequestsType),
  ];
  if (problems.length > 0) {
    throw new Error(`alarm on ${label}: ${problems.join('; ')}`);
  }
  return {
    metric: new cloudwatch.MathExpression({
      // No value for a minute with few requests, in which one error would be a large share.
      expression: `IF(requests >= ${minRequests}, 100 * FILL(errors, 0) / requests)`,
      label,
      period: Duration.minutes(1),
      usingMetrics: { errors, requests },
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: cloudwatch.TreatMissingData.MISSING,
  };
}
