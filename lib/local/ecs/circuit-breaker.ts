/**
 * So many failed tasks of one deployment are too many.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/** How long ECS waits longer and longer before it starts one more task in the place of those that did not start. */
export interface RestartPauses {
  /** After the second failure in a row, in milliseconds; twice as long after each further one. */
  readonly firstMs: number;

  /** In milliseconds. A task that was healthy for so long ends the row. */
  readonly longestMs: number;
}

/**
 * The pause before the next task after some failures in a row, in milliseconds. The first one is replaced at once.
 *
 * Where ECS waits for up to 27 minutes, this is much shorter: here somebody waits for it, and no machine is rented.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export function restartPauseMs(failures: number, { firstMs, longestMs }: RestartPauses): number {
  return failures < 2 ? 0 : Math.min(longestMs, firstMs * 2 ** (failures - 2));
}
