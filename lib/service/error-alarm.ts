import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SlotMetrics } from '../traffic/traffic-plane';
import type { Slot } from './slot';

/** Properties of the alarm. */
export interface ErrorAlarmProps {
  /** The slot to watch. */
  readonly slot: Slot;

  /**
   * Share of 5xx answers, in percent, from which on the alarm goes off. More than 0, up to 100.
   *
   * @default 5
   */
  readonly threshold?: number;
}

/**
 * Goes off when a slot answers too many requests with an error, in three of the last three minutes.
 *
 * Without requests it has insufficient data: a slot that nobody asks is neither good nor bad.
 */
export class ErrorAlarm extends cloudwatch.Alarm {
  constructor(scope: Construct, id: string, { slot, threshold = 5 }: ErrorAlarmProps) {
    super(scope, id, {
      metric: errorShare(slot.label, slot.metrics),
      alarmDescription: `slot ${slot.label} of ${slot.taskDefinition.family} answers ${threshold} % of its requests or more with a 5xx status`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
  }
}

/** The share of 5xx answers among the requests of a slot or a service, in percent. Without requests there is none. */
export function errorShare(label: string, { errors, requests }: Pick<SlotMetrics, 'errors' | 'requests'>): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    // Planes report errors only when there are some.
    expression: '100 * FILL(errors, 0) / requests',
    label,
    period: Duration.minutes(1),
    usingMetrics: { errors, requests },
  });
}
