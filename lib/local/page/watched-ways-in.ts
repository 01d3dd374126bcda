import type { OpenSplit, OpenTarget, OpenWayIn } from '../envoy/open-way-in';
import { readableName } from './readable-names';
import { shownSeconds } from './request-counts';
import type { ServiceView, SplitView, WayInView } from './view';

/** Weights that were in force from a moment on. */
type Weights = SplitView['weights'][number];

/** Who changes weights more often sees the newest. */
const keptWeights = 60;

/** The slots have the first two colours, whatever has none has the others. */
const colours = 4;

/** The ways in that are open, with the weights of the last two minutes. */
export class WatchedWaysIn {
  private open: readonly OpenWayIn[] = [];
  private readonly weights = new Map<string, readonly Weights[]>();

  /**
   * Takes all that are open.
   *
   * @param now as `Date.now()`
   */
  take(waysIn: readonly OpenWayIn[], now: number): void {
    this.open = waysIn;
    const there = new Set<string>();
    for (const { wayIn, split } of waysIn.flatMap((each) => each.splits.map((split) => ({ wayIn: each.id, split })))) {
      const key = keyOf(wayIn, split);
      there.add(key);
      const before = this.weights.get(key) ?? [];
      if (JSON.stringify(before.at(-1)?.targets) !== JSON.stringify(split.targets)) {
        this.weights.set(key, [...before, { since: now, targets: split.targets }].slice(-keptWeights));
      }
    }
    for (const key of [...this.weights.keys()].filter((each) => !there.has(each))) {
      this.weights.delete(key);
    }
  }

  /** The stacks that have ways in. */
  get stacks(): readonly string[] {
    return this.open.map(({ stack }) => stack);
  }

  /**
   * Those of a stack.
   *
   * @param services those that may be behind them
   * @param now as `Date.now()`
   */
  of(stack: string, services: readonly ServiceView[], now: number): readonly WayInView[] {
    return this.open
      .filter((wayIn) => wayIn.stack === stack)
      .map((wayIn) => ({
        id: wayIn.id,
        name: readableName(wayIn.name),
        address: wayIn.address,
        plane: wayIn.plane,
        targets: wayIn.targets.map((target, index) => targetView(target, index, services)),
        splits: different(wayIn.splits).map((split) => ({
          ...split,
          title: readableName(split.name),
          weights: this.weightsOf(wayIn.id, split, now),
        })),
      }));
  }

  private weightsOf(wayIn: string, split: OpenSplit, now: number): readonly Weights[] {
    const key = keyOf(wayIn, split);
    const known = this.weights.get(key) ?? [];
    const from = now - shownSeconds * 1000;
    const kept = known.filter((_, index) => (known[index + 1]?.since ?? Number.POSITIVE_INFINITY) > from);
    this.weights.set(key, kept);
    return kept;
  }
}

function keyOf(wayIn: string, { name }: OpenSplit): string {
  return `${name} ${wayIn}`;
}

// Routes to the same targets with the same weights are one split, as those of several paths or hosts.
function different(splits: readonly OpenSplit[]): readonly OpenSplit[] {
  return [...new Map([...splits].reverse().map((split) => [JSON.stringify(split.targets), split])).values()].reverse();
}

function targetView({ name, slot, services: arns }: OpenTarget, index: number, services: readonly ServiceView[]) {
  const behind = services.find(({ arn }) => arns.includes(arn));
  return {
    name,
    label: slot || behind?.slot || behind?.name || readableName(name),
    colour: behind?.colour ?? index % colours,
  };
}
