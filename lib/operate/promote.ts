import { canary, type ReleaseStep } from '../release/release';
import { flagsOf } from '../settings/flags';
import type { AskedService } from './asked-service';
import type { OperateLine } from './command-line';
import type { ExitCode } from './exit-codes';
import { inWords, sharesOfState } from './gate/shares';
import { OperateError } from './operate-error';
import type { OperateTerminal } from './operate-terminal';
import { makeStep } from './step/make-step';
import type { ChooseStep } from './step/step-options';
import { cdkCommand, releaseCommand } from './typed-command';

/**
 * Gives the new version one share of the requests, in one deploy, with the same checks as any step.
 *
 * @throws OperateError when it is not made, or did not come to stay
 */
export function promote(
  line: OperateLine,
  asked: AskedService,
  terminal: OperateTerminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  return makeStep(asked, line, stepTo(line.share, asked), terminal, signal);
}

/**
 * Chooses the one step that gives the new version a share.
 *
 * @param share in percent
 */
export function stepTo(share: number, asked: AskedService): ChooseStep {
  return ({ state, direction }) => {
    const { from, to } = direction;
    // Of a release with this one share: what was before it, the new version without requests, the share, and what comes then.
    const [, , step] = canary([share], direction) as [ReleaseStep, ReleaseStep, ReleaseStep];
    const present = sharesOfState(state)[to];
    if (present === undefined) {
      throw new OperateError(
        `${to}: is off, expected its tasks to be there before it gets requests; first ${releaseCommand(asked, 'next', '--to', to)}`,
      );
    }
    if (share / 100 > present) {
      return { step, title: `${step.name}: ${step.description}` };
    }
    if (share / 100 === present) {
      const whole = state[from].active ? '' : `, and ${from} is off`;
      return `${to} answers ${inWords(present)} of the requests already${whole}`;
    }
    const flags = Object.entries(flagsOf(step.state)).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    throw new OperateError(
      `promote: got ${share} %, expected more than ${inWords(present)}, which ${to} has; ` +
        `to lower it: ${cdkCommand(asked, 'deploy', ...flags)}`,
    );
  };
}
