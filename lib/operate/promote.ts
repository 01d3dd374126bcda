import { canary, type ReleaseStep } from '../release/release';
import { flagsOf } from '../settings/flags';
import type { AskedService } from './asked-service';
import type { OperateLine } from './command-line';
import type { ExitCode } from './exit-codes';
import { inWords, sharesOfState } from './gate/shares';
import { OperateError } from './operate-error';
import type { OperateTerminal } from './operate-terminal';
import { makeStep } from './step/make-step';
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
  return makeStep(
    asked,
    line,
    ({ state, direction }) => {
      const { to } = direction;
      // Of a release with this one share: before it, the slot at 0, the share, and what comes after it.
      const [, , step] = canary([line.share], direction) as [ReleaseStep, ReleaseStep, ReleaseStep];
      const present = sharesOfState(state)[to];
      if (present === undefined) {
        throw new OperateError(
          `${to}: is off, expected its tasks to be there before it gets requests; first ${releaseCommand(asked, 'next', '--to', to)}`,
        );
      }
      const share = line.share / 100;
      if (share < present) {
        const flags = Object.entries(flagsOf(step.state)).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
        throw new OperateError(
          `promote: got ${inWords(share)}, expected more than ${inWords(present)}, which ${to} has; ` +
            `to lower it: ${cdkCommand(asked, 'deploy', ...flags)}`,
        );
      }
      return share === present && state[direction.from].active
        ? `${to} answers ${inWords(present)} of the requests already`
        : share === present
          ? `${to} answers everything, and ${direction.from} is off`
          : { step, title: `${step.name}: ${step.description}` };
    },
    terminal,
    signal,
  );
}
