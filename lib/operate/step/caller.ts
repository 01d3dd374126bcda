import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../aws-clients';

/** The ARN of who makes the calls. */
export async function callerArn({ sts }: Pick<AwsClients, 'sts'>): Promise<string> {
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return Arn;
}
