import type { ReleaseDirection, ReleaseState, ReleaseStep } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import { type SlotName, slotNames } from '../../release/slots';
import type { AskedService } from '../asked-service';
import { defaultLadder } from '../command-line';
import type { DeployedStack } from '../deployed/deployed-stack';
import { stackCondition } from '../deployed/stack-status';
import { sharesOfState } from '../gate/shares';
import { directionOf, directionProblem } from '../gate/sight';
import { type LiveState, type LiveTasks, shareOf } from '../live/live-state';
import { type SlotOrder, slotOrder } from '../live/slot-order';
import type { DeployedAlarm } from '../measured/alarm-state';
import type { MeasuredMinute } from '../measured/measured-minute';
import { releaseCommand } from '../typed-command';
import { alarmsGoneOff } from './alarms-gone-off';
import { type DeclaredState, type Difference, differencesOf, type SlotShares } from './differences';
import { type LadderStep, ladderOf } from './ladder';
import { type SlotTraffic, trafficOf } from './slot-traffic';

/**
 * One word for the whole: `steady` with one slot and no release under way, `waiting` for a person with both slots, else what is in the way;
 * `unknown` where the files do not tell what is declared.
 */
export type StatusWord = 'steady' | 'waiting' | 'unknown' | Difference['word'];

/** What is known of one slot. */
export interface SlotStatus extends SlotShares {
  /** What is deployed, or declared where nothing is. */
  readonly image: string | undefined;
  readonly tasks: LiveTasks | undefined;

  /** `undefined`: the plane does not tell, or the slot is off. */
  readonly healthyTargets: number | undefined;

  /** `undefined`: the slot is off. */
  readonly traffic: SlotTraffic | undefined;
}

/** A command to type, and what it does. */
export interface Suggestion {
  readonly command: string;
  readonly does: string;
}

/** How a release stands. */
export interface Status {
  readonly word: StatusWord;
  readonly stack: string;

  /** Name of the service; that of the stack while there is none. */
  readonly service: string;

  /** What CloudFormation says, such as `UPDATE_COMPLETE`; `undefined`: there is no such stack. */
  readonly stackStatus: string | undefined;
  readonly plane: string | undefined;
  readonly direction: ReleaseDirection;

  /** Whether that is clear; else one of the problems says why it is not. */
  readonly isDirectionClear: boolean;
  readonly slots: Readonly<Record<SlotName, SlotStatus>>;

  /** Whether the files could be read. */
  readonly isDeclaredKnown: boolean;

  /** When what is deployed began to be. */
  readonly since: Date | undefined;

  /** The steps of the release with marks; empty while nothing is deployed. */
  readonly ladder: readonly LadderStep[];

  /** How many deploys of the release are done, and how many there are; `undefined`: none is under way. */
  readonly step: { readonly number: number; readonly of: number } | undefined;

  /** Alarms that have gone off, by name. */
  readonly alarms: readonly string[];
  readonly differences: readonly Difference[];

  /** What could not be found out, one line each. */
  readonly problems: readonly string[];

  /** Why there is nothing to release; `undefined`: there is something, or a release is under way. */
  readonly nothingToRelease: string | undefined;
  readonly next: Suggestion | undefined;
  readonly back: Suggestion | undefined;
}

/** All that a status is made of. */
export interface StatusSources {
  readonly asked: AskedService;

  /** The slot that gets the new version, where it was named. */
  readonly to: SlotName | undefined;

  /** Shares of the new version in percent. */
  readonly ladder: readonly number[];

  /** `undefined`: there is no such stack. */
  readonly stack: DeployedStack | undefined;
  readonly live: LiveState;

  /** Which slot was there first. @default - as the ages of the services tell */
  readonly order?: SlotOrder | undefined;

  /** The last whole minutes. */
  readonly minutes: readonly MeasuredMinute[];
  readonly alarms: readonly DeployedAlarm[];

  /** `undefined`: the files cannot be read, and the problems say why. */
  readonly declared: DeclaredState | undefined;
  readonly problems: readonly string[];

  /**
   * Why there is nothing to release.
   *
   * @default - there is something
   */
  readonly nothingToRelease?: string | undefined;
}

const off = { active: false, weight: 0 };

/** What is deployed where there is no stack. */
const nothing = Object.fromEntries(slotNames.map((slot) => [slot, off])) as unknown as ReleaseState;

