/** How long a service waits before it starts one more task in the place of those that failed. */
export interface RestartPauses {
  /** After the second failure in a row, in milliseconds; twice as long after each further one. */
  readonly firstMs: number;

  /** In milliseconds. A task that was healthy for so long ends the row. */
  readonly longestMs: number;
}

/**
 * Lets a service wait longer and longer before it starts a task in the place of those that do not start. The first one is replaced at
 * once.
 *
 * Where ECS waits for up to 27 minutes, this is much shorter: here somebody waits for it, and no machine is rented.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
export class RestartThrottle {
  private failures = 0;
  private until = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param over told when a pause is over */
  constructor(
    private readonly pauses: RestartPauses,
    private readonly over: () => void,
  ) {}

  /** Whether nothing is to be started yet. */
  get isPausing(): boolean {
    return performance.now() < this.until;
  }

  /**
   * Takes note of a task that failed.
   *
   * @param healthyForMs for how long it was healthy before
   * @returns whether it is the first one in the row that is not replaced at once
   */
  failed(healthyForMs: number): boolean {
    const { firstMs, longestMs } = this.pauses;
    this.failures = healthyForMs >= longestMs ? 1 : this.failures + 1;
    if (this.failures === 1) {
      return false;
    }
    this.pause(Math.min(longestMs, firstMs * 2 ** (this.failures - 2)));
    return this.failures === 2;
  }

  /** Begins anew: what is started now is something else. */
  reset(): void {
    this.failures = 0;
    this.until = 0;
    clearTimeout(this.timer);
  }

  private pause(ms: number): void {
    this.until = performance.now() + ms;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.until = 0;
      this.over();
    }, ms).unref();
  }
}
