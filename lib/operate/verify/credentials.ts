import type { AwsClients } from '../aws-clients';
import { OperateError } from '../operate-error';
import type { VerifyItem } from './verify-item';

/** Whether AWS knows who asks. */
export async function verifyCredentials({ sts }: Pick<AwsClients, 'sts'>): Promise<VerifyItem> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const item = { part: 'account', name: 'credentials' } as const;
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return { ...item, verdict: 'ok', sentence: `account ${Account}, as ${Arn}` };
  } catch (error) {
    if (!(error instanceof OperateError)) {
      throw error;
    }
    return { ...item, verdict: 'not ok', sentence: error.message.replace(/^credentials: /, '') };
  }
}
