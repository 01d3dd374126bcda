import { lateFlags, type PhaseLog, readAccessLog } from '../../local/envoy/access-log';
import type { AccessLogLine } from '../../local/envoy/envoy-configuration';
import { temporaryFull } from '../../local/tasks/temporary-folder';

/** What Envoy has not written by then, it will not write any more; the counts will show it. */
const logPatienceMs = 10_000;

/**
 * What Envoy says of bytes that are no request, such as those by which it is asked whether it has come by. Nobody lost anything by them.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details
 */
const noHttp = 'http1.codec_error';

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
 * @param late which flags say that somebody waited too long
 */
export async function notedRequests(
  envoy: NotingEnvoy,
  phaseCount: number,
  slotOf: ReadonlyMap<string, string>,
  late: ReadonlySet<string> = lateFlags,
): Promise<NotedRequests> {
  const deadline = performance.now() + logPatienceMs;
  for (;;) {
    const all = await envoy.requests();
    let garbage = 0;
    const lines = bySlot(envoy.accessLog(), slotOf, () => {
      garbage += 1;
    });
    const accessLog = await readAccessLog(lines, phaseCount, late);
    const requests = all - garbage;
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

async function* bySlot(
  lines: AsyncIterable<AccessLogLine>,
  slotOf: ReadonlyMap<string, string>,
  onGarbage: () => void,
): AsyncGenerator<AccessLogLine> {
  for await (const line of lines) {
    if (line.details === noHttp) {
      onGarbage();
    } else {
      yield line.cluster === null ? line : { ...line, cluster: slotOf.get(line.cluster) ?? line.cluster };
    }
  }
}
