/** Buckets per doubling: a value is off by 4 % at most, and by a twentieth of a millisecond at least. */
const perDoubling = 10;

/** Enough for half an hour. */
const buckets = 210;

/** How long a latency counts, in seconds. */
export const latencySeconds = 10;

// The second that is not over yet, and one for what is told late.
const keptSeconds = latencySeconds + 2;

/** The latencies of the last seconds in a few kilobytes, whatever their number. */
export class Latencies {
  private readonly counts = Array.from({ length: keptSeconds }, () => new Uint32Array(buckets));
  private readonly seconds = new Array<number>(keptSeconds).fill(-1);

  /**
   * Counts one.
   *
   * @param second since 1970
   */
  add(second: number, milliseconds: number): void {
    const place = second % keptSeconds;
    const counts = this.counts[place];
    const known = this.seconds[place] ?? -1;
    if (counts === undefined || known > second) {
      return;
    }
    if (known < second) {
      counts.fill(0);
      this.seconds[place] = second;
    }
    const bucket = Math.min(buckets - 1, Math.round(perDoubling * Math.log2(1 + Math.max(0, milliseconds))));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }

  /**
   * The latency that a part of the requests does not exceed, in milliseconds.
   *
   * @param part between 0 and 1
   * @param now the second that is not over yet
   * @returns `null` when there was no request
   */
  quantile(part: number, now: number): number | null {
    const recent = this.counts.filter((_, place) => (this.seconds[place] ?? -1) >= now - latencySeconds);
    const sums = Array.from({ length: buckets }, (_, bucket) => recent.reduce((sum, counts) => sum + (counts[bucket] ?? 0), 0));
    const total = sums.reduce((sum, count) => sum + count, 0);
    if (total === 0) {
      return null;
    }
    let below = 0;
    const found = sums.findIndex((count) => {
      below += count;
      return below >= Math.max(1, part * total);
    });
    return 2 ** (found / perDoubling) - 1;
  }
}
