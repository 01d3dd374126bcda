#!/usr/bin/env node
import { temporaryFolderError } from '../lib/local/tasks/temporary-folder';
import { readCommandLine } from '../lib/rehearsal/command-line';
import { NotMeasuredError } from '../lib/rehearsal/rehearsal-error';
import { exitCodes, notRunJson, runRehearsal } from '../lib/rehearsal/run-rehearsal';
import { UserError } from '../lib/release/user-error';

// Compiled, it is a command of the package.
const program = __filename.endsWith('.ts') ? 'npm start --' : 'npx ecs-blue-green-rehearse';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const stop = new AbortController();

/** The exit code when nobody takes the output any more. */
let unwritten: number | undefined;

function onSignal(): void {
  if (stop.signal.aborted) {
    process.exit(130);
  }
  stop.abort();
}

function onOutputError(name: string, { code }: NodeJS.ErrnoException): void {
  if (unwritten !== undefined) {
    return;
  }
  // Who reads the output may have seen enough, as in `| head -1`, or closed the terminal.
  const unread = code === 'EPIPE' || code === 'EIO';
  unwritten = unread ? 141 : 1;
  process.exitCode = unwritten;
  if (!unread) {
    console.error(`${name}: got ${code}, expected that it can be written`);
  }
  stop.abort();
}

async function main(): Promise<number> {
  try {
    const line = readCommandLine(process.argv.slice(2), program);
    if (line.help !== undefined) {
      console.log(line.help);
      return 0;
    }
    return await runRehearsal(line, stop.signal);
  } catch (error) {
    if (unwritten !== undefined) {
      return unwritten;
    }
    if (stop.signal.aborted) {
      return notRun(['stopped; nothing is left running'], 130);
    }
    const problem = error instanceof UserError ? error : temporaryFolderError(error);
    if (problem === undefined) {
      throw error;
    }
    return problem instanceof NotMeasuredError
      ? notRun(problem.problems, exitCodes['not measured'], 'not measured')
      : notRun(problem.problems, exitCodes['did not hold']);
  }
}

function notRun(problems: readonly string[], exitCode: number, verdict: 'not run' | 'not measured' = 'not run'): number {
  if (process.argv.includes('--json')) {
    console.log(notRunJson(verdict, problems));
  }
  console.error(problems.join('\n'));
  return exitCode;
}

for (const signal of signals) {
  process.on(signal, onSignal);
}
process.stdout.on('error', (error) => onOutputError('standard output', error));
process.stderr.on('error', (error) => onOutputError('standard error', error));
main().then((code) => {
  process.exitCode = unwritten ?? code;
  // All is said and done: a signal now ends the process at once.
  for (const signal of signals) {
    process.removeListener(signal, onSignal);
  }
});
