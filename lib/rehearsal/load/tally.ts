import { increase } from '../../local/envoy/access-log';
import type { RequestResult } from './load-generator';

/** What the client saw in one phase. */
export class PhaseTally {
  requests = 0;
  failed = 0;

  /** Requests whose answer the client did not wait for any longer. */
  gaveUp = 0;

  /** Answers below 400, by label of the slot that Envoy chose. */
  readonly ok = new Map<string, number>();

  /** Failures by reason: a status, or a code such as `ECONNRESET`. */
  readonly reasons = new Map<string, number>();

  /** Requests by version of the routes that decided on them. */
  readonly routes = new Map<string, number>();

  /** Answers in which the app called itself by another label than the slot that Envoy chose: `chosen -> answered`. */
  readonly swapped = new Map<string, number>();

  /** Answers in which the app gave no label, by slot. */
  readonly unmarked = new Map<string, number>();

  /** Milliseconds from request to complete answer, by slot. */
  readonly latencies = new Map<string, number[]>();

  /** What the client saw in several phases together. */
  static sum(tallies: readonly PhaseTally[]): PhaseTally {
    const all = new PhaseTally();
    for (const each of tallies) {
      all.requests += each.requests;
      all.failed += each.failed;
      all.gaveUp += each.gaveUp;
      for (const counters of ['ok', 'reasons', 'routes', 'swapped', 'unmarked'] as const) {
        for (const [key, count] of each[counters]) {
          increase(all[counters], key, count);
        }
      }
      for (const [slot, latencies] of each.latencies) {
        all.latencies.set(slot, [...(all.latencies.get(slot) ?? []), ...latencies]);
      }
    }
    return all;
  }

  add(result: RequestResult): void {
    this.requests += 1;
    if (result.route !== undefined) {
      increase(this.routes, result.route);
    }
    if (failed(result)) {
      this.failed += 1;
      this.gaveUp += result.problem === 'timeout' ? 1 : 0;
      increase(this.reasons, result.problem ?? `status ${result.status}`);
      return;
    }
    const slot = result.slot ?? 'none';
    increase(this.ok, slot);
    const latencies = this.latencies.get(slot) ?? [];
    this.latencies.set(slot, latencies);
    latencies.push(result.endedAt - result.sentAt);
    if (result.appSlot === undefined) {
      increase(this.unmarked, slot);
    } else if (result.appSlot !== slot) {
      increase(this.swapped, `${slot} -> ${result.appSlot}`);
    }
  }
}

/**
 * Whether a user would call this request failed: no complete answer in time, or a status of 400 and above. A redirect is an answer: the
 * client does not follow it.
 */
export function failed({ status }: RequestResult): boolean {
  return status === undefined || status >= 400;
}

/** Requests over time, in bins of equal length by the time at which they were sent. */
export class Timeline {
  /** Answers per bin, by slot. */
  readonly ok = new Map<string, number[]>();
  readonly failed: number[] = [];

  constructor(
    /** Length of a bin in milliseconds. */
    readonly binMs: number,
    private readonly startedAt: number,
  ) {}

  add(result: RequestResult): void {
    const bin = Math.max(0, Math.floor((result.sentAt - this.startedAt) / this.binMs));
    if (failed(result)) {
      this.failed[bin] = (this.failed[bin] ?? 0) + 1;
      return;
    }
    const slot = result.slot ?? 'none';
    const bins = this.ok.get(slot) ?? [];
    this.ok.set(slot, bins);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
}

/** New routes that hold the weights. */
export interface RoutesMove {
  /** When they were moved into place, as `performance.now()`. */
  readonly at: number;

  /** Their version, and those that came after it within the same step. */
  readonly versions: ReadonlySet<string>;
}

/** From what moment on all requests followed new routes. */
export class SettleWatch {
  // When requests were sent, by version of the routes that decided on them: which version is new may be known later.
  private readonly sentAt = new Map<string, number[]>();

  /** `undefined` until they were moved. */
  move: RoutesMove | undefined;

  add({ route, sentAt }: RequestResult): void {
    if (route === undefined) {
      return;
    }
    const times = this.sentAt.get(route) ?? [];
    this.sentAt.set(route, times);
    times.push(sentAt);
  }

  /** Milliseconds from the move to the first request from which on all followed; `undefined` while there is none. */
  get settleMs(): number | undefined {
    if (this.move === undefined) {
      return undefined;
    }
    const { at, versions } = this.move;
    const timesOf = (isNew: boolean) =>
      [...this.sentAt].filter(([route]) => versions.has(route) === isNew).map(([, times]) => times);
    const lastOld = timesOf(false).reduce(
      (latest, times) => times.reduce((a, b) => Math.max(a, b), latest),
      Number.NEGATIVE_INFINITY,
    );
    const first = timesOf(true).reduce(
      (earliest, times) => times.reduce((a, b) => (b > lastOld ? Math.min(a, b) : a), earliest),
      Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(first) ? Math.max(0, first - at) : undefined;
  }
}

/** A quantile of some numbers; `undefined` when there are none. */
export function quantile(numbers: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
