/**
 * How seldom chance alone may be called a fault: both tails together. As far out as four standard deviations of a normal
 * distribution.
 */
export const falseAlarmRate = 6.334e-5;

/** A share with the bounds between which it lies. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Whether a count is what chance can make of a share. Exact for any number of requests: no normal approximation.
 *
 * A share of 0 or 1 leaves nothing to chance: only none, or all, will do.
 *
 * @param count how many of `requests` it was
 * @param share how many it should be: 0 to 1
 */
export function withinChance(count: number, requests: number, share: number, alpha = falseAlarmRate): boolean {
  if (share <= 0 || share >= 1) {
    return count === (share <= 0 ? 0 : requests);
  }
  return atMost(count, requests, share) >= alpha / 2 && atMost(requests - count, requests, 1 - share) >= alpha / 2;
}

/**
 * The shares that a count does not rule out: the exact interval of Clopper and Pearson.
 *
 * @see https://doi.org/10.1093/biomet/26.4.404
 */
export function exactInterval(count: number, requests: number, alpha = falseAlarmRate): ShareInterval {
  if (requests === 0) {
    return { low: 0, high: 1 };
  }
  return {
    low: count === 0 ? 0 : bisect((share) => atMost(requests - count, requests, 1 - share) < alpha / 2),
    high: count === requests ? 1 : bisect((share) => atMost(count, requests, share) >= alpha / 2),
  };
}

/** The highest failure rate that so many requests without a failure do not rule out, with 95 % confidence. */
export function highestRateWithoutFailure(requests: number): number {
  return requests === 0 ? 1 : 1 - 0.05 ** (1 / requests);
}

// Probability of at most `count` successes. The terms fall quickly away from the mean, so the sum runs downwards from `count`.
function atMost(count: number, requests: number, share: number): number {
  if (count >= requests) {
    return 1;
  }
  if (count > requests * share) {
    return 1 - atMost(requests - count - 1, requests, 1 - share);
  }
  const odds = share / (1 - share);
  let term = Math.exp(
    logFactorial(requests) -
      logFactorial(count) -
      logFactorial(requests - count) +
      count * Math.log(share) +
      (requests - count) * Math.log1p(-share),
  );
  let sum = 0;
  for (let successes = count; successes >= 0 && term > 0; successes -= 1) {
    sum += term;
    if (term < sum * 1e-17) {
      break;
    }
    term *= successes / (requests - successes + 1) / odds;
  }
  return sum;
}

// The place between 0 and 1 up to which a condition holds.
function bisect(holds: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

// Stirling's series; exact sums where it is not good enough.
function logFactorial(n: number): number {
  if (n < 32) {
    let sum = 0;
    for (let factor = 2; factor <= n; factor += 1) {
      sum += Math.log(factor);
    }
    return sum;
  }
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
}
