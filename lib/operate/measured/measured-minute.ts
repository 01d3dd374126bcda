import type { SlotName } from '../../release/slots';

/** The requests of one slot in one minute. */
export interface SlotMinute {
  readonly requests: number;

  /** Without a proper answer: a status from 500 to 599, or none. */
  readonly errors: number;

  /** 95th percentile of the time to answer, in milliseconds; `undefined`: there was no answer. */
  readonly latencyMs: number | undefined;
}

/** One whole minute, as CloudWatch has it. No data is no request. */
export interface MeasuredMinute {
  /** When it began, as `Date.now()`. */
  readonly at: number;

  readonly slots: Readonly<Partial<Record<SlotName, SlotMinute>>>;
}
