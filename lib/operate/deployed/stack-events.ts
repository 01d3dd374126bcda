import { paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from './deployed-stack';

/** What CloudFormation has written down of a stack. */
export interface StackEvent {
  readonly id: string;
  readonly at: Date;

  /** Of the stack itself, its name. */
  readonly logicalId: string;
  readonly physicalId: string;

  /** CloudFormation type, such as `AWS::ECS::Service`. */
  readonly type: string;

  /** Such as `UPDATE_FAILED`. */
  readonly status: string;
  readonly reason: string | undefined;
}

/**
 * The events of a stack from a moment on, oldest first.
 *
 * @param stack by its ARN, so that it is found when it is gone
 */
export async function stackEvents(
  { cloudFormation: client }: Pick<AwsClients, 'cloudFormation'>,
  stack: Pick<DeployedStack, 'id'>,
  since: Date,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  // They come newest first, and those of years may be there.
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stack.id })) {
    for (const event of StackEvents) {
      const at = event.Timestamp ?? new Date(0);
      if (at < since) {
        return events.reverse();
      }
      events.push({
        id: event.EventId ?? '',
        at,
        logicalId: event.LogicalResourceId ?? '',
        physicalId: event.PhysicalResourceId ?? '',
        type: event.ResourceType ?? '',
        status: event.ResourceStatus ?? '',
        reason: event.ResourceStatusReason || undefined,
      });
    }
  }
  return events.reverse();
}
