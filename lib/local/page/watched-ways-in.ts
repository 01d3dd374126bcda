import type { OpenSplit, OpenTarget, OpenWayIn } from '../envoy/open-way-in';
import { readableName } from './readable-names';
import { shownSeconds } from './request-counts';
import type { ServiceView, SplitView, TargetView, WayInView } from './view';

/** Weights that were in force from a moment on. */
type Weights = SplitView['weights'][number];

/** Who changes weights more often sees the newest. */
const keptWeights = 60;

/** The slots have the first two colours, whatever has none has the others. */
const colours = 4;

/** The ways in that are open, with the weights of the last two minutes, and with the targets that had them. */
export class WatchedWaysIn {
  private open: readonly OpenWayIn[] = [];
  private readonly weights = new Map<string, readonly Weights[]>();

  /** As what each target was shown last: one that is gone looks as before. */
  private readonly shown = new Map<string, TargetView>();

  /** The split that is shown for a route. */
  private readonly splits = new Map<string, string>();

  /**
   * Takes all that are open.
   *
   * @param services those that may be behind them
   * @param now as `Date.now()`
   */
  take(waysIn: readonly OpenWayIn[], services: readonly ServiceView[], now: number): void {
    for (const { id, targets } of this.open) {
      targets.forEach((target, index) => {
        this.shown.set(keyOf(id, target.name), targetView(target, index, services));
      });
    }
    this.open = waysIn;
    this.splits.clear();
    const [there, used] = [new Set<string>(), new Set<string>()];
    for (const { wayIn, split } of waysIn.flatMap((each) => each.splits.map((split) => ({ wayIn: each, split })))) {
      const key = keyOf(wayIn.id, split.name);
      there.add(key);
      this.splits.set(key, different(wayIn.splits).find((each) => isSame(each, split))?.name ?? split.name);
      const before = this.weights.get(key) ?? [];
      if (JSON.stringify(before.at(-1)?.targets) !== JSON.stringify(split.targets)) {
        this.weights.set(key, [...before, { since: now, targets: split.targets }].slice(-keptWeights));
      }
      for (const target of targetsIn(this.weights.get(key) ?? [])) {
        used.add(keyOf(wayIn.id, target));
      }
    }
    keepOnly(this.weights, there);
    keepOnly(this.shown, used);
  }

  /**
   * Forgets what is older than the requests that are shown.
   *
   * @param now as `Date.now()`
   * @returns whether there was something to forget
   */
  dropOld(now: number): boolean {
    const from = now - shownSeconds * 1000;
    let hasDropped = false;
    for (const [key, known] of this.weights) {
      const kept = known.filter((_, index) => (known[index + 1]?.since ?? Number.POSITIVE_INFINITY) > from);
      if (kept.length < known.length) {
        this.weights.set(key, kept);
        hasDropped = true;
      }
    }
    return hasDropped;
  }

  /** Name of the split to which a request belongs; empty: to none, as one by the preview header. */
  splitOf(wayIn: string, route: string | undefined): string {
    return (route !== undefined && this.splits.get(keyOf(wayIn, route))) || '';
  }

  /** The stacks that have ways in. */
  get stacks(): readonly string[] {
    return this.open.map(({ stack }) => stack);
  }

  /**
   * Those of a stack.
   *
   * @param services those that may be behind them
   */
  of(stack: string, services: readonly ServiceView[]): readonly WayInView[] {
    return this.open
      .filter((wayIn) => wayIn.stack === stack)
      .map((wayIn) => {
        const splits = different(wayIn.splits).map((split) => this.splitView(wayIn.id, split));
        const targets = wayIn.targets.map((target, index) => targetView(target, index, services));
        const gone = new Set(splits.flatMap((split) => split.gone).filter((name) => !targets.some((each) => each.name === name)));
        return {
          id: wayIn.id,
          name: readableName(wayIn.name),
          address: wayIn.address,
          plane: wayIn.plane,
          targets: [...targets, ...[...gone].flatMap((name) => this.shown.get(keyOf(wayIn.id, name)) ?? [])],
          splits,
        };
      });
  }

  private splitView(wayIn: string, split: OpenSplit): SplitView {
    const weights = this.weights.get(keyOf(wayIn, split.name)) ?? [];
    const gone = targetsIn(weights).filter((name) => !split.targets.some(({ target }) => target === name));
    return { ...split, title: readableName(split.name), weights, gone };
  }
}

function keyOf(wayIn: string, name: string): string {
  return `${name} ${wayIn}`;
}

function targetsIn(weights: readonly Weights[]): readonly string[] {
  return [...new Set(weights.flatMap(({ targets }) => targets.map(({ target }) => target)))];
}

function keepOnly(map: Map<string, unknown>, keys: ReadonlySet<string>): void {
  for (const key of [...map.keys()].filter((each) => !keys.has(each))) {
    map.delete(key);
  }
}

// Routes to the same targets with the same weights are one split, as those of several paths or hosts.
function different(splits: readonly OpenSplit[]): readonly OpenSplit[] {
  return splits.filter((split, index) => splits.findIndex((each) => isSame(each, split)) === index);
}

function isSame(a: OpenSplit, b: OpenSplit): boolean {
  return JSON.stringify(a.targets) === JSON.stringify(b.targets);
}

function targetView({ name, slot, services: arns }: OpenTarget, index: number, services: readonly ServiceView[]): TargetView {
  const behind = services.find(({ arn }) => arns.includes(arn));
  return {
    name,
    label: slot || behind?.slot || behind?.name || readableName(name),
    colour: behind?.colour ?? index % colours,
  };
}
