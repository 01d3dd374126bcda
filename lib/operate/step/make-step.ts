import type { ReleaseStep } from '../../release/release';
import type { AskedService } from '../asked-service';
import { awsClients } from '../aws-clients';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { GateResult } from '../gate/wait-at-gate';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { callerArn } from './caller';
import { cdkOf } from './cdk-command';
import { checkCdkSettings } from './cdk-settings';
import { deployStep, type StepEnd } from './deploy-step';
import { EvidenceFolder } from './evidence';
import { pauseOf, StepGate } from './step-gate';
import type { ChooseStep, StepOptions } from './step-options';

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
  terminal.requireAnswers();
  const evidence = options.evidence === undefined ? undefined : EvidenceFolder.open(options.evidence);
  cdkOf(asked.folder);
  checkCdkSettings(asked.folder, terminal.environment);
  const clients = awsClients(terminal.environment);
  const who = evidence ? await callerArn(clients) : '';
  const begun = new Date().toISOString();
  const keep = ({ sight, checks }: GateResult, step: ReleaseStep, end: StepEnd) => {
    const { state: before, minutes, alarms } = sight;
    const ended = new Date().toISOString();
    const known = { who, begun, ended, stack: asked.stackName, step: step.name, before, after: step.state };
    evidence?.write({ ...known, checks, minutes, alarms, ...end }, terminal.err);
  };

  const gate = new StepGate(asked, clients, options, choose, terminal, signal);
  const passed = await gate.pass();
  if (passed === undefined) {
    terminal.err.write('stopped; nothing was changed\n');
    return exitCodes.stopped;
  }
  const { step } = passed;
  if (step === undefined) {
    terminal.out.write(`${gate.nothing}\n`);
    return exitCodes.done;
  }
  const result = passed.refused ? passed : await gate.agreed({ ...passed, step });
  const problems = result.refused;
  if (problems !== undefined) {
    const kind = problems.exitCode === exitCodes.waiting ? 'waiting' : 'refused';
    const outcome = { kind, sentence: problems.problems.join('\n'), exitCode: problems.exitCode };
    keep(result, step, { command: undefined, outcome });
    throw new OperateError(problems.problems, problems.exitCode);
  }
  const deploy = { asked, clients, options, step, sight: result.sight, terminal, signal, pauseMs: pauseOf(clients) };
  const end = await deployStep(deploy).catch((error: Error) => {
    const exitCode = error instanceof OperateError ? error.exitCode : exitCodes.refused;
    keep(result, step, { command: undefined, outcome: { kind: 'refused', sentence: error.message, exitCode } });
    throw error;
  });
  keep(result, step, end);
  const { sentence, exitCode } = end.outcome;
  if (exitCode === exitCodes.done || exitCode === exitCodes.stopped) {
    terminal.err.write(sentence === '' ? '' : `${sentence}\n`);
    return exitCode;
  }
  throw new OperateError(sentence, exitCode);
}
