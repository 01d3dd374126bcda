import type { SlotName } from '../../release/slots';
import type { MeasuredMinute } from '../measured/measured-minute';
import type { Check } from './check';
import { counted } from './counted';

/** So many whole minutes without a request show that nobody asks a slot any more. */
export const drainMinutes = 5;

/**
 * Silence of the newest minutes says nothing yet: metrics come one to three minutes late, and what is missing reads like silence. A request
 * in them is one all the same.
 */
export const lateMinutes = 2;

/** A slot that is to be turned off. */
export interface Drain {
  readonly leaving: SlotName;

  /** The slot that answers everything. */
  readonly staying: SlotName;

  /** Whole minutes since the weights are in force, oldest first, up to now. */
  readonly minutes: readonly MeasuredMinute[];
}

/**
 * Whether nobody asks a slot any more: in five whole minutes without one request to it, while the other one had some. Where both are silent,
 * nothing was measured, or nobody is there who could be lost: nobody can tell.
 */
export function checkDrain({ leaving, staying, minutes }: Drain): Check {
  const looked = minutes.slice(0, Math.max(0, minutes.length - lateMinutes)).slice(-drainMinutes);
  const late = minutes.slice(-lateMinutes);
  const sumOf = (some: readonly MeasuredMinute[]) => some.reduce((sum, { slots }) => sum + (slots[leaving]?.requests ?? 0), 0);
  const lively = looked.filter(({ slots }) => (slots[staying]?.requests ?? 0) > 0).length;
  const waits = (sentence: string): Check => ({ name: 'drain', verdict: 'inconclusive', sentence });
  for (const [some, which] of [
    [looked, 'last'],
    [late, 'newest'],
  ] as const) {
    const asked = sumOf(some);
    if (asked > 0) {
      return waits(
        `${leaving}: ${counted(asked, 'request')} in the ${which} ${counted(some.length, 'minute')}, expected none before it is turned off`,
      );
    }
  }
  if (looked.length < drainMinutes) {
    return waits(
      `${leaving}: 0 requests in ${looked.length} of ${drainMinutes} minutes, expected all of them before it is turned off`,
    );
  }
  if (lively < drainMinutes) {
    return waits(
      `${staying}: requests in ${lively} of the last ${drainMinutes} minutes, expected some in each: without them the silence of ${leaving} says nothing`,
    );
  }
  return {
    name: 'drain',
    verdict: 'pass',
    sentence: `${leaving}: 0 requests in ${drainMinutes} of ${drainMinutes} minutes, while ${staying} had some in each`,
  };
}
