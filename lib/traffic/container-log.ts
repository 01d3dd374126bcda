import { aws_ecs as ecs, type aws_logs as logs } from 'aws-cdk-lib';

/**
 * Sends what a container writes to a log group.
 *
 * Unlike the CDK's own driver it grants nothing: the containers of all slots share an execution role, to which the groups are granted
 * once, so that the role does not depend on which slots are active.
 */
export function containerLog(logGroup: logs.ILogGroup, streamPrefix: string): ecs.LogDriver {
  return new ecs.GenericLogDriver({
    logDriver: 'awslogs',
    options: {
      'awslogs-group': logGroup.logGroupName,
      'awslogs-stream-prefix': streamPrefix,
      'awslogs-region': logGroup.env.region,
    },
  });
}
