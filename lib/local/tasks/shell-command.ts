import { spawn } from 'node:child_process';
import { collect, killGroup, killGroupAtExit } from './process-group';

/** How a shell command ended. */
export interface ShellResult {
  /** Its exit code, or the signal that ended it. */
  readonly ended: number | NodeJS.Signals | null;

  /** The last of what it wrote, to both outputs. */
  readonly output: string;
}

/** How a shell command runs. */
export interface ShellOptions {
  readonly environment: NodeJS.ProcessEnv;

  /** Ends the command and all that it started. */
  readonly signal: AbortSignal;
}

/** Runs a shell command with some more words, which the shell takes as they are. */
export async function runShellCommand(
  command: string,
  words: readonly string[],
  { environment, signal }: ShellOptions,
): Promise<ShellResult> {
  signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', `${command} "$@"`, 'sh', ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  killGroupAtExit(child);
  const output = collect(child);
  const stop = () => killGroup(child, 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<ShellResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => resolve({ ended: code ?? by, output: output() }));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
  }
}