/** Puts together how a release stands. */
export function statusOf(sources: StatusSources): Status {
  const { stack, live, minutes, declared, problems, alarms } = sources;
  // Without its files, a stack can be led back by its name, and nowhere else.
  const asked = { ...sources.asked, isStackNamed: declared === undefined };
  const deployed = stack ? releaseStateOf(stack.state) : nothing;
  const order = sources.order ?? slotOrder(live);
  const direction = directionOf(deployed, live, sources.to, order);
  const unclear = directionProblem(deployed, order, sources.to);
  const slots = Object.fromEntries(
    slotNames.map((slot) => [
      slot,
      {
        declared: declared && sharesOfState(declared.state)[slot],
        deployed: sharesOfState(deployed)[slot],
        live: liveShare(live, slot),
        image: textOf(stack?.state.slots[slot]?.image) ?? declared?.images[slot],
        tasks: live[slot]?.tasks,
        healthyTargets: live[slot]?.healthyTargets,
        traffic: live[slot] && trafficOf(slot, minutes),
      },
    ]),
  ) as Record<SlotName, SlotStatus>;
  const differences = differencesOf({ asked, stack, slots, declared });
  const word = differences[0]?.word ?? wordOf(sources, deployed);
  const { steps, done, ahead } = ladderOf({ ladder: sources.ladder, to: direction.to }, deployed);
  return {
    word,
    stack: asked.stackName,
    service: textOf(stack?.state.wayIn.serviceName) ?? asked.stackName,
    stackStatus: stack?.status,
    plane: stack?.state.wayIn.plane,
    direction,
    isDirectionClear: unclear === undefined,
    slots,
    isDeclaredKnown: declared !== undefined,
    since: stack?.changedAt,
    ladder: stack && unclear === undefined ? steps : [],
    step:
      stack && unclear === undefined && slotNames.every((slot) => deployed[slot].active)
        ? { number: done, of: done + ahead.length }
        : undefined,
    alarms: alarmsGoneOff(alarms, live, stack?.state.wayIn.plane).map(({ name }) => name),
    differences,
    problems: [...problems, ...(unclear === undefined ? [] : [unclear])],
    nothingToRelease: differences.length === 0 ? sources.nothingToRelease : undefined,
    ...(differences.length === 0 && unclear === undefined
      ? suggestions({ ...sources, asked }, direction, slots, ahead)
      : { next: undefined, back: isCancellable(stack) ? cancellation({ ...sources, asked }, direction) : undefined }),
  };
}

// Who names the stack has said that the files do not count.
function wordOf({ asked, declared }: StatusSources, deployed: ReleaseState): StatusWord {
  if (declared === undefined && !asked.isStackNamed) {
    return 'unknown';
  }
  return slotNames.every((slot) => deployed[slot].active) ? 'waiting' : 'steady';
}

function isCancellable(stack: DeployedStack | undefined): boolean {
  const condition = stack && stackCondition(stack.status);
  return condition?.kind === 'busy' && condition.cancellable;
}

// What is deployed when it has been cancelled is not known yet, and with it which slot was there first.
function cancellation({ asked, to }: StatusSources, { from }: ReleaseDirection): Suggestion {
  const first = to === undefined ? 'the slot that was there first' : from;
  return { command: rollbackCommand(asked, to, from), does: `cancels that deploy; ${first} answers everything` };
}

function rollbackCommand(asked: AskedService, to: SlotName | undefined, from: SlotName): string {
  return releaseCommand(asked, 'rollback', ...(to === undefined ? [] : ['--to', from]));
}

function suggestions(
  sources: StatusSources,
  direction: ReleaseDirection,
  slots: Readonly<Record<SlotName, SlotStatus>>,
  ahead: readonly ReleaseStep[],
): Pick<Status, 'next' | 'back'> {
  const { asked, to, ladder, declared } = sources;
  const [first] = sources.nothingToRelease === undefined ? ahead : [];
  const { from } = direction;
  const chosen = [
    ...(ladder.join() === defaultLadder.join() ? [] : ['--ladder', ladder.join()]),
    ...(to === undefined ? [] : ['--to', to]),
  ];
  const isBack = slots[from].deployed === undefined || slots[from].deployed === 1;
  return {
    next: declared && first && { command: releaseCommand(asked, 'next', ...chosen), does: `${first.name}: ${first.description}` },
    back: isBack
      ? undefined
      : {
          command: rollbackCommand(asked, to, from),
          does: `${from} answers everything; ${direction.to} keeps running`,
        },
  };
}

// A slot that runs and that the rule does not name gets nothing.
function liveShare(live: LiveState, slot: SlotName): number | undefined {
  const running = slotNames.filter((each) => live[each] !== undefined);
  const weights = Object.fromEntries(running.map((each) => [each, live[each]?.weight ?? 0]));
  return live[slot] && (shareOf(slot, weights) ?? 0);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
