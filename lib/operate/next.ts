import { releasePosition } from '../release/remaining-steps';
import type { AskedService } from './asked-service';
import type { OperateLine } from './command-line';
import type { ExitCode } from './exit-codes';
import type { OperateTerminal } from './operate-terminal';
import { makeStep } from './step/make-step';
import type { ChooseStep } from './step/step-options';

/**
 * Makes the next step of a release, as soon as it may be made.
 *
 * @throws OperateError when it is not made, or did not come to stay
 */
export function next(line: OperateLine, asked: AskedService, terminal: OperateTerminal, signal: AbortSignal): Promise<ExitCode> {
  return makeStep(asked, line, nextStep(line.ladder), terminal, signal);
}

/** Chooses the first step that is left of a release along a ladder. */
export function nextStep(ladder: readonly number[]): ChooseStep {
  return ({ state, direction: { from, to }, nothingToRelease }) => {
    if (nothingToRelease !== undefined) {
      return nothingToRelease;
    }
    const { steps, at } = releasePosition({ ladder, to }, state);
    const step = steps[at + 1];
    return step === undefined
      ? `the release is done: ${to} answers everything, and ${from} is off`
      : { step, title: `step ${at + 1} of ${steps.length - 1}: ${step.name}: ${step.description}` };
  };
}
