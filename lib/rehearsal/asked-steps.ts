import type { Fault } from '../local/tasks/fault';
import { canary, type ReleaseStep, release, rollback } from '../release/release';
import { type SlotName, slotNames } from '../release/slots';
import type { CommandLine } from './command-line';
import { RehearsalError } from './rehearsal-error';

/** The steps that a rehearsal goes through, there and perhaps back. */
export interface AskedSteps {
  readonly steps: readonly ReleaseStep[];

  /** Its slot is named as on the command line, and not by its label. */
  readonly fault: (Omit<Fault, 'slot'> & { readonly slot: SlotName }) | undefined;

  /** Index of the first step that goes back. */
  readonly backAt: number | undefined;
}

/** The release that the command line asks for. */
export function releaseOf({ to, ladder }: CommandLine): readonly ReleaseStep[] {
  const from = slotNames.find((name) => name !== to) ?? to;
  return ladder === undefined ? release({ from, to }) : canary(ladder, { from, to });
}

/**
 * Adds to a release what the command line asks for: a fault, and a way back.
 *
 * @throws RehearsalError when the release has no such step
 */
export function askedSteps(line: CommandLine, forward: readonly ReleaseStep[]): AskedSteps {
  const fault = faultOf(line, forward);
  const at = rollbackOf(line, forward, fault?.step);
  return at === undefined
    ? { steps: forward, fault, backAt: undefined }
    : { steps: [...forward.slice(0, at + 1), ...rollback(forward, at)], fault, backAt: at + 1 };
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
  const loaded = steps.flatMap(({ state }, index) => (index > 0 && state[slot].active && state[slot].weight > 0 ? [index] : []));
  const step = fault.step ?? loaded[0];
  if (step === undefined || !loaded.includes(step)) {
    throw new RehearsalError(
      `--fault: got step ${fault.step ?? 'none'}, expected a step in which ${slot} gets requests: ${numbered(steps, loaded)}`,
    );
  }
  return { slot, name, step };
}

// With a fault, going back is the point of it.
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
