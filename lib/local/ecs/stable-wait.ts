import { LocalError } from '../local-error';

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** The wait until a service is stable. There is one at most: for its newest definition. */
export class StableWait {
  private waiter: Waiter | undefined;

  /**
   * Waits until somebody says how it went.
   *
   * @param signal ends the waiting
   */
  async begin(signal?: AbortSignal): Promise<void> {
    const stable = new Promise<void>((resolve, reject) => {
      this.waiter = { resolve, reject };
    });
    const { waiter } = this;
    const abort = () => waiter?.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    await stable.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** It is stable. */
  succeed(): void {
    this.take()?.resolve();
  }

  /**
   * It will not be.
   *
   * @param why in words; what is still to be found out nobody else's success can overtake
   * @returns whether somebody waited
   */
  fail(why: string | Promise<string>): boolean {
    const waiter = this.take();
    void Promise.resolve(why).then((words) => waiter?.reject(new LocalError(words)));
    return waiter !== undefined;
  }

  private take(): Waiter | undefined {
    const { waiter } = this;
    this.waiter = undefined;
    return waiter;
  }
}
