import { setTimeout as wait } from 'node:timers/promises';
import { runShellCommand } from '../tasks/shell-command';
import type { HealthCheck } from './app-container';

/** What a container's health check says. */
export interface ContainerHealth {
  readonly status: 'HEALTHY' | 'UNHEALTHY';

  /** The last line of the check, when it says `UNHEALTHY`. */
  readonly said: string;
}

/**
 * Looks again and again whether a container is healthy, as its health check says: at once, and then in the intervals of the check. Bad
 * answers count after its start period, or after the first good one.
 *
 * @param check with local ports in its command
 * @param onHealth told when it becomes healthy, or unhealthy
 * @param signal ends it
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export async function watchContainerHealth(
  check: HealthCheck,
  environment: NodeJS.ProcessEnv,
  onHealth: (health: ContainerHealth) => void,
  signal: AbortSignal,
): Promise<void> {
  const startEnds = performance.now() + check.startPeriodSeconds * 1000;
  let wasHealthy = false;
  let failures = 0;
  let last: ContainerHealth['status'] | undefined;
  while (!signal.aborted) {
    const problem = await problemOf(check, environment, signal);
    if (signal.aborted) {
      return;
    }
    if (problem === undefined) {
      wasHealthy = true;
      failures = 0;
    } else if (wasHealthy || performance.now() >= startEnds) {
      failures += 1;
    }
    const status = problem === undefined ? 'HEALTHY' : failures >= check.retries ? 'UNHEALTHY' : last;
    if (status !== undefined && status !== last) {
      last = status;
      onHealth({ status, said: problem ?? '' });
    }
    await wait(check.intervalSeconds * 1000, undefined, { signal, ref: false }).catch(() => {});
  }
}

// Its last line, or how it ended; `undefined` when it says that all is well.
async function problemOf(
  { command: [form = '', ...words], timeoutSeconds }: HealthCheck,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<string | undefined> {
  const program = form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : form === 'CMD' ? words : [form, ...words];
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const { ended, lastLines } = await runShellCommand('exec', program, {
      environment,
      signal: AbortSignal.any([signal, timeout]),
      lines: 1,
    });
    return ended === 0 ? undefined : (lastLines[0] ?? `it ended with ${ended}`);
  } catch (error) {
    if (timeout.aborted) {
      return `it took longer than ${timeoutSeconds} s`;
    }
    return signal.aborted ? undefined : `${(error as Error).message}`;
  }
}
