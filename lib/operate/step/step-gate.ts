import { isDeepStrictEqual } from 'node:util';
import type { ReleaseStep } from '../../release/release';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { ContextFile } from '../context-file';
import { exitCodes } from '../exit-codes';
import type { Check } from '../gate/check';
import { checksBefore } from '../gate/gate';
import { gateDisplay } from '../gate/gate-display';
import { look, type Sight } from '../gate/sight';
import { StepChecks } from '../gate/step-checks';
import { type GateResult, waitAtGate } from '../gate/wait-at-gate';
import { minuteMs } from '../measured/minute-ms';
import { NoAnswerError } from '../no-answer';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { cdkCommand } from '../typed-command';
import type { ChooseStep, StepOptions } from './step-options';

const usualTimeoutMs = 30 * 60_000;

/** From one look to the next, in milliseconds: often enough that nobody waits for it, and seldom enough for the limits of the APIs. */
const longestPauseMs = 5000;

/** What a step has to pass before it is deployed, and the person who is asked then. */
export class StepGate {
  /** What is said when there is no step to make. */
  nothing = '';

  private readonly stepChecks: StepChecks;
  private last: GateResult | undefined;
  private title = '';

  constructor(
    private readonly asked: AskedService,
    private readonly clients: AwsClients,
    private readonly options: Pick<StepOptions, 'to' | 'timeoutMs' | 'minRequests'>,
    private readonly choose: ChooseStep,
    private readonly terminal: OperateTerminal,
    private readonly signal: AbortSignal,
  ) {
    this.stepChecks = new StepChecks(asked);
  }

  /**
   * Waits until the step may be made, must not be made, or the time is over; `undefined`: the user has stopped it.
   *
   * @throws OperateError when it cannot be said which step it is
   */
  async pass(timeoutMs = this.options.timeoutMs ?? usualTimeoutMs): Promise<GateResult | undefined> {
    const { asked, clients, signal } = this;
    const display = await gateDisplay(this.terminal.out, this.terminal.environment);
    const options = { minRequests: this.options.minRequests, deployCommand: cdkCommand(asked, 'deploy') };
    try {
      return await waitAtGate({
        look: () => look(asked, clients, this.options.to),
        stepFor: (sight) => this.stepFor(sight),
        check: async (step, sight) => [
          ...checksBefore(step, sight, options),
          ...this.filesThatCannotSaySo(step),
          ...(await this.stepChecks.look(step, sight)),
        ],
        show: (step, sight, checks) => {
          this.last = { sight, step, checks, refused: undefined };
          display.update(this.title, checks);
        },
        showNoAnswer: ({ message }) => {
          const checks: readonly Check[] = [{ name: 'answer', verdict: 'inconclusive', sentence: message }];
          display.update(this.title || `${asked.stackName}: is looked at`, checks);
        },
        timeoutMs,
        pauseMs: pauseOf(clients),
        signal,
      });
    } catch (error) {
      if (signal.aborted) {
        return undefined;
      }
      // One that AWS gave no answer for all the time cannot be told.
      const refused = error instanceof NoAnswerError ? new OperateError(error.problems, exitCodes.waiting) : error;
      if (refused instanceof OperateError && this.last) {
        // It was there a moment ago: what was seen then belongs to the evidence.
        return { ...this.last, refused };
      }
      throw refused;
    } finally {
      display.end();
    }
  }

  /**
   * Asks whether to deploy the step. Who thinks about it for long is told what has become of it meanwhile.
   *
   * @returns what was seen last, and why it must not be made
   */
  async agreed(passed: GateResult & { readonly step: ReleaseStep }): Promise<GateResult> {
    const { step } = passed;
    const refused = (problem: string, { sight, checks }: GateResult = passed): GateResult => ({
      sight,
      step,
      checks,
      refused: { exitCode: exitCodes.refused, problems: [`${step.name}: ${problem}; nothing was changed`] },
    });
    const askedAt = performance.now();
    if (!(await this.terminal.ask(`deploy ${step.name} (${step.description}) to ${this.asked.stackName}?`))) {
      return refused('not deployed');
    }
    if (performance.now() - askedAt < longestPauseMs) {
      return passed;
    }
    const now = await this.pass(0);
    // Another direction has steps of the same name.
    return now && isDeepStrictEqual(now.step?.state, step.state)
      ? now
      : refused('got an answer when it was no longer the next step', now ?? passed);
  }

  // Found now, since after the deploy it is too late.
  private filesThatCannotSaySo({ state }: ReleaseStep): readonly Check[] {
    const problems = new ContextFile(this.asked).obstacles(state);
    return problems.length === 0 ? [] : [{ name: 'files', verdict: 'fail', sentence: problems.join('; ') }];
  }

  private stepFor(sight: Sight): ReleaseStep | undefined {
    const choice = this.choose(sight);
    if (typeof choice === 'string') {
      this.nothing = choice;
      return undefined;
    }
    this.title = choice.title;
    return choice.step;
  }
}

/** How long to wait from one look to the next, in milliseconds. */
export function pauseOf({ environment }: Pick<AwsClients, 'environment'>): number {
  return Math.min(longestPauseMs, minuteMs(environment) / 4);
}
