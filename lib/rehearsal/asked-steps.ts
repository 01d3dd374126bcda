import type { Fault } from '../local/tasks/fault';
import { canary, oldSlot, type ReleaseState, type ReleaseStep, release, wayOut } from '../release/release';
import { type SlotName, slotNames } from '../release/slots';
import type { CommandLine } from './command-line';
import { RehearsalError } from './rehearsal-error';

/** The steps that a rehearsal goes through, to the end or out of the release. */
export interface AskedSteps {
  readonly steps: readonly ReleaseStep[];

  /** Its slot is named as on the command line, and not by its label. */
  readonly fault: (Omit<Fault, 'slot'> & { readonly slot: SlotName }) | undefined;

  readonly leaving: Leaving | undefined;
}

/** How a rehearsal leaves a release that does not end well. */
export interface Leaving {
  /** Index of the first step of the way out: the jump to the healthy slot, or where that has ended, its start. */
  readonly step: number;

  /** Index of the jump, after which the healthy slot answers everything. */
  readonly jump: number;

  /** Back to the old version, or on to the new one. */
  readonly going: 'back' | 'on';
}

/** The release that the command line asks for. */
export function releaseOf({ to, ladder }: CommandLine): readonly ReleaseStep[] {
  const from = slotNames.find((name) => name !== to) ?? to;
  return ladder === undefined ? release({ from, to }) : canary(ladder, { from, to });
}

/**
 * Adds to a release what the command line asks for: a fault, and a way out.
 *
 * @throws RehearsalError when the release has no such step
 */
export function askedSteps(line: CommandLine, forward: readonly ReleaseStep[]): AskedSteps {
  const fault = faultOf(line, forward);
  const old = oldSlot(forward);
  const at = rollbackOf(line, forward, fault?.step);
  if (at === undefined) {
    return { steps: forward, fault, leaving: undefined };
  }
  const healthy = slotNames.find((slot) => (fault ? slot !== fault.slot : slot === old)) ?? old;
  if (line.rollbackAt !== undefined && healthy !== old) {
    throw new RehearsalError(
      `--rollback-at: got ${at} with a fault of ${old}, expected no step, since going back leads to ${old}; without it the release goes on to ${healthy}`,
    );
  }
  const way = wayOut(forward, at, healthy);
  const jump = way.findIndex(({ state }) => slotNames.every((slot) => answers(state, slot) === (slot === healthy)));
  if (jump < 0) {
    throw new RehearsalError(
      `--${fault ? 'fault' : 'rollback-at'}: got step ${at}, expected a step after which ${healthy} can answer everything; add a template in which it does`,
    );
  }
  return {
    steps: [...forward.slice(0, at + 1), ...way],
    fault,
    leaving: { step: at + 1, jump: at + 1 + jump, going: healthy === old ? 'back' : 'on' },
  };
}

function answers(state: ReleaseState | undefined, slot: SlotName): boolean {
  return state?.[slot].active === true && state[slot].weight > 0;
}

function faultOf({ fault, commands }: CommandLine, steps: readonly ReleaseStep[]): AskedSteps['fault'] {
  if (fault === undefined) {
    return undefined;
  }
  const { slot, name } = fault;
  if (commands[slot] !== undefined && name !== 'crash') {
    throw new RehearsalError(
      `--fault: got ${name} for your own command in slot ${slot}, expected crash, which is all that can be done to it from outside`,
    );
  }
  const loaded = steps.flatMap(({ state }, index) => (index > 0 && answers(state, slot) ? [index] : []));
  const step = fault.step ?? loaded[0];
  if (step === undefined || !loaded.includes(step)) {
    throw new RehearsalError(
      `--fault: got step ${fault.step ?? 'none'}, expected a step in which ${slot} gets requests: ${numbered(steps, loaded)}`,
    );
  }
  return { slot, name, step };
}

// With a fault, leaving is the point of it.
function rollbackOf({ rollbackAt }: CommandLine, steps: readonly ReleaseStep[], fault: number | undefined): number | undefined {
  const at = rollbackAt ?? fault;
  if (at === undefined) {
    return undefined;
  }
  const all = steps.map((_, index) => index).slice(1);
  const possible = all.filter((index) => index >= (fault ?? 1));
  if (!possible.includes(at)) {
    throw new RehearsalError(`--rollback-at: got ${at}, expected the number of a step: ${numbered(steps, possible)}`);
  }
  return at;
}

function numbered(steps: readonly ReleaseStep[], indices: readonly number[]): string {
  return indices.map((index) => `${index} (${steps[index]?.name})`).join(', ') || 'there is none';
}
