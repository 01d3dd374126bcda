import { canary, type ReleaseState, type ReleaseStep } from './release';
import { type SlotName, slotNames } from './slots';

/** Which way a release goes, and in which steps. */
export interface ReleaseCourse {
  /** The shares of the new version in percent, as in `canary`. */
  readonly ladder: readonly number[];

  /** The slot of the new version. */
  readonly to: SlotName;
}

/** How far a release is. */
export interface ReleasePosition {
  /** All steps of the release; the first one is the state before it. */
  readonly steps: readonly ReleaseStep[];

  /** Index of the last step that is reached. */
  readonly at: number;

  /** Whether the state is the one of that step; else it lies between it and the next one. */
  readonly exact: boolean;
}

/**
 * How far a release is in a state, whatever way led there.
 *
 * @param state with at least one slot that has requests
 * @throws UserError when the ladder is none
 */
export function releasePosition({ ladder, to }: ReleaseCourse, state: ReleaseState): ReleasePosition {
  const from: SlotName = slotNames[0] === to ? slotNames[1] : slotNames[0];
  const steps = canary(ladder, { from, to });
  const reached = progress(state, from, to);
  const distances = steps.map((step) => compare(progress(step.state, from, to), reached));
  return { steps, at: distances.filter((distance) => distance <= 0).length - 1, exact: distances.includes(0) };
}

/**
 * The deploys from a state to the end of the release; none when it is done.
 *
 * @param state with at least one slot that has requests
 * @throws UserError when the ladder is none
 */
export function remainingSteps(course: ReleaseCourse, state: ReleaseState): readonly ReleaseStep[] {
  const { steps, at } = releasePosition(course, state);
  return steps.slice(at + 1);
}

// How far a release is, as a fraction: two weights of it. A share of many digits stays exact so.
type Progress = readonly [reached: number, whole: number];

const [notBegun, done]: readonly [Progress, Progress] = [
  [-1, 1],
  [2, 1],
];

function progress(state: ReleaseState, from: SlotName, to: SlotName): Progress {
  if (!state[to].active) {
    return notBegun;
  }
  return state[from].active ? [state[to].weight, state[from].weight + state[to].weight] : done;
}

function compare([reached, whole]: Progress, [otherReached, otherWhole]: Progress): number {
  return reached * otherWhole - otherReached * whole;
}
