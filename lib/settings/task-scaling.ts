import type { NamedNumber } from './task-size';

/** What is said of how a slot scales, under the names by which the user knows it. */
export interface NamedScaling {
  readonly min: NamedNumber;
  readonly max: NamedNumber;

  /** What the traffic plane can scale by, and whether something was said of it; `undefined`: not known. */
  readonly metrics: readonly { readonly name: string; readonly given: boolean }[] | undefined;
}

/** What is wrong, with what would be right. */
export interface ScalingProblem {
  readonly problem: string;

  /** What to change, such as `maxTasks`. */
  readonly name: string;

  /** A value that fits; `undefined`: any. */
  readonly value: number | undefined;
}

/** What is wrong with how a slot scales, one problem each; what is not known is not judged. */
export function scalingProblems({ min, max, metrics }: NamedScaling): readonly ScalingProblem[] {
  if (max.value === undefined) {
    return [];
  }
  const names = metrics?.every(({ given }) => !given) ? metrics.map(({ name }) => name) : [];
  return [
    ...names.slice(0, 1).map((name) => ({
      problem: `${max.name}: got ${max.value}, expected ${names.join(' or ')} with it`,
      name,
      value: undefined,
    })),
    ...(min.value !== undefined && min.value > max.value
      ? [
          {
            problem: `${min.name}, ${max.name}: got ${min.value} and ${max.value}, expected a minimum up to the maximum`,
            name: max.name,
            value: min.value,
          },
        ]
      : []),
  ];
}
