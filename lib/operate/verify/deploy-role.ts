import type { AwsClients } from '../aws-clients';
import { assumedRole, bootstrapOf, bootstrapRoleArn } from '../deploy-role';
import type { DeployedStack } from '../deployed/deployed-stack';
import { looked } from './looked';
import type { VerifyItem } from './verify-item';

/** Whether whoever asks may take the role with which the CDK deploys. */
export function verifyDeployRole(
  clients: AwsClients,
  stack: Pick<DeployedStack, 'id' | 'roleArn' | 'template'>,
): Promise<VerifyItem> {
  return looked({ part: 'account', name: 'deploy role' }, async () => {
    const bootstrap = bootstrapOf(stack);
    if (bootstrap === undefined) {
      return ['not looked at', 'the stack was deployed without the roles of a bootstrap'];
    }
    const { problem } = await assumedRole(clients, bootstrap, 'deploy-role');
    return problem === undefined
      ? ['ok', `may be assumed: ${bootstrapRoleArn(bootstrap, 'deploy-role')}`]
      : ['not ok', `${problem}; allow sts:AssumeRole on it`];
  });
}
