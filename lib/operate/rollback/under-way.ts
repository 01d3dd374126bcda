import { releaseStateOf } from '../../release/release-state';
import { type SlotName, slotNames } from '../../release/slots';
import type { AskedService } from '../asked-service';
import type { DeployedStack } from '../deployed/deployed-stack';
import type { StackEvent } from '../deployed/stack-events';
import type { LiveState } from '../live/live-state';
import type { SlotOrder } from '../live/slot-order';
import { routeOf } from '../live/slot-resources';
import { OperateError } from '../operate-error';
import { deployCommand, releaseCommand } from '../typed-command';
import { allTo, checkTasks, namedFirst, weightsOf } from './jump';
import { withWeights } from './with-weights';

/**
 * The slot that answers everything after a rollback that cancels the deploy that is under way; `undefined` when no slot runs that was there
 * before it.
 *
 * Whatever would be refused once it is cancelled is refused here, when nothing has changed yet.
 *
 * @param named the slot that was asked for; `undefined`: the one that was there first
 * @param order which one that is
 * @throws OperateError when that slot will not be there, cannot take the requests, or when it is not clear which one was there first
 */
export function slotAfterCancel(
  asked: AskedService,
  stack: DeployedStack,
  live: LiveState,
  named: SlotName | undefined,
  order: SlotOrder | undefined,
): SlotName | undefined {
  // What this deploy has made goes with it.
  const staying = slotNames.filter((slot) => (live[slot]?.createdAt ?? stack.changedAt) < stack.changedAt);
  if (named !== undefined && !staying.includes(named)) {
    const why = live[named] === undefined ? 'is off' : 'came with the deploy that is under way, and goes when that is cancelled';
    throw new OperateError(
      `--to: got ${named}, which ${why}, expected ${staying.join(' or ') || 'a slot that runs'}; wait for the end of that deploy with ` +
        `${releaseCommand(asked, 'status', '--watch')}, then roll back again`,
    );
  }
  const [only, second] = staying;
  const to = named ?? (second === undefined || order === undefined ? only : namedFirst(asked, staying, order));
  if (to === undefined) {
    return undefined;
  }
  // Tasks that this deploy replaces may come back.
  if (live[to]?.rollingOut !== true) {
    checkTasks(to, live);
  }
  const state = releaseStateOf(stack.state);
  if (state[to].active) {
    const after = allTo(to, state);
    withWeights(stack.template, weightsOf(after), deployCommand(asked, after));
  }
  return to;
}

/** Whether a deploy has set the rule already: what the rule says now is where that deploy goes. */
export function hasSetRoute(stack: Pick<DeployedStack, 'physicalIds'>, events: readonly StackEvent[]): boolean {
  const route = routeOf(stack);
  return events.some(({ physicalId, status }) => physicalId === route && status.endsWith('_COMPLETE'));
}
