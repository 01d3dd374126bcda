import { ArnFormat, aws_iam as iam, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Who takes on the role of a task: ECS, for the tasks of this account and Region only.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function taskPrincipal(scope: Construct): iam.ServicePrincipal {
  const { account } = Stack.of(scope);
  const ofEcs = Stack.of(scope).formatArn({ service: 'ecs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  return new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': ofEcs } },
  });
}

/**
 * Who takes on an execution role: ECS. AWS names no condition for it, and one that ECS does not meet would let no task start.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function executionPrincipal(): iam.ServicePrincipal {
  return new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
}
