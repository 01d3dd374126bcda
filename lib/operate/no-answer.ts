import { setTimeout as wait } from 'node:timers/promises';
import { OperateError } from './operate-error';

/** AWS gave no answer, or said that it is asked too often: the same call may get one in a moment. */
export class NoAnswerError extends OperateError {}

/** How long a call is made again and again. */
export interface AskAgain {
  /** How long at most, in milliseconds. */
  readonly limitMs: number;

  /** From one call to the next, in milliseconds. */
  readonly pauseMs: number;

  /** Ends it. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a call that changes nothing again, for as long as AWS gives no answer to it.
 *
 * @throws NoAnswerError when the time is over; an `AbortError` when the signal says so
 */
export async function answered<T>(call: () => Promise<T>, { limitMs, pauseMs, signal }: AskAgain): Promise<T> {
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof NoAnswerError) || performance.now() >= until) {
        throw error;
      }
    }
    await wait(pauseMs, undefined, signal ? { signal } : {});
  }
}
