import type { DeployedState } from './deployed-state';
import type { ReleaseState } from './release';
import { slotNames } from './slots';

/** What the four flags said when a state was deployed. A slot that is off has no weight: it is 0 here. */
export function releaseStateOf({ slots }: Pick<DeployedState, 'slots'>): ReleaseState {
  return Object.fromEntries(
    slotNames.map((name) => [name, { active: slots[name] !== undefined, weight: Number(slots[name]?.weight ?? 0) }]),
  ) as unknown as ReleaseState;
}
