import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { proveLive } from '../live/prove-live';
import { readLiveState } from '../live/read-live-state';
import { differ, type Jump } from './jump';

/** CloudFormation is done when the plane has taken the weights: what is not there soon does not come. */
const timeoutMs = 30_000;
const pauseMs = 250;

/**
 * Asks the traffic plane until it says that the slot has all requests.
 *
 * @throws OperateError when it does not
 */
export async function proveJump(
  asked: AskedService,
  clients: AwsClients,
  stack: DeployedStack,
  { after }: Jump,
  signal: AbortSignal,
): Promise<void> {
  const read = () => readLiveState(clients, stack);
  const { live, isLive } = await proveLive({ state: after, read, timeoutMs, pauseMs, signal });
  if (!isLive) {
    throw differ(asked, after, live);
  }
}
