import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { stackEvents } from '../deployed/stack-events';

/** Why CloudFormation took an operation back: what failed first, in its words. */
export async function firstFailure(clients: AwsClients, stack: DeployedStack, since: Date): Promise<string> {
  const events = await stackEvents(clients, stack, since);
  const failed = events.find(({ status, reason = '' }) => /_FAILED$/.test(status) && !/cancelled/i.test(reason));
  const back = events.find(({ status, reason }) => status === 'UPDATE_ROLLBACK_IN_PROGRESS' && reason !== undefined);
  return failed ? `${failed.logicalId}: ${failed.reason ?? failed.status}` : (back?.reason ?? 'without a reason');
}
