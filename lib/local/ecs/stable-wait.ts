import { LocalError } from '../local-error';

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** The wait until a service is stable. Whoever waited for an older definition waits for the newest. */
export class StableWait {
  private waiters: readonly Waiter[] = [];

  /**
   * Waits until somebody says how it went.
   *
   * @param signal ends the waiting
   */
  async begin(signal?: AbortSignal): Promise<void> {
    let abort = () => {};
    const stable = new Promise<void>((resolve, reject) => {
      this.waiters = [...this.waiters, { resolve, reject }];
      abort = () => reject(signal?.reason);
    });
    signal?.addEventListener('abort', abort, { once: true });
    await stable.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** It is stable. */
  succeed(): void {
    for (const waiter of this.take()) {
      waiter.resolve();
    }
  }

  /**
   * It will not be.
   *
   * @param why in words; what is still to be found out nobody else's success can overtake
   * @returns whether somebody waited
   */
  fail(why: string | Promise<string>): boolean {
    const waiters = this.take();
    void Promise.resolve(why).then((words) => {
      for (const waiter of waiters) {
        waiter.reject(new LocalError(words));
      }
    });
    return waiters.length > 0;
  }

  private take(): readonly Waiter[] {
    const { waiters } = this;
    this.waiters = [];
    return waiters;
  }
}
