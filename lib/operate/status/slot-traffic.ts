import type { SlotName } from '../../release/slots';
import type { MeasuredMinute } from '../measured/measured-minute';

/** The requests of one slot in the last minutes. */
export interface SlotTraffic {
  readonly requestsPerMinute: number;

  /** Share of the requests without a proper answer, from 0 to 1; `undefined`: there was no request. */
  readonly errorShare: number | undefined;

  /** 95th percentile of the time to answer, in milliseconds: that of each minute, weighed by its requests; `undefined`: there was no answer. */
  readonly p95Ms: number | undefined;
}

/** Sums up minutes, oldest first. The newest ones count only from the first in which anything has arrived: CloudWatch has its data late. */
export function trafficOf(slot: SlotName, minutes: readonly MeasuredMinute[]): SlotTraffic {
  const last = minutes.map(({ slots }) => Object.values(slots).some((each) => each.requests > 0)).lastIndexOf(true);
  const arrived = minutes
    .slice(0, last + 1)
    .flatMap(({ slots }) => [slots[slot] ?? { requests: 0, errors: 0, latencyMs: undefined }]);
  const requests = arrived.reduce((sum, minute) => sum + minute.requests, 0);
  const errors = arrived.reduce((sum, minute) => sum + minute.errors, 0);
  const timed = arrived.filter(({ latencyMs, requests: count }) => latencyMs !== undefined && count > 0);
  const weights = timed.reduce((sum, minute) => sum + minute.requests, 0);
  const latencies = timed.reduce((sum, minute) => sum + (minute.latencyMs ?? 0) * minute.requests, 0);
  return {
    requestsPerMinute: arrived.length === 0 ? 0 : Math.round(requests / arrived.length),
    errorShare: requests === 0 ? undefined : errors / requests,
    p95Ms: weights === 0 ? undefined : Math.round((10 * latencies) / weights) / 10,
  };
}
