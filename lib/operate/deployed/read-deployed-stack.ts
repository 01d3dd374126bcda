import {
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { DeployedState } from '../../release/deployed-state';
import type { AwsClients } from '../aws-clients';
import { exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';
import type { DeployedStack } from './deployed-stack';
import { guardedStateIn } from './guarded-state-in';

/** A stack of which only a change set was made, or that is gone. */
const notThere = /^(REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/;

/**
 * A stack as CloudFormation has it; `undefined` when it is not there.
 *
 * @throws OperateError when the state of a release cannot be told from it: it is not written in JSON, or has no release guard, or several
 */
export async function readDeployedStack(
  { cloudFormation }: Pick<AwsClients, 'cloudFormation'>,
  stackName: string,
): Promise<DeployedStack | undefined> {
  const stack = await described(cloudFormation, stackName);
  if (stack === undefined || notThere.test(stack.StackStatus ?? '')) {
    return undefined;
  }
  const [template, physicalIds] = await Promise.all([templateOf(cloudFormation, stackName), idsOf(cloudFormation, stackName)]);
  return {
    name: stack.StackName ?? stackName,
    id: stack.StackId ?? '',
    status: stack.StackStatus ?? '',
    statusReason: stack.StackStatusReason || undefined,
    changedAt: stack.LastUpdatedTime ?? stack.CreationTime ?? new Date(0),
    template,
    state: stateIn(template, stackName),
    outputs: Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    parameters: (stack.Parameters ?? []).flatMap(({ ParameterKey }) => ParameterKey ?? []),
    rollbackTriggers: (stack.RollbackConfiguration?.RollbackTriggers ?? []).flatMap(({ Arn }) => Arn ?? []),
    roleArn: stack.RoleARN,
    physicalIds,
  };
}

async function described(client: AwsClients['cloudFormation'], StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

async function templateOf(client: AwsClients['cloudFormation'], StackName: string): Promise<string> {
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }));
  return TemplateBody;
}

async function idsOf(client: AwsClients['cloudFormation'], StackName: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId = '', PhysicalResourceId, ResourceStatus } of StackResourceSummaries) {
      if (PhysicalResourceId && ResourceStatus !== 'DELETE_COMPLETE') {
        ids.set(LogicalResourceId, PhysicalResourceId);
      }
    }
  }
  return ids;
}

function stateIn(template: string, stackName: string): DeployedState {
  const found = guardedStateIn(template);
  if (typeof found === 'string') {
    throw new OperateError(`stack ${stackName}: ${found}`, exitCodes.refused);
  }
  return found;
}
