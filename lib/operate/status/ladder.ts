import { canary, type ReleaseDirection, type ReleaseState, type ReleaseStep } from '../../release/release';

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
export function ladderOf(shares: readonly number[], direction: ReleaseDirection, state: ReleaseState): Ladder {
  const steps = canary(shares, direction);
  const at = progress(direction, state);
  const ahead = steps.filter((step) => progress(direction, step.state) > at);
  const behind = steps.slice(0, steps.length - ahead.length);
  const isExact = behind.some((step) => progress(direction, step.state) === at);
  const marked = behind.map(({ name }, index) => ({
    name,
    mark: isExact && index === behind.length - 1 ? ('here' as const) : ('done' as const),
  }));
  const percent = Math.round((at - 1) * 10) / 10;
  return {
    steps: [
      ...marked,
      ...(isExact ? [] : [{ name: `${Math.round((100 - percent) * 10) / 10}/${percent}`, mark: 'here' as const }]),
      ...ahead.map(({ name }) => ({ name, mark: 'ahead' as const })),
    ],
    done: behind.length - 1,
    ahead,
  };
}

// The slot that comes is off, on without requests, on with a share of them, and alone.
function progress({ from, to }: ReleaseDirection, state: ReleaseState): number {
  if (!state[to].active) {
    return 0;
  }
  const [before, after] = [state[from], state[to]];
  return before.active ? 1 + (100 * after.weight) / (before.weight + after.weight) : 102;
}
