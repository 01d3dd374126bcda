import { aws_cloudwatch_actions as actions, type aws_cloudwatch as cloudwatch, type aws_sns as sns } from 'aws-cdk-lib';

/** Whom an alarm tells. */
export interface AlarmTopicProps {
  /**
   * Topic that is told when the alarm goes off, and when it is over. A standard topic in the Region of the stack, whose policy lets
   * CloudWatch publish.
   *
   * @default - nobody is told
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  readonly topic?: sns.ITopic;
}

/** Tells a topic when an alarm goes off, and when it is over. */
export function tellTopic(alarm: cloudwatch.Alarm, { topic }: AlarmTopicProps): void {
  if (topic) {
    const action = new actions.SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
