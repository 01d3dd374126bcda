import { setTimeout as wait } from 'node:timers/promises';
import { phaseNumber } from '../findings';
import type { RequestResult } from '../load/load-generator';
import { failed, PhaseTally, type RoutesMove, SettleWatch, Timeline } from '../load/tally';
import type { RehearsalProgress } from '../progress';

const binMs = 100;

/** What a run saw of its requests. */
export class RunRecord {
  readonly startedAt = new Date();

  /** By number of the phase. */
  readonly tallies = new Map<number, PhaseTally>();
  timeline = new Timeline(binMs, 0);

  /** `performance.now()` at the first request. */
  firstRequestAt = Number.NaN;

  /** When the last request that failed was sent. */
  lastFailureAt: number | undefined;
  private readonly total = { requests: 0, failed: 0 };
  private watch: SettleWatch | undefined;
  private followed: (() => void) | undefined;

  /** Called before the first request. */
  begin(): void {
    this.firstRequestAt = performance.now();
    this.timeline = new Timeline(binMs, this.firstRequestAt);
  }

  note(result: RequestResult): void {
    this.tally(result);
    this.timeline.add(result);
    this.watch?.add(result);
    if (this.followed && this.settleMs !== undefined) {
      this.followed();
    }
    this.total.requests += 1;
    if (failed(result)) {
      this.total.failed += 1;
      this.lastFailureAt = Math.max(this.lastFailureAt ?? 0, result.sentAt);
    }
  }

  /** Notes a request by the preview header, which no user sent. */
  notePreview(result: RequestResult): void {
    this.tally(result);
  }

  /** From now on, watches by which routes requests go: new ones are about to be moved. */
  watchNext(): void {
    this.watch = new SettleWatch();
  }

  /** Says which of the routes that are watched are new. */
  moved(move: RoutesMove): void {
    if (this.watch) {
      this.watch.move = move;
    }
  }

  /**
   * Waits until a request has followed the new routes, if any were moved: what Envoy's main thread has confirmed, its worker does a moment later.
   *
   * @param patienceMs goes on after so many milliseconds: the counts will show what was wrong
   */
  async following(patienceMs: number, signal: AbortSignal): Promise<void> {
    if (this.watch?.move !== undefined && this.settleMs === undefined) {
      const over = new AbortController();
      const end = AbortSignal.any([signal, over.signal]);
      this.followed = () => over.abort();
      await wait(patienceMs, undefined, { signal: end }).catch(() => {});
      this.followed = undefined;
    }
    signal.throwIfAborted();
  }

  /** Milliseconds until all requests followed the new routes; `undefined` when none were moved, or not yet. */
  get settleMs(): number | undefined {
    return this.watch?.settleMs;
  }

  /** How far a step is. */
  progress(activity: RehearsalProgress['activity'], step: number, slots: readonly string[]): RehearsalProgress {
    const tallies = (['hold', 'broken', 'change'] as const).map((phase) => this.tallies.get(phaseNumber(step, phase)));
    const [hold, broken] = tallies;
    return {
      activity,
      step,
      sent: (hold?.requests ?? 0) + (broken?.requests ?? 0),
      observed: Object.fromEntries(
        slots.flatMap((slot) => {
          const count = (hold?.ok.get(slot) ?? 0) + (broken?.ok.get(slot) ?? 0);
          return count === 0 ? [] : [[slot, count]];
        }),
      ),
      failed: tallies.reduce((sum, tally) => sum + (tally?.failed ?? 0), 0),
      settleMs: this.settleMs,
      total: {
        requests: this.total.requests,
        failed: this.total.failed,
        elapsedMs: Number.isNaN(this.firstRequestAt) ? 0 : performance.now() - this.firstRequestAt,
      },
    };
  }

  private tally(result: RequestResult): void {
    const tally = this.tallies.get(result.phase) ?? new PhaseTally();
    this.tallies.set(result.phase, tally);
    tally.add(result);
  }
}
