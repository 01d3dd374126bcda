import type { AnsweredRequest } from '../envoy/answered-request';
import { Latencies } from './latencies';
import type { SecondCounts, SeriesView } from './view';

/** How far back the page shows requests, in seconds. */
export const shownSeconds = 120;

// Those that the page shows, the one that is not over yet, and some for what is told late.
const keptSeconds = shownSeconds + 5;

/** So many targets of splits are counted at most. */
const mostSeries = 200;

/** The requests of the last two minutes, counted by way in, split, target and second. What it takes does not grow with their number. */
export class RequestCounts {
  private readonly series = new Map<string, Series>();

  /** Goes up with every request: who knows all up to one is told the later ones. */
  revision = 0;

  /**
   * Counts a request in the second in which it was over.
   *
   * @param split name of the split to which it belongs; empty: to none
   */
  add(request: AnsweredRequest, split: string): void {
    const { wayIn, target = '', startedAt, durationMs } = request;
    const of = { wayIn, target, split: target === '' ? '' : split };
    const key = `${of.split} ${target} ${wayIn}`;
    let series = this.series.get(key);
    if (series === undefined) {
      this.dropOld(Math.floor(Date.now() / 1000));
      if (this.series.size >= mostSeries) {
        return;
      }
      series = new Series(of);
      this.series.set(key, series);
    }
    this.revision += 1;
    series.add(Math.floor((startedAt + durationMs) / 1000), request, this.revision);
  }

  /**
   * What has changed.
   *
   * @param after the revision that is known; -1: none
   * @param now as `Date.now()`
   */
  since(after: number, now: number): readonly SeriesView[] {
    const second = Math.floor(now / 1000);
    this.dropOld(second);
    return [...this.series.values()].flatMap((series) => series.since(after, second) ?? []);
  }

  /** How many targets of splits are counted. */
  get size(): number {
    return this.series.size;
  }

  private dropOld(second: number): void {
    for (const [key, { newest }] of this.series) {
      if (newest < second - keptSeconds) {
        this.series.delete(key);
      }
    }
  }
}

class Series {
  newest = 0;
  private readonly seconds = new Array<number>(keptSeconds).fill(-1);
  private readonly revisions = new Array<number>(keptSeconds).fill(-1);
  private readonly counts = [0, 1, 2].map(() => new Uint32Array(keptSeconds));
  private readonly latencies = new Latencies();

  constructor(private readonly of: Pick<SeriesView, 'wayIn' | 'split' | 'target'>) {}

  add(second: number, { status, flags, durationMs }: AnsweredRequest, revision: number): void {
    const place = second % keptSeconds;
    if ((this.seconds[place] ?? -1) > second) {
      return;
    }
    if (this.seconds[place] !== second) {
      this.seconds[place] = second;
      for (const counts of this.counts) {
        counts[place] = 0;
      }
    }
    const counts = this.counts[outcomeOf(status, flags)];
    if (counts !== undefined) {
      counts[place] = (counts[place] ?? 0) + 1;
    }
    this.revisions[place] = revision;
    this.newest = Math.max(this.newest, second);
    this.latencies.add(second, durationMs);
  }

  since(after: number, now: number): SeriesView | undefined {
    const places = this.seconds.flatMap((second, place) =>
      second >= now - keptSeconds && (this.revisions[place] ?? -1) > after ? [place] : [],
    );
    const seconds = places.map((place): SecondCounts => {
      const [ok, errors, unanswered] = this.counts;
      return [this.seconds[place] ?? 0, ok?.[place] ?? 0, errors?.[place] ?? 0, unanswered?.[place] ?? 0];
    });
    // What is past the last request changes no count, but ends what is said of latencies.
    if (seconds.length === 0 && this.newest < now - keptSeconds) {
      return undefined;
    }
    const [p50, p95] = [this.latencies.quantile(0.5, now), this.latencies.quantile(0.95, now)];
    return { ...this.of, seconds, p50, p95 };
  }
}

// Where the counts are: in order, an error of the task, no answer of a task.
function outcomeOf(status: number, flags: readonly string[]): 0 | 1 | 2 {
  if (status === 0 || (status >= 500 && flags.length > 0)) {
    return 2;
  }
  return status >= 500 ? 1 : 0;
}
