import type { ReleaseDirection, ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import type { LiveState } from './live-state';

/**
 * From which slot to which one a release goes, where nobody says it: with one slot on, to the other one; of two, to the one that joined later.
 *
 * @param live asked for only where both are on
 */
export async function releaseDirection(state: ReleaseState, live: () => Promise<LiveState>): Promise<ReleaseDirection> {
  const active = slotNames.filter((slot) => state[slot].active);
  const since = active.length > 1 ? await live() : {};
  const age = (slot: SlotName) => since[slot]?.createdAt.getTime() ?? Number.POSITIVE_INFINITY;
  const [from = slotNames[0]] = [...active].sort((one, two) => age(one) - age(two));
  return directionTo(slotNames.find((slot) => slot !== from) as SlotName);
}

/** The release that goes to a slot. */
export function directionTo(to: SlotName): ReleaseDirection {
  return { from: slotNames.find((slot) => slot !== to) as SlotName, to };
}
