import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type AlarmTopicProps, tellTopic } from './alarm-topic';
import { errorShareAlarm } from './error-share';
import type { Slot } from './slot';

/** Properties of the alarm. */
export interface ErrorAlarmProps extends AlarmTopicProps {
  /** The slot to watch. */
  readonly slot: Slot;

  /**
   * Share of errors, in percent, from which on the alarm goes off. More than 0, up to 100.
   *
   * @default 5
   */
  readonly threshold?: number;

  /**
   * Requests in a minute from which on that minute counts. 1 or more.
   *
   * @default 20
   */
  readonly minRequests?: number;
}

/**
 * Goes off when a slot answers too many requests with an error or, on a load balancer and on VPC Lattice, not at all, in three of the last
 * five minutes.
 *
 * With few requests or none it has insufficient data: a slot that nobody asks is neither good nor bad.
 */
export class ErrorAlarm extends cloudwatch.Alarm {
  /** @throws Error when the threshold or the number of requests is out of range */
  constructor(scope: Construct, id: string, { slot, threshold = 5, minRequests = 20, ...whom }: ErrorAlarmProps) {
    super(scope, id, {
      ...errorShareAlarm(slot.label, slot.metrics, { threshold, minRequests }),
      alarmDescription: `slot ${slot.label} of ${slot.taskDefinition.family} answers ${threshold} % of its requests or more with a 5xx status or not at all`,
    });
    tellTopic(this, whom);
  }
}
