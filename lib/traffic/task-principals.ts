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

/** Who takes on an execution role: ECS, for this account only. For which ARN it does so is not documented. */
export function executionPrincipal(scope: Construct): iam.ServicePrincipal {
  return new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}
