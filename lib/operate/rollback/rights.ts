import type { AwsClients } from '../aws-clients';
import { assumedRole, type Bootstrap, type BootstrapRole, bootstrapOf } from '../deploy-role';
import type { DeployedStack } from '../deployed/deployed-stack';

/** With whose rights a stack is updated. */
export interface Rights {
  /** With which it was deployed; `undefined`: with none. */
  readonly bootstrap: Bootstrap | undefined;

  /** Who may deploy. */
  readonly deploying: AwsClients;

  /** Who may write into the bucket of the bootstrap. */
  readonly publishing: AwsClients;
}

/**
 * The roles of the bootstrap of a stack; where one may not be taken, it is said that the rights of the caller are used.
 *
 * @param say is told so
 */
export async function rightsFor(clients: AwsClients, stack: DeployedStack, say: (sentence: string) => void): Promise<Rights> {
  const bootstrap = bootstrapOf(stack);
  const assumed = async (role: BootstrapRole) => {
    const taken = bootstrap ? await assumedRole(clients, bootstrap, role) : { clients, problem: undefined };
    if (taken.problem !== undefined) {
      say(taken.problem);
    }
    return taken.clients;
  };
  const [deploying, publishing] = await Promise.all([assumed('deploy-role'), assumed('file-publishing-role')]);
  return { bootstrap, deploying, publishing };
}
