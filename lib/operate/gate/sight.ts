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
 * @throws OperateError when the stack is not there, busy or stuck
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
  const now = Date.now();
  const since = inForceSince({ route: routeOf(stack), changedAt: stack.changedAt, events, settleMs });
  const minutes = await readMinutes(clients, stack, Math.max(since, now - (comparedMinutes + lateMinutes) * length), now);
  const direction = directionOf(state, live, to);
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
export function directionOf(state: ReleaseState, live: LiveState, to?: SlotName): ReleaseDirection {
  const other = (slot: SlotName) => slotNames.find((each) => each !== slot) as SlotName;
  if (to !== undefined) {
    return { from: other(to), to };
  }
  const active = slotNames.filter((slot) => state[slot].active);
  const byAge = [...active].sort((one, two) => createdAt(live, one) - createdAt(live, two));
  const [from = slotNames[0]] = byAge;
  return { from, to: other(from) };
}

function createdAt(live: LiveState, slot: SlotName): number {
  return live[slot]?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
}
