import { type PhaseLog, readAccessLog } from '../../local/envoy/access-log';
import type { AccessLogLine } from '../../local/envoy/envoy-configuration';
import { temporaryFull } from '../../local/tasks/temporary-folder';

/** What Envoy has not written by then, it will not write any more; the counts will show it. */
const logPatienceMs = 10_000;

/** An Envoy that notes each request when it is over. */
export interface NotingEnvoy {
  /** How many requests came in and are over. */
  requests(): Promise<number>;

  /** Its notes, from the start. */
  accessLog(): AsyncIterable<AccessLogLine>;
}

/** What an Envoy has noted. */
export interface NotedRequests {
  /** By number of the phase, and there by label of the slot. */
  readonly accessLog: ReadonlyMap<number, PhaseLog>;
  readonly requests: number;
}

/**
 * Waits until Envoy has noted all requests, and sums up its notes.
 *
 * @param phaseCount how many phases there were
 * @param slotOf label of the slot behind a cluster; a cluster that is not there keeps its name
 */
export async function notedRequests(
  envoy: NotingEnvoy,
  phaseCount: number,
  slotOf: ReadonlyMap<string, string>,
): Promise<NotedRequests> {
  const deadline = performance.now() + logPatienceMs;
  for (;;) {
    const requests = await envoy.requests();
    const accessLog = await readAccessLog(bySlot(envoy.accessLog(), slotOf), phaseCount);
    const noted = [...accessLog.values()].reduce((sum, phase) => sum + phase.requests, 0);
    // Envoy notes a request when it is over, and writes its notes some times a second.
    if (noted >= requests) {
      return { accessLog, requests };
    }
    if (performance.now() > deadline) {
      const full = await temporaryFull();
      if (full !== undefined) {
        throw full;
      }
      return { accessLog, requests };
    }
  }
}

async function* bySlot(lines: AsyncIterable<AccessLogLine>, slotOf: ReadonlyMap<string, string>): AsyncGenerator<AccessLogLine> {
  for await (const line of lines) {
    yield line.cluster === null ? line : { ...line, cluster: slotOf.get(line.cluster) ?? line.cluster };
  }
}
