import type { AskedService } from './asked-service';
import type { OperateLine } from './command-line';
import type { ExitCode } from './exit-codes';
import type { OperateTerminal } from './operate-terminal';

type Run = (line: OperateLine, asked: AskedService, terminal: OperateTerminal, signal: AbortSignal) => Promise<ExitCode>;

// Each command loads what it needs when it runs: a rollback must not wait for the CDK.
const commands: Readonly<Record<string, Run>> = {
  plan: (...words) => (require('./plan/run-plan') as typeof import('./plan/run-plan')).runPlan(...words),
  rollback: ({ to, stackName }, asked, terminal, signal) => {
    const { rollback } = require('./rollback/rollback') as typeof import('./rollback/rollback');
    return rollback(asked, { to, hasFiles: stackName === undefined }, terminal, signal);
  },
  status: (...words) => (require('./status/run-status') as typeof import('./status/run-status')).runStatus(...words),
  verify: (line, asked, terminal) =>
    (require('./verify/run-verify') as typeof import('./verify/run-verify')).runVerify(line, asked, terminal),
  next: (...asked) => (require('./next') as typeof import('./next')).next(...asked),
  promote: (...asked) => (require('./promote') as typeof import('./promote')).promote(...asked),
};

/**
 * Does what a command line asks for.
 *
 * @throws OperateError when it cannot be done
 */
export function runOperateLine(
  line: OperateLine,
  asked: AskedService,
  terminal: OperateTerminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const run = commands[line.command];
  if (run === undefined) {
    throw new Error(`command ${line.command}: expected one that is there`);
  }
  return run(line, asked, terminal, signal);
}
