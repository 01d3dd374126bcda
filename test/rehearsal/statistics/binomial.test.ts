import fc from 'fast-check';
import {
  exactInterval,
  falseAlarmRate,
  highestRateWithoutFailure,
  withinChance,
} from '../../../lib/rehearsal/statistics/binomial';

// Every term of the distribution, from its definition, in whole numbers.
function probabilities(requests: number, numerator: bigint, denominator: bigint): number[] {
  const total = denominator ** BigInt(requests);
  let choose = 1n;
  return Array.from({ length: requests + 1 }, (_, count) => {
    if (count > 0) {
      choose = (choose * BigInt(requests - count + 1)) / BigInt(count);
    }
    const ways = choose * numerator ** BigInt(count) * (denominator - numerator) ** BigInt(requests - count);
    return Number((ways * 10n ** 30n) / total) / 1e30;
  });
}

test.each([
  { requests: 40, percent: 50 },
  { requests: 200, percent: 1 },
  { requests: 300, percent: 25 },
  { requests: 150, percent: 99 },
])('accepts of $requests requests at $percent % what the distribution itself accepts', ({ requests, percent }) => {
  const terms = probabilities(requests, BigInt(percent), 100n);
  const upTo = (count: number) => terms.slice(0, count + 1).reduce((sum, term) => sum + term, 0);
  const from = (count: number) => terms.slice(count).reduce((sum, term) => sum + term, 0);
  for (let count = 0; count <= requests; count += 1) {
    const accepted = upTo(count) >= falseAlarmRate / 2 && from(count) >= falseAlarmRate / 2;
    expect([count, withinChance(count, requests, percent / 100)]).toEqual([count, accepted]);
  }
});

test('is as wide as four standard deviations', () => {
  const [requests, share] = [100_000, 0.5];
  const sigma = Math.sqrt(requests * share * (1 - share));
  expect(withinChance(Math.floor(requests * share + 3.95 * sigma), requests, share)).toBe(true);
  expect(withinChance(Math.ceil(requests * share + 4.05 * sigma), requests, share)).toBe(false);
});

test('nothing and all leave nothing to chance', () => {
  expect([0, 1, 2500].map((count) => withinChance(count, 2500, 0))).toEqual([true, false, false]);
  expect([0, 2499, 2500].map((count) => withinChance(count, 2500, 1))).toEqual([false, false, true]);
});

test('the interval holds exactly the shares that the count does not rule out', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (requests, seed, share) => {
        const count = seed % (requests + 1);
        const { low, high } = exactInterval(count, requests);
        fc.pre(Math.abs(share - low) > 1e-9 && Math.abs(share - high) > 1e-9);
        return withinChance(count, requests, share) === (share > low && share < high);
      },
    ),
  );
});

test('of no requests, every share is possible', () => {
  expect(exactInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test('many requests without a failure bound the rate by about three over their number', () => {
  expect(highestRateWithoutFailure(30_000)).toBeCloseTo(3 / 30_000, 6);
  expect(highestRateWithoutFailure(0)).toBe(1);
});
