import type { PlaneLimits } from './plane-limits';

/** One active slot's share, under the name by which the user knows it (a context key, a property, a label). */
export interface NamedWeight {
  readonly name: string;
  readonly weight: number;
}

/** The range of one weight in words, for messages and tables. */
export function weightRange(maxWeight: number): string {
  return `a whole number from 0 to ${maxWeight}`;
}

/**
 * What is wrong with the sum of the weights of the active slots, in words, or `undefined` if nothing is.
 *
 * All planes refuse, or silently ignore, a route on which nothing has a weight; App Mesh bounds the sum too.
 */
export function weightSumProblem(
  planeName: string,
  { maxWeightSum }: Pick<PlaneLimits, 'maxWeightSum'>,
  weights: readonly NamedWeight[],
): string | undefined {
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  const names = weights.map(({ name }) => name).join(', ');
  const got = weights.length > 1 ? `${weights.map(({ weight }) => weight).join(' + ')} = ${sum}` : `${sum}`;
  if (sum < 1) {
    return `${names}: got ${got}, expected active slots with a sum of weights of at least 1`;
  }
  if (sum > maxWeightSum) {
    return `${names}: got ${got}, expected a sum of weights of at most ${maxWeightSum} on ${planeName}`;
  }
  return undefined;
}

/** The same ratio in the smallest whole numbers; not all weights are 0. */
export function lowestTerms(weights: readonly number[]): number[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0);
  return weights.map((weight) => weight / divisor);
}

/** The same ratio in numbers whose sum is at most `maxSum`; exact where the numbers have a common divisor. */
export function scaledDown(weights: readonly number[], maxSum: number): number[] {
  const terms = lowestTerms(weights);
  if (terms.reduce((total, term) => total + term, 0) <= maxSum) {
    return terms;
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight === 0 ? 0 : Math.max(1, Math.floor((weight * maxSum) / sum))));
}

/** The split of requests in words, such as `blue 50 %, green 50 %`. */
export function describeSplit(weights: readonly NamedWeight[]): string {
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights.map(({ name, weight }) => `${name} ${percentage(weight / sum)} %`).join(', ');
}

// One decimal at most; a share that is not zero (or not all) never reads as if it were.
function percentage(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  if (rounded === 0 && share > 0) {
    return '<0.1';
  }
  if (rounded === 100 && share < 1) {
    return '>99.9';
  }
  return `${rounded}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
