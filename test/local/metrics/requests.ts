import type { MetricDatum } from '../../../lib/local/emulator/measured-minute';
import type { AnsweredRequest } from '../../../lib/local/envoy/answered-request';
import { MetricData } from '../../../lib/local/metrics/metric-data';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import type { PlaneName } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { deployed } from '../routes/deployed';

/** The way in of a plane with both slots. */
export function wayInOf(trafficPlane: PlaneName): WayIn {
  const flags = { blueActive: true, greenActive: true, blueWeight: 3, greenWeight: 7, trafficPlane };
  const [found] = waysIn(deployed(templateOf(flags)));
  return found as WayIn;
}

/** Name of the target of a slot. */
export function targetOf({ model }: WayIn, wanted: string): string {
  return model.targets.find(({ slot }) => slot === wanted)?.name ?? '';
}

/** A request that green has answered well, but for what is given. */
export function requestTo(wayIn: WayIn, given: Partial<AnsweredRequest> = {}): AnsweredRequest {
  return {
    wayIn: wayIn.id,
    startedAt: Date.UTC(2026, 0, 1),
    durationMs: 12,
    status: 200,
    flags: [],
    details: 'via_upstream',
    route: wayIn.model.routes[0]?.name,
    target: targetOf(wayIn, 'green'),
    slot: 'green',
    port: 40_001,
    upstreamMs: 10,
    method: 'GET',
    path: '/shop?item=1',
    host: 'shop.example',
    agent: 'test',
    requestId: 'a-request',
    forwardedFor: undefined,
    protocol: 'HTTP/1.1',
    bytesReceived: 0,
    bytesSent: 6,
    ...given,
  };
}

/** What became of a request: the parts that differ from a good answer. */
export const ends = {
  good: {},
  error: { status: 500 },
  refusal: { status: 404 },
  broken: {
    status: 502,
    flags: ['UC'],
    details: 'upstream_reset_before_response_started{connection_termination}',
    upstreamMs: undefined,
  },
  brokenHalfway: { status: 200, flags: ['UPE'], details: 'upstream_reset_after_response_started{protocol_error}' },
  unconnected: {
    status: 502,
    flags: ['UF'],
    details: 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}',
    upstreamMs: undefined,
  },
  hanging: { status: 504, flags: ['SI'], details: 'stream_idle_timeout', upstreamMs: undefined },
  left: { status: 0, flags: ['DC'], details: 'downstream_remote_disconnect', upstreamMs: undefined },
  leftHalfway: { status: 200, flags: ['DC'], details: 'downstream_remote_disconnect' },
  empty: { status: 503, flags: ['UH'], details: 'no_healthy_upstream', port: undefined, upstreamMs: undefined },
  fixed: { status: 404, details: 'direct_response', target: undefined, slot: undefined, port: undefined, upstreamMs: undefined },
  noHttp: {
    status: 400,
    flags: ['DPE'],
    details: 'http1.codec_error',
    target: undefined,
    slot: undefined,
    port: undefined,
    upstreamMs: undefined,
    method: undefined,
  },
} satisfies Record<string, Partial<AnsweredRequest>>;

export type End = keyof typeof ends;

/** How often each metric was counted, or the sum of its values, by its dimensions and its name. */
export function sumsOf(data: readonly MetricDatum[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { dimensions, metricName, values, counts } of data) {
    const name = `${Object.keys(dimensions).sort().join('+')} ${metricName}`;
    sums[name] = values.reduce((sum, value, index) => sum + value * (counts[index] ?? 0), sums[name] ?? 0);
  }
  return sums;
}

/** The sums of what is measured. */
export function measured(measure: (data: MetricData) => void): Record<string, number> {
  const data = new MetricData();
  measure(data);
  return sumsOf(data.data);
}
