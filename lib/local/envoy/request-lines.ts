// What Envoy tells of requests on its standard output, one line each.

import type { RequestTry } from './answered-request';
import { typeUrl } from './envoy-values';

/** The route of a request that no other one takes. */
export const unmatchedRoute = 'unmatched';

/** What a line tells of: a request that is over, or one of the tries to have a task answer it. */
export type RequestLineKind = 'request' | 'try';

/** A line, by the names under which Envoy writes it. */
export interface RequestLine {
  readonly kind: RequestLineKind;

  /** The port from which the client sent it. */
  readonly from: number | null;
  readonly at: string;
  readonly ms: number | null;
  readonly upstreamMs: number | null;

  /** From the first byte to the task: a task may answer before it has all of a request. */
  readonly answeredMs: number | null;
  readonly code: number;
  readonly flags: string | null;
  readonly details: string | null;

  /** `null`: not even HTTP came. */
  readonly route: string | null;
  readonly cluster: string | null;

  /** Address of the task. */
  readonly task: string | null;
  readonly method: string | null;
  readonly path: string | null;
  readonly host: string | null;
  readonly agent: string | null;
  readonly id: string | null;
  readonly forwarded: string | null;
  readonly protocol: string | null;
  readonly received: number;
  readonly sent: number;
}

// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
const lineFormat: Readonly<Record<Exclude<keyof RequestLine, 'kind'>, string>> = {
  from: '%DOWNSTREAM_REMOTE_PORT%',
  at: '%START_TIME(%s%3f)%',
  ms: '%DURATION%',
  upstreamMs: '%COMMON_DURATION(US_TX_END:US_RX_BEG:ms)%',
  answeredMs: '%COMMON_DURATION(US_TX_BEG:US_RX_BEG:ms)%',
  code: '%RESPONSE_CODE%',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  route: '%ROUTE_NAME%',
  cluster: '%UPSTREAM_CLUSTER_RAW%',
  task: '%UPSTREAM_HOST%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  host: '%REQ(:AUTHORITY)%',
  agent: '%REQ(USER-AGENT)%',
  id: '%REQ(X-REQUEST-ID)%',
  forwarded: '%REQ(X-FORWARDED-FOR)%',
  protocol: '%PROTOCOL%',
  received: '%BYTES_RECEIVED%',
  sent: '%BYTES_SENT%',
};

/** An access log that writes such lines. */
export function requestLinesLog(kind: RequestLineKind) {
  return {
    name: 'envoy.access_loggers.stdout',
    typed_config: {
      '@type': `${typeUrl}envoy.extensions.access_loggers.stream.v3.StdoutAccessLog`,
      log_format: { json_format: { kind, ...lineFormat } },
    },
  };
}

/** Puts lines together from what comes through a pipe. What is no such line is left out. */
export class RequestLines {
  private rest = '';

  constructor(private readonly onLine: (line: RequestLine) => void) {}

  /** Takes what has come. */
  take(text: string): void {
    const lines = `${this.rest}${text}`.split('\n');
    this.rest = lines.pop() ?? '';
    for (const each of lines) {
      const line = parsed(each);
      if (line !== undefined) {
        this.onLine(line);
      }
    }
  }
}

/**
 * What a line says.
 *
 * @param slotOf finds the label of the slot behind a target
 */
export function requestIn(line: RequestLine, wayIn: string, slotOf: (target: string) => string | undefined): RequestTry {
  const { at, ms, upstreamMs, answeredMs, code, flags, details, route, cluster, task, received, sent } = line;
  const port = task === null ? Number.NaN : Number(task.slice(task.lastIndexOf(':') + 1));
  return {
    wayIn,
    startedAt: Number(at),
    durationMs: ms ?? 0,
    status: code,
    flags: flags === null || flags === '-' ? [] : flags.split(','),
    details: details ?? '',
    route: route === null || route === unmatchedRoute ? undefined : route,
    target: cluster ?? undefined,
    slot: cluster === null ? undefined : slotOf(cluster),
    port: Number.isNaN(port) ? undefined : port,
    upstreamMs: upstreamMs ?? answeredMs ?? undefined,
    method: line.method ?? undefined,
    path: line.path ?? undefined,
    host: line.host ?? undefined,
    agent: line.agent ?? undefined,
    requestId: line.id ?? undefined,
    forwardedFor: line.forwarded ?? undefined,
    protocol: line.protocol ?? undefined,
    bytesReceived: received,
    bytesSent: sent,
  };
}

function parsed(text: string): RequestLine | undefined {
  try {
    const line = JSON.parse(text);
    return line?.kind === 'request' || line?.kind === 'try' ? line : undefined;
  } catch {
    return undefined;
  }
}
