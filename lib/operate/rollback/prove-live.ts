import { setTimeout as wait } from 'node:timers/promises';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { type LiveState, shareOf } from '../live/live-state';
import { readLiveState } from '../live/read-live-state';
import { differ, type Jump, liveWeights } from './jump';

/** CloudFormation is done when the plane has taken the weights: what is not there soon does not come. */
const longestMs = 30_000;
const pauseMs = 250;

/**
 * Asks the traffic plane until it says that the slot has all requests.
 *
 * @throws OperateError when it does not
 */
export async function proveLive(
  asked: AskedService,
  clients: AwsClients,
  stack: DeployedStack,
  { to, after }: Jump,
  signal: AbortSignal,
): Promise<LiveState> {
  const begun = performance.now();
  for (;;) {
    const live = await readLiveState(clients, stack);
    if (shareOf(to, liveWeights(live)) === 1) {
      return live;
    }
    if (performance.now() - begun > longestMs) {
      throw differ(asked, after, live);
    }
    await wait(pauseMs, undefined, { signal });
  }
}
