import { setTimeout as wait } from 'node:timers/promises';
import type { ReleaseState } from '../../release/release';
import { differingSlots, sharesOfLive, sharesOfState } from '../gate/shares';
import { answered } from '../no-answer';
import type { LiveState } from './live-state';

/** What a state is proven live with. */
export interface LiveProof {
  /** What was deployed. */
  readonly state: ReleaseState;

  /** Asks what is live. */
  read(): Promise<LiveState>;

  /** How long it may take, in milliseconds. */
  readonly timeoutMs: number;

  /** How long to wait from one look to the next, in milliseconds. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until the shares that are live are those that were deployed.
 *
 * @returns what was live last, and whether it is what was deployed
 */
export async function proveLive({ state, read, timeoutMs, pauseMs, signal }: LiveProof) {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const live = await answered(read, { limitMs: until - performance.now(), pauseMs, signal });
    const isLive = differingSlots(sharesOfLive(live), sharesOfState(state)).length === 0;
    if (isLive || performance.now() >= until) {
      return { live, isLive };
    }
    await wait(pauseMs, undefined, { signal });
  }
}
