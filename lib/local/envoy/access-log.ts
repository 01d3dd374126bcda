import type { AccessLogLine } from './envoy-configuration';

/** With these flags somebody waited too long, and an instance was there all the while. */
export const lateButThere: ReadonlySet<string> = new Set(['DC', 'UT', 'SI']);

/** The same where a health check that comes too late takes the only instance out, and nothing else can. */
export const lateFlags: ReadonlySet<string> = new Set([...lateButThere, 'UH']);

/** What Envoy noted of the requests of one phase. */
export class PhaseLog {
  requests = 0;

  /** Complete answers below 400, by cluster. */
  readonly ok = new Map<string, number>();

  /** Answers below 400 that broke off, by cluster. */
  readonly broken = new Map<string, number>();

  /** Requests that ended in any other way, by cluster; `none` when Envoy chose none. */
  readonly notOk = new Map<string, number>();

  /** The same by cluster and reason. */
  readonly reasons = new Map<string, Map<string, Reason>>();

  /** Requests that the client did not wait for any longer, by cluster. */
  readonly gaveUp = new Map<string, number>();

  /** Requests that needed more than one try, by cluster. */
  readonly retried = new Map<string, number>();

  /** Those of them that ended well. */
  readonly retriedOk = new Map<string, number>();

  /** @param lateFlags those which say that somebody waited too long */
  constructor(private readonly late: ReadonlySet<string> = lateFlags) {}

  add(line: AccessLogLine): void {
    const { code, cluster, attempts } = line;
    const name = cluster ?? 'none';
    const flags = (line.flags ?? '').split(',').filter((flag) => flag !== '' && flag !== '-');
    const answered = code > 0 && code < 400;
    const ok = answered && !flags.some((flag) => breaking.has(flag));
    this.requests += 1;
    if (attempts > 1) {
      increase(this.retried, name);
      increase(this.retriedOk, name, ok ? 1 : 0);
    }
    if (flags.includes('DC')) {
      increase(this.gaveUp, name);
    }
    if (ok) {
      increase(this.ok, name);
      return;
    }
    increase(this.notOk, name);
    if (answered) {
      increase(this.broken, name);
    }
    const reasons = this.reasons.get(name) ?? new Map<string, Reason>();
    this.reasons.set(name, reasons);
    const words = reasonInWords(code, flags);
    const late = flags.some((flag) => this.late.has(flag)) || (line.details ?? '').includes('timeout');
    reasons.set(words, { late, count: (reasons.get(words)?.count ?? 0) + 1 });
  }
}

/** How many requests failed for one reason. */
export interface Reason {
  readonly count: number;

  /** Whether somebody waited too long: what a machine that is too busy brings about as well. */
  readonly late: boolean;
}

/** In place of a phase: requests that the rehearsal did not send, such as those of a curious person. */
export const noPhase = -1;

/**
 * Sums up an access log by number of the phase.
 *
 * @param count how many phases there were
 * @param late flags which say that somebody waited too long
 */
export async function readAccessLog(
  lines: AsyncIterable<AccessLogLine>,
  count: number,
  late: ReadonlySet<string> = lateFlags,
): Promise<ReadonlyMap<number, PhaseLog>> {
  const phases = new Map<number, PhaseLog>();
  for await (const line of lines) {
    const number = /^\d+$/.test(line.phase ?? '') && Number(line.phase) < count ? Number(line.phase) : noPhase;
    const phase = phases.get(number) ?? new PhaseLog(late);
    phases.set(number, phase);
    phase.add(line);
  }
  return phases;
}

// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
const flagsInWords: Readonly<Record<string, string>> = {
  DC: 'the client gave up waiting',
  UF: 'no connection to the app',
  UC: 'the app broke the connection',
  UPE: 'the app broke off its answer, or the rules of HTTP',
  UR: 'the app reset the request',
  UH: 'no healthy instance',
  UT: 'the app was too slow for the route',
  URX: 'all retries failed',
  NR: 'no route',
  NC: 'no cluster',
};

/** With these an answer is not complete, whatever its status. */
const breaking: ReadonlySet<string> = new Set(['DC', 'UC', 'UPE', 'UR', 'LR', 'DPE', 'SI']);

function reasonInWords(code: number, flags: readonly string[]): string {
  return [code > 0 ? `status ${code}` : 'no status', ...flags.map((flag) => flagsInWords[flag] ?? flag)].join(', ');
}

/** Adds one to a counter. */
export function increase<K>(counters: Map<K, number>, key: K, by = 1): void {
  counters.set(key, (counters.get(key) ?? 0) + by);
}
