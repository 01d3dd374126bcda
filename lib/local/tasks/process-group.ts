import type { ChildProcess } from 'node:child_process';

/** Ends a process that was started as a group of its own, and all that it started. */
export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // all of the group have ended
  }
}

/** The last resort, if this process ends by an error that nobody caught. */
export function killGroupAtExit(child: ChildProcess): void {
  const kill = () => killGroup(child, 'SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
}

/** Collects the last words of a process. */
export function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-5000);
    });
  }
  return () => text;
}
