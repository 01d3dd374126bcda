import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits until something is so.
 *
 * @throws Error when it is not so for a minute, which no machine needs however busy it is
 */
export async function until(isSo: () => boolean | Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      throw new Error(`got nothing within ${patienceMs / 1000} s: ${isSo}`);
    }
    await wait(10);
  }
}
