import type { AccessLogLine } from './envoy-configuration';

/** What Envoy noted of the requests of one phase. */
export class PhaseLog {
  requests = 0;

  /** Answers below 400, by cluster. */
  readonly ok = new Map<string, number>();

  /** Requests that ended in any other way, by cluster; `none` when Envoy chose none. */
  readonly notOk = new Map<string, number>();

  /** The same by cluster and reason. */
  readonly reasons = new Map<string, Map<string, number>>();

  /** Tries, by cluster. */
  readonly tries = new Map<string, number>();

  /** Requests that needed more than one try. */
  retried = 0;
  retriedOk = 0;

  add({ code, flags, cluster, attempts }: AccessLogLine): void {
    const name = cluster ?? 'none';
    const ok = code > 0 && code < 400;
    this.requests += 1;
    increase(this.tries, name, attempts);
    if (attempts > 1) {
      this.retried += 1;
      this.retriedOk += ok ? 1 : 0;
    }
    if (ok) {
      increase(this.ok, name);
      return;
    }
    increase(this.notOk, name);
    const reasons = this.reasons.get(name) ?? new Map<string, number>();
    this.reasons.set(name, reasons);
    increase(reasons, reason(code, flags));
  }
}

/** In place of a phase: requests that the rehearsal did not send, such as those of a curious person. */
export const noPhase = -1;

/** Sums up an access log by number of the phase. */
export async function readAccessLog(lines: AsyncIterable<AccessLogLine>): Promise<ReadonlyMap<number, PhaseLog>> {
  const phases = new Map<number, PhaseLog>();
  for await (const line of lines) {
    const number = line.phase === null ? noPhase : Number(line.phase);
    const phase = phases.get(number) ?? new PhaseLog();
    phases.set(number, phase);
    phase.add(line);
  }
  return phases;
}

// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
const flagsInWords: Readonly<Record<string, string>> = {
  DC: 'the client gave up',
  UF: 'no connection to the app',
  UC: 'the app broke the connection',
  UR: 'the app reset the request',
  UH: 'no healthy instance',
  UT: 'the app was too slow for the route',
  URX: 'all retries failed',
  NR: 'no route',
  NC: 'no cluster',
};

function reason(code: number, flags: string | null): string {
  const words = (flags ?? '')
    .split(',')
    .filter((flag) => flag !== '' && flag !== '-')
    .map((flag) => flagsInWords[flag] ?? flag);
  return [code > 0 ? `status ${code}` : 'no status', ...words].join(', ');
}

/** Adds one to a counter. */
export function increase<K>(counters: Map<K, number>, key: K, by = 1): void {
  counters.set(key, (counters.get(key) ?? 0) + by);
}
