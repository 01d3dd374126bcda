import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from './deployed-stack';

/** Whether a stack still is as it was read: no operation has begun since then, and none has ended. */
export async function isUnchanged(
  { cloudFormation }: Pick<AwsClients, 'cloudFormation'>,
  { id, status, changedAt }: Pick<DeployedStack, 'id' | 'status' | 'changedAt'>,
): Promise<boolean> {
  const { Stacks: [now] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: id }));
  const since = now?.LastUpdatedTime ?? now?.CreationTime;
  return now?.StackStatus === status && since?.getTime() === changedAt.getTime();
}
