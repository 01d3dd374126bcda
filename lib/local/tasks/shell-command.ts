import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { ProcessOutput } from './process-output';
import { reaper } from './reaper';
import { stopTask, taskVariable } from './task-processes';

/** How a shell command ended. */
export interface ShellResult {
  /** Its exit code, or the signal that ended it. */
  readonly ended: number | NodeJS.Signals | null;

  /** Its last lines, of both outputs. */
  readonly lastLines: readonly string[];
}

/** How a shell command runs. */
export interface ShellOptions {
  readonly environment: NodeJS.ProcessEnv;

  /** Ends the command and all that it started. */
  readonly signal: AbortSignal;

  /** How many of its last lines are wanted. */
  readonly lines: number;
}

/**
 * Runs a shell command with some more words, which the shell takes as they are. When it has ended, or is to end, all that it started
 * is ended too.
 */
export async function runShellCommand(
  command: string,
  words: readonly string[],
  { environment, signal, lines }: ShellOptions,
): Promise<ShellResult> {
  signal.throwIfAborted();
  const mark = randomUUID();
  const {
    process: child,
    task,
    release,
  } = reaper.start({ mark, startedAt: Date.now() }, () =>
    spawn('/bin/sh', ['-c', `${command} "$@"`, 'sh', ...words], {
      env: { ...environment, [taskVariable]: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    }),
  );
  const output = new ProcessOutput(child);
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([
      aborted,
      new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      }),
    ]);
    if (!signal.aborted) {
      await output.complete();
    }
    return { ended: child.exitCode ?? child.signalCode, lastLines: output.lastLines(lines) };
  } finally {
    signal.removeEventListener('abort', stop);
    await stopTask(task);
    output.close();
    release();
    signal.throwIfAborted();
  }
}
