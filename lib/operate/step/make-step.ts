import type { ReleaseStep } from '../../release/release';
import type { SlotName } from '../../release/slots';
import { paintFor } from '../../terminal/paint';
import { wrapped } from '../../terminal/wrapped';
import type { AskedService } from '../asked-service';
import { type AwsClients, awsClients } from '../aws-clients';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { Check } from '../gate/check';
import { checksBefore } from '../gate/gate';
import { gateDisplay } from '../gate/gate-display';
import { look, type Sight } from '../gate/sight';
import { StepChecks } from '../gate/step-checks';
import { type GateResult, waitAtGate } from '../gate/wait-at-gate';
import { minuteMs } from '../measured/minute-ms';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { cdkCommand } from '../typed-command';
import { callerArn } from './caller';
import { cdkOf } from './cdk-command';
import { deployStep } from './deploy-step';
import { EvidenceFolder, type StepEvidence } from './evidence';

/** Which step is made, and how. */
export interface StepOptions {
  /** The slot of the new version; `undefined`: as it follows from what is deployed. */
  readonly to: SlotName | undefined;

  /** How long to wait at most until it may be made, in milliseconds; `undefined`: as long as usual. */
  readonly timeoutMs: number | undefined;

  /** For how many minutes CloudFormation watches the alarms after a change of weights; `undefined`: as the plane needs it. */
  readonly bakeMinutes: number | undefined;

  /** So many requests say something of a slot. */
  readonly minRequests: number;

  /** Where the evidence goes; `undefined`: nowhere. */
  readonly evidence: string | undefined;
}

/** A step that is chosen from what is seen. */
export interface ChosenStep {
  readonly step: ReleaseStep;

  /** What it is of the whole, such as `step 4 of 6`. */
  readonly title: string;
}

/** Chooses the step for what is seen; a sentence when there is nothing to do. Throws an `OperateError` when there must be none. */
export type ChooseStep = (sight: Sight) => ChosenStep | string;

const usualTimeoutMs = 30 * 60_000;

/** From one look to the next, in milliseconds: often enough that nobody waits for it, and seldom enough for the limits of the APIs. */
const longestPauseMs = 5000;

/**
 * Makes one step of a release: waits until it may be made, asks, deploys it with the `cdk` of the project, sees that it is live, and
 * writes the flags down.
 *
 * @throws OperateError when it is not made, or did not come to stay
 */
export async function makeStep(
  asked: AskedService,
  options: StepOptions,
  choose: ChooseStep,
  terminal: OperateTerminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const evidence = options.evidence === undefined ? undefined : EvidenceFolder.open(options.evidence);
  cdkOf(asked.folder);
  const clients = awsClients(terminal.environment);
  const who = evidence ? await callerArn(clients) : '';
  const begun = new Date().toISOString();
  const keep = (result: GateResult, step: ReleaseStep, end: Pick<StepEvidence, 'command' | 'outcome'>) => {
    const { sight, checks } = result;
    const file = evidence?.write({
      who,
      begun,
      ended: new Date().toISOString(),
      stack: asked.stackName,
      step: step.name,
      before: sight.state,
      after: step.state,
      checks,
      minutes: sight.minutes,
      alarms: sight.alarms,
      ...end,
    });
    if (file !== undefined) {
      terminal.err.write(`evidence: ${file}\n`);
    }
  };

  let nothing = '';
  const chosen = (sight: Sight) => {
    const choice = choose(sight);
    nothing = typeof choice === 'string' ? choice : '';
    return typeof choice === 'string' ? undefined : choice;
  };
  const gate = await atGate(asked, clients, options, chosen, terminal, signal);
  if (gate === undefined) {
    return exitCodes.stopped;
  }
  const { step, refused } = gate;
  if (step === undefined) {
    say(terminal, nothing);
    return exitCodes.done;
  }
  if (refused !== undefined) {
    const kind = refused.exitCode === exitCodes.waiting ? 'waiting' : 'refused';
    keep(gate, step, {
      command: undefined,
      outcome: { kind, sentence: refused.problems.join('\n'), exitCode: refused.exitCode },
    });
    throw new OperateError(refused.problems, refused.exitCode);
  }
  if (!(await terminal.ask(`deploy ${step.name} (${step.description}) to ${asked.stackName}?`))) {
    keep(gate, step, {
      command: undefined,
      outcome: { kind: 'refused', sentence: 'answered with no', exitCode: exitCodes.refused },
    });
    throw new OperateError(`${step.name}: not deployed; nothing was changed`);
  }
  const end = await deployStep({ asked, clients, options, step, sight: gate.sight, terminal, signal, pauseMs: pauseOf(clients) });
  keep(gate, step, end);
  if (end.outcome.exitCode !== exitCodes.done && end.outcome.exitCode !== exitCodes.stopped) {
    throw new OperateError(end.outcome.sentence, end.outcome.exitCode);
  }
  return end.outcome.exitCode;
}

// What came of waiting; `undefined`: the user has seen enough.
async function atGate(
  asked: AskedService,
  clients: AwsClients,
  { to, timeoutMs = usualTimeoutMs, minRequests }: StepOptions,
  choose: (sight: Sight) => ChosenStep | undefined,
  terminal: OperateTerminal,
  signal: AbortSignal,
): Promise<GateResult | undefined> {
  const display = await gateDisplay(terminal.out, terminal.environment);
  const stepChecks = new StepChecks(asked);
  const deployCommand = cdkCommand(asked, 'deploy');
  let title = '';
  try {
    return await waitAtGate({
      look: () => look(asked, clients, to),
      stepFor: (sight) => {
        const choice = choose(sight);
        if (choice !== undefined && title !== choice.title) {
          title = choice.title;
          say(terminal, title);
        }
        return choice?.step;
      },
      check: async (step, sight): Promise<readonly Check[]> => [
        ...checksBefore(step, sight, { minRequests, deployCommand }),
        ...(await stepChecks.look(step, sight)),
      ],
      show: async (_, __, checks) => display.update(checks),
      timeoutMs,
      pauseMs: pauseOf(clients),
      signal,
    });
  } catch (error) {
    if (signal.aborted) {
      return undefined;
    }
    throw error;
  } finally {
    display.end();
  }
}

function pauseOf({ environment }: AwsClients): number {
  return Math.min(longestPauseMs, minuteMs(environment) / 4);
}

function say({ out, environment }: OperateTerminal, sentence: string): void {
  const [first = '', ...others] = wrapped(sentence, out.isTTY ? out.columns : undefined, '  ');
  out.write(`${[paintFor(out, environment)('bold', first), ...others].join('\n')}\n`);
}
