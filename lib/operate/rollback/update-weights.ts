import { UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { exitCodes } from '../exit-codes';
import { NoAnswerError } from '../no-answer';
import { OperateError } from '../operate-error';
import type { HandedOver } from './hand-over';

/** An update of a stack with another template, and nothing else. */
export interface WeightsUpdate {
  readonly stack: DeployedStack;
  readonly template: HandedOver;

  /** Who may deploy. */
  readonly deploying: Pick<AwsClients, 'cloudFormation'>;
}

/**
 * Begins it. Every parameter keeps its value, the stack its role, tags and who is notified. No alarm watches it: that of the slot that is
 * left behind must not undo it.
 *
 * @returns when it began; `undefined`: there is nothing to update
 * @throws OperateError when CloudFormation does not take it; NoAnswerError when it may have taken it
 */
export async function updateWeights({ stack, template, deploying }: WeightsUpdate): Promise<Date | undefined> {
  // The clocks of AWS and of this machine may differ: what is older than the stack's last operation is no event of this one.
  const since = new Date(stack.changedAt.getTime() + 1);
  try {
    await deploying.cloudFormation.send(
      new UpdateStackCommand({
        StackName: stack.name,
        ...template,
        Parameters: stack.parameters.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        // As the CDK acknowledges it: nothing of it changes.
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
        RollbackConfiguration: { RollbackTriggers: [], MonitoringTimeInMinutes: 0 },
      }),
    );
  } catch (error) {
    if (error instanceof NoAnswerError) {
      const unknown = `stack ${stack.name}: CloudFormation may have begun; npm run release -- status --watch`;
      throw new NoAnswerError([...error.problems, unknown], exitCodes.differs);
    }
    if (error instanceof OperateError || !(error instanceof Error && '$metadata' in error)) {
      throw error;
    }
    if (/^No updates are to be performed/.test(error.message)) {
      return undefined;
    }
    const isBusy = /_IN_PROGRESS/.test(error.message);
    throw new OperateError(
      isBusy
        ? `stack ${stack.name}: another deploy has begun (${error.message}); roll back again`
        : `stack ${stack.name}: CloudFormation refused the update: ${error.message}`,
      isBusy ? exitCodes.differs : exitCodes.refused,
    );
  }
  return since;
}
