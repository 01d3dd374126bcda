import type { ReleaseState, ReleaseStep } from '../../release/release';
import { type ReleaseCourse, releasePosition } from '../../release/remaining-steps';
import { type SlotName, slotNames } from '../../release/slots';

/** A step of the release, as it is drawn. */
export interface LadderStep {
  readonly name: string;
  readonly mark: 'done' | 'here' | 'ahead';
}

/** Where a state stands in a release. */
export interface Ladder {
  readonly steps: readonly LadderStep[];

  /** How many deploys are behind. */
  readonly done: number;
  readonly ahead: readonly ReleaseStep[];
}

/** Where a state stands on the way of a release; a split that is none of the steps stands between two of them. */
export function ladderOf(course: ReleaseCourse, state: ReleaseState): Ladder {
  const { steps, at, exact } = releasePosition(course, state);
  const ahead = steps.slice(at + 1);
  return {
    steps: [
      ...steps
        .slice(0, at + 1)
        .map(({ name }, index) => ({ name, mark: exact && index === at ? ('here' as const) : ('done' as const) })),
      ...(exact ? [] : [{ name: splitOf(course.to, state), mark: 'here' as const }]),
      ...ahead.map(({ name }) => ({ name, mark: 'ahead' as const })),
    ],
    done: at,
    ahead,
  };
}

function splitOf(to: SlotName, state: ReleaseState): string {
  const sum = slotNames.reduce((total, slot) => total + state[slot].weight, 0);
  const percent = (weight: number) => Math.round((1000 * weight) / sum) / 10;
  return `${percent(sum - state[to].weight)}/${percent(state[to].weight)}`;
}
