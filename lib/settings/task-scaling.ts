import type { NamedNumber } from './task-size';

/** What is said of how a slot scales, under the names by which the user knows it. */
export interface NamedScaling {
  readonly min: NamedNumber;
  readonly max: NamedNumber;

  /** What the traffic plane can scale by, and whether something was said of it. */
  readonly metrics: readonly { readonly name: string; readonly given: boolean }[];
}

/** What is wrong, with what would be right. */
export interface ScalingProblem {
  readonly problem: string;

  /** What to change, such as `maxTasks`. */
  readonly name: string;

  /** A value that fits; `undefined`: any. */
  readonly value: number | undefined;
}

/** What is wrong with how a slot scales; `undefined`: nothing, or it cannot be judged. */
export function scalingProblem({ min, max, metrics }: NamedScaling): ScalingProblem | undefined {
  if (max.value === undefined) {
    return undefined;
  }
  if (!metrics.some(({ given }) => given)) {
    const names = metrics.map(({ name }) => name);
    return {
      problem: `${max.name}: got ${max.value}, expected ${names.join(' or ')} with it`,
      name: `${names[0]}`,
      value: undefined,
    };
  }
  return min.value !== undefined && min.value > max.value
    ? {
        problem: `${min.name}, ${max.name}: got ${min.value} and ${max.value}, expected a minimum up to the maximum`,
        name: max.name,
        value: min.value,
      }
    : undefined;
}
