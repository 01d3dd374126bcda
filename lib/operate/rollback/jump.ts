import type { ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import { describeSplit } from '../../release/weights';
import type { AskedService } from '../asked-service';
import { exitCodes } from '../exit-codes';
import { type LiveState, shareOf } from '../live/live-state';
import { type SlotOrder, slotOrder } from '../live/slot-order';
import { OperateError } from '../operate-error';
import { cdkCommand, deployCommand, releaseCommand } from '../typed-command';

/** Where a rollback goes. */
export interface Jump {
  /** The slot that is to answer everything. */
  readonly to: SlotName;

  /** The flags after it: both slots stay on. */
  readonly after: ReleaseState;
}

/** Why there is nowhere to go. */
export interface NoJump {
  /** Who answers the requests, in words. */
  readonly fact: string;

  /** What brings back a slot that is off; `undefined`: nothing has to be brought back. */
  readonly advice: string | undefined;

  /** Whether the slot is where it is to be, so that the files may say so too. */
  readonly isThere: boolean;
}

/**
 * Where a rollback goes from what is deployed and live: to the slot that was there first, or to the one that is named.
 *
 * @param asked for the commands in what is said
 * @param deployed what is deployed
 * @param named the slot that was asked for; `undefined`: the one that was there first
 * @param order which one that is
 * @throws OperateError when that slot cannot take the requests, when it is not clear which one was there first, or when what is live is not
 * what is deployed
 */
export function jumpFrom(
  asked: AskedService,
  deployed: ReleaseState,
  live: LiveState,
  named: SlotName | undefined,
  order: SlotOrder | undefined = slotOrder(live),
): Jump | NoJump {
  const active = slotNames.filter((slot) => deployed[slot].active);
  const [only, second] = active;
  if (only === undefined) {
    throw new OperateError(`stack ${asked.stackName}: got no slot that is on, expected one`, exitCodes.differs);
  }
  if (named !== undefined && !active.includes(named)) {
    throw new OperateError(`--to: got ${named}, which is off, expected ${active.join(' or ')}; ${bringBack(asked, named, only)}`);
  }
  if (second === undefined) {
    const off = slotNames.filter((slot) => slot !== only);
    return {
      fact: `${only} answers everything and ${off.join(', ')} is off`,
      advice: off.map((slot) => bringBack(asked, slot, only)).join('; '),
      isThere: false,
    };
  }
  const to = named ?? firstOf(asked, active, live, order);
  const shares = { deployed: shareOfSlot(to, deployed), live: shareOf(to, liveWeights(live)) };
  if (shares.deployed === 1) {
    if (shares.live !== 1) {
      throw differ(asked, deployed, live);
    }
    return { fact: `${to} answers everything already`, advice: undefined, isThere: true };
  }
  checkTasks(to, live);
  return {
    to,
    after: allTo(to, deployed),
  };
}

/** A state in which one slot answers everything, and no slot is turned on or off. */
export function allTo(to: SlotName, state: ReleaseState): ReleaseState {
  return Object.fromEntries(
    slotNames.map((slot) => [slot, { active: state[slot].active, weight: slot === to ? 1 : 0 }]),
  ) as unknown as ReleaseState;
}

/** What is said when the rule has other weights than the template. */
export function differ(asked: AskedService, deployed: ReleaseState, live: LiveState): OperateError {
  return new OperateError(
    `live and deployed differ: ${splitOf(liveWeights(live))} live, ${splitOf(weightsOf(deployed))} deployed; ` +
      cdkCommand(asked, 'deploy', asked.stackName, '--revert-drift'),
    exitCodes.differs,
  );
}

/** The weights of the slots that are on. */
export function weightsOf(state: ReleaseState): Readonly<Partial<Record<SlotName, number>>> {
  return Object.fromEntries(slotNames.filter((slot) => state[slot].active).map((slot) => [slot, state[slot].weight]));
}

/** How requests are split by weights, in words. */
export function splitOf(weights: Readonly<Partial<Record<SlotName, number | undefined>>>): string {
  const named = slotNames.flatMap((name) => {
    const weight = weights[name];
    return weight === undefined ? [] : [{ name, weight }];
  });
  return named.some(({ weight }) => weight > 0) ? describeSplit(named) : 'no slot';
}

/** The weights that are live. */
export function liveWeights(live: LiveState): Readonly<Partial<Record<SlotName, number | undefined>>> {
  return Object.fromEntries(slotNames.map((slot) => [slot, live[slot]?.weight]));
}

function shareOfSlot(slot: SlotName, state: ReleaseState): number | undefined {
  return shareOf(slot, weightsOf(state));
}

function firstOf(asked: AskedService, active: readonly SlotName[], live: LiveState, order: SlotOrder | undefined): SlotName {
  const gone = active.filter((slot) => live[slot] === undefined);
  if (gone.length > 0 || order === undefined) {
    throw new OperateError(
      `${gone.join(', ')}: deployed, but its ECS service is not there; ${cdkCommand(asked, 'deploy', asked.stackName, '--revert-drift')}`,
      exitCodes.differs,
    );
  }
  return namedFirst(asked, active, order);
}

/**
 * The slot that was there first.
 *
 * @throws OperateError when that is not clear
 */
export function namedFirst(asked: AskedService, active: readonly SlotName[], order: SlotOrder): SlotName {
  if (order.doubt !== undefined) {
    const commands = active.map((slot) => releaseCommand(asked, 'rollback', '--to', slot));
    throw new OperateError(
      `--to: got none, expected ${active.join(' or ')}, since ${order.doubt}; name the one that is to answer everything: ` +
        commands.join(', or '),
    );
  }
  return order.first;
}

/**
 * Sees that a slot can take all requests.
 *
 * @throws OperateError when none of its tasks can answer
 */
export function checkTasks(to: SlotName, live: LiveState): void {
  const { tasks, healthyTargets } = live[to] ?? { tasks: { desired: 0, running: 0 }, healthyTargets: undefined };
  if (tasks.running === 0) {
    throw new OperateError(
      `${to}: ${tasks.running} of ${tasks.desired} tasks run, expected one at least before it gets all requests; look at why with ` +
        'the events of its ECS service',
    );
  }
  if (healthyTargets === 0) {
    throw new OperateError(
      `${to}: 0 of ${tasks.running} tasks healthy, expected one at least before it gets all requests; look at its health check`,
    );
  }
}

// As it was before the last step of a release: from there it is one jump.
function bringBack(asked: AskedService, off: SlotName, on: SlotName): string {
  const state = Object.fromEntries(
    slotNames.map((slot) => [slot, { active: slot === off || slot === on, weight: slot === on ? 1 : 0 }]),
  ) as unknown as ReleaseState;
  return `${off} comes back with ${deployCommand(asked, state)}, ` + `and then ${releaseCommand(asked, 'rollback', '--to', off)}`;
}
