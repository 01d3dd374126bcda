import { CancelUpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { OperateError } from '../operate-error';

/**
 * Cancels the update that is under way, or monitored: CloudFormation takes back what it did. The deploy role of the CDK may not do this, so
 * it takes the right of the caller.
 *
 * @returns false when it was over before
 * @throws OperateError when CloudFormation does not take it
 */
export async function cancelUpdate({ cloudFormation }: AwsClients, { name, id }: DeployedStack): Promise<boolean> {
  try {
    await cloudFormation.send(new CancelUpdateStackCommand({ StackName: id }));
    return true;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) {
      throw error;
    }
    if (/current stack status/i.test(error.message)) {
      return false;
    }
    throw new OperateError(`stack ${name}: the deploy that is under way could not be cancelled: ${error.message}`);
  }
}
