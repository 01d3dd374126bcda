import { aws_ecs as ecs, type aws_logs as logs } from 'aws-cdk-lib';

/**
 * Sends what a container writes to a log group, and lets the container go on when that is slow or not to be reached.
 *
 * Unlike the CDK's own driver it grants nothing: the containers of all slots share an execution role, to which the groups are granted
 * once, so that the role does not depend on which slots are active.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export function containerLog(logGroup: logs.ILogGroup, streamPrefix: string): ecs.LogDriver {
  return new ecs.GenericLogDriver({
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logGroup.logGroupName,
      'awslogs-stream-prefix': streamPrefix,
      'awslogs-region': logGroup.env.region,
      // Said here, since each account has a default of its own. What does not fit into the buffer is lost.
      mode: 'non-blocking',
      'max-buffer-size': '25m',
    },
  });
}
