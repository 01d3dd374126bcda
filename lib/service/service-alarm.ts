import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceTraffic } from '../traffic/traffic-plane';
import { type AlarmTopicProps, tellTopic } from './alarm-topic';
import { errorShareAlarm } from './error-share';

/** Properties of the alarm. */
export interface ServiceAlarmProps extends AlarmTopicProps {
  /** The service to watch, such as a `BlueGreenService`. */
  readonly service: { readonly traffic: Pick<ServiceTraffic, 'metrics'> };

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
 * Goes off when callers get too many errors from the service as a whole, in three of the last five minutes: from its slots, or from a load
 * balancer that has no task to ask.
 *
 * Behind a load balancer that several services share it counts the requests to all of them, since there are no counts by rule.
 *
 * It names no slot and no weight, so that it is there, and the same, in every step of a release: a rollback trigger for each of them.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html
 */
export class ServiceAlarm extends cloudwatch.Alarm {
  /** @throws Error when the threshold or the number of requests is out of range */
  constructor(scope: Construct, id: string, { service, threshold = 5, minRequests = 20, ...whom }: ServiceAlarmProps) {
    super(scope, id, {
      ...errorShareAlarm('service', service.traffic.metrics, { threshold, minRequests }),
      alarmDescription: `callers get an error for ${threshold} % of their requests or more, whatever slot answers`,
    });
    tellTopic(this, whom);
  }
}
