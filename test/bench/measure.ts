import { performance } from 'node:perf_hooks';

/** The middle one of several measurements, in milliseconds. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/**
 * Runs some contestants in turns, so that whatever else the machine does hits all of them alike, and returns the median of each in
 * milliseconds.
 *
 * @param warmUps rounds that do not count
 */
export function sideBySide<Name extends string>(
  contestants: Readonly<Record<Name, () => void>>,
  rounds: number,
  warmUps = 1,
): Record<Name, number> {
  const names = Object.keys(contestants) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUps; round < rounds; round += 1) {
    // Every other round runs backwards: none is always the one that comes after the others' garbage.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const start = performance.now();
      contestants[name]();
      if (round >= 0) {
        times[name].push(performance.now() - start);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}

export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: number;

  /** The ratio to reach, at most. */
  readonly goal: number;
}

export function printRows(title: string, peer: string, rows: readonly Row[]): void {
  console.log(`\n${title} (against ${peer})`);
  console.table(
    rows.map(({ what, ours, peer: theirs, ratio, goal }) => ({
      what,
      ours,
      peer: theirs,
      ratio: ratio.toFixed(2),
      goal: `<= ${goal.toFixed(1)}`,
      met: ratio <= goal ? 'yes' : 'no',
    })),
  );
}
