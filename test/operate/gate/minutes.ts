import type { MeasuredMinute, SlotMinute } from '../../../lib/operate/measured/measured-minute';

/** What a slot did in a minute: its requests, those that failed, and the 95th percentile of the time to answer. */
export type Did = readonly [requests: number, errors?: number, latencyMs?: number];

/** Minutes one after the other, as CloudWatch has them. */
export function minutesOf(...minutes: readonly { readonly blue?: Did; readonly green?: Did }[]): readonly MeasuredMinute[] {
  return minutes.map(({ blue, green }, index) => ({
    at: index * 60_000,
    slots: { ...(blue ? { blue: slotMinute(blue) } : {}), ...(green ? { green: slotMinute(green) } : {}) },
  }));
}

function slotMinute([requests, errors = 0, latencyMs]: Did): SlotMinute {
  return { requests, errors, latencyMs };
}
