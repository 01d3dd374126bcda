import type { ReleaseState } from '../release/release';
import { slotNames } from '../release/slots';
import { slotKeyName } from './keys';

/** The state as context flags, such as `{ blueActive: true, … }`. */
export function flagsOf(state: ReleaseState): Record<string, boolean | number> {
  return Object.fromEntries(
    slotNames.flatMap((slot) => [
      [slotKeyName(slot, 'Active'), state[slot].active] as const,
      [slotKeyName(slot, 'Weight'), state[slot].weight] as const,
    ]),
  );
}
