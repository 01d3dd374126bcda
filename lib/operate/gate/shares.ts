import type { ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import { shareInWords } from '../../terminal/words';
import { type LiveState, shareOf } from '../live/live-state';

/** The share of each slot, from 0 to 1; `undefined`: the slot is off. */
export type Shares = Readonly<Record<SlotName, number | undefined>>;

/** The shares that a state says. */
export function sharesOfState(state: ReleaseState): Shares {
  const weights = bySlot((slot) => (state[slot].active ? state[slot].weight : undefined));
  return bySlot((slot) => shareOf(slot, weights));
}

/** The shares that are in force. */
export function sharesOfLive(live: LiveState): Shares {
  const weights = bySlot((slot) => live[slot]?.weight);
  return bySlot((slot) => shareOf(slot, weights));
}

/** The slots that have another share in one than in the other. */
export function differingSlots(one: Shares, other: Shares): readonly SlotName[] {
  return slotNames.filter((slot) => one[slot] !== other[slot]);
}

/** One share as it is read: `25 %`, or `off`. */
export function inWords(share: number | undefined): string {
  return share === undefined ? 'off' : shareInWords(share);
}

/** All shares, such as `blue 75 %, green 25 %`; slots that are off are left out. */
export function splitInWords(shares: Shares): string {
  return slotNames
    .filter((slot) => shares[slot] !== undefined)
    .map((slot) => `${slot} ${inWords(shares[slot])}`)
    .join(', ');
}

function bySlot<T>(value: (slot: SlotName) => T): Readonly<Record<SlotName, T>> {
  return Object.fromEntries(slotNames.map((slot) => [slot, value(slot)])) as Readonly<Record<SlotName, T>>;
}
