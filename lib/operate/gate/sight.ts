import type { ReleaseDirection, ReleaseState } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import { type SlotName, slotNames } from '../../release/slots';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { type Declared, readDeclared } from '../declared/read-declared';
import type { DeployedStack } from '../deployed/deployed-stack';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackEvents } from '../deployed/stack-events';
import { stackCondition } from '../deployed/stack-status';
import { exitCodes } from '../exit-codes';
import type { LiveState } from '../live/live-state';
import { readLiveState } from '../live/read-live-state';
import { readSlotOrder, type SlotOrder, slotOrder } from '../live/slot-order';
import { routeOf } from '../live/slot-resources';
import type { DeployedAlarm } from '../measured/alarm-state';
import type { MeasuredMinute } from '../measured/measured-minute';
import { minuteMs } from '../measured/minute-ms';
import { readAlarms } from '../measured/read-alarms';
import { readMinutes } from '../measured/read-minutes';
import { OperateError } from '../operate-error';
import { cdkCommand, releaseCommand } from '../typed-command';
import { comparedMinutes } from './comparison';
import { lateMinutes } from './drain';
import { inForceSince } from './in-force';
import { nothingToRelease } from './nothing-to-release';

/** All that is known of a service before its next step. */
export interface Sight {
  readonly declared: Declared;
  readonly stack: DeployedStack;

  /** What is deployed. */
  readonly state: ReleaseState;
  readonly live: LiveState;
  readonly direction: ReleaseDirection;

  /** Why there is nothing to release; `undefined`: there is something, or a slot was named. */
  readonly nothingToRelease: string | undefined;
  readonly alarms: readonly DeployedAlarm[];

  /** The whole minutes since the weights are in force, oldest first, the last ones only. */
  readonly minutes: readonly MeasuredMinute[];

  /** How long after a deploy its weights are in force everywhere, in milliseconds. */
  readonly settleMs: number;
}

/**
 * Looks at a service.
 *
 * @param to the slot of the new version; without, the one that joined later, or the one that is off
 * @throws OperateError when the stack is not there, busy or stuck, or when it is not clear which slot is new
 */
export async function look(asked: AskedService, clients: AwsClients, to?: SlotName): Promise<Sight> {
  const declared = readDeclared(asked);
  const stack = await settledStack(asked, clients);
  const length = minuteMs(clients.environment);
  // A minute of CloudWatch that takes less time stands for all the time that AWS takes.
  const settleMs = (Number(stack.outputs.SettleSeconds ?? 0) * length) / 60;
  const state = releaseStateOf(stack.state);
  const [live, alarms, events, nothing] = await Promise.all([
    readLiveState(clients, stack),
    readAlarms(clients, stack),
    stackEvents(clients, stack, stack.changedAt),
    to === undefined ? nothingToRelease(clients, declared.settings, state) : undefined,
  ]);
  const direction = await readDirection(clients, stack, live, to);
  const now = Date.now();
  const since = inForceSince({ route: routeOf(stack), changedAt: stack.changedAt, events, settleMs });
  const minutes = await readMinutes(clients, stack, Math.max(since, now - (comparedMinutes + lateMinutes) * length), now);
  return { declared, stack, state, live, direction, nothingToRelease: nothing, alarms, minutes, settleMs };
}

/**
 * The stack of a service, on which nobody works.
 *
 * @throws OperateError when it is not there, busy or stuck
 */
export async function settledStack(asked: AskedService, clients: AwsClients): Promise<DeployedStack> {
  const name = `stack ${asked.stackName}`;
  const stack = await readDeployedStack(clients, asked.stackName);
  if (stack === undefined) {
    throw new OperateError(`${name}: is not there, expected one; first ${cdkCommand(asked, 'deploy')}`, exitCodes.differs);
  }
  const condition = stackCondition(stack.status);
  if (condition.kind === 'busy') {
    throw new OperateError(
      `${name}: is ${stack.status}, expected a deploy to be over; ${releaseCommand(asked, 'status', '--watch')}`,
      exitCodes.differs,
    );
  }
  if (condition.kind !== 'settled') {
    const mend = condition.kind === 'stuck' ? condition.mend : 'deploy';
    throw new OperateError(`${name}: is ${stack.status}; ${cdkCommand(asked, mend, asked.stackName)}`, exitCodes.differs);
  }
  return stack;
}

/** From which slot to which one a release goes: of two slots that are on, the one that joined later is new. */
export function directionOf(
  state: ReleaseState,
  live: LiveState,
  to?: SlotName,
  order: SlotOrder | undefined = slotOrder(live),
): ReleaseDirection {
  const other = (slot: SlotName) => slotNames.find((each) => each !== slot) as SlotName;
  if (to !== undefined) {
    return { from: other(to), to };
  }
  const active = slotNames.filter((slot) => state[slot].active);
  // Of two, one whose service is gone counts as new.
  const there = active.filter((slot) => live[slot] !== undefined);
  const [from = slotNames[0]] = order && there.length > 1 ? [order.first] : [...there, ...active];
  return { from, to: other(from) };
}

/** Why it has to be said which slot is new; `undefined`: it is clear. */
export function directionProblem(state: ReleaseState, order: SlotOrder | undefined, to?: SlotName): string | undefined {
  const isOpen = to === undefined && slotNames.every((slot) => state[slot].active);
  return isOpen && order?.doubt !== undefined
    ? `--to: got none, expected ${slotNames.join(' or ')}, since ${order.doubt}; name the slot of the new version, for example --to ${order.later}`
    : undefined;
}

/**
 * The same, of what AWS says.
 *
 * @throws OperateError when it has to be said which slot is new
 */
export async function readDirection(
  clients: AwsClients,
  stack: DeployedStack,
  live: LiveState,
  to?: SlotName,
): Promise<ReleaseDirection> {
  const state = releaseStateOf(stack.state);
  const order = await readSlotOrder(clients, stack, live);
  const problem = directionProblem(state, order, to);
  if (problem !== undefined) {
    throw new OperateError(problem);
  }
  return directionOf(state, live, to, order);
}
