import * as fc from 'fast-check';
import { planeLimits, planeNames } from '../../lib/release/plane-limits';
import { describeSplit, lowestTerms, scaledDown, weightRange, weightSumProblem } from '../../lib/release/weights';

const named = (...weights: readonly number[]) =>
  weights.map((weight, index) => ({ name: index === 0 ? 'blue' : 'green', weight }));
const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);

const weight = fc.integer({ min: 0, max: 999 });
const weights = fc.tuple(weight, weight).filter((pair) => sum(pair) > 0);

test('the range of a weight in words', () => {
  expect(weightRange(100)).toBe('a whole number from 0 to 100');
});

test.each([
  ['app-mesh', [0], 'blue: got 0, expected active slots with a sum of weights of at least 1'],
  ['lattice', [0, 0], 'blue, green: got 0 + 0 = 0, expected active slots with a sum of weights of at least 1'],
  ['app-mesh', [100, 1], 'blue, green: got 100 + 1 = 101, expected a sum of weights of at most 100 on app-mesh'],
  [
    'load-balancer',
    [999, 1000],
    'blue, green: got 999 + 1000 = 1999, expected a sum of weights of at most 1998 on load-balancer',
  ],
  ['app-mesh', [99, 1], undefined],
  ['app-mesh', [0, 1], undefined],
  ['load-balancer', [999, 999], undefined],
] as const)('the sum of weights on %s: %j', (plane, values, problem) => {
  expect(weightSumProblem(plane, planeLimits[plane], named(...values))).toBe(problem);
});

test('whatever the plane and the weights, a sum has a problem exactly when it is 0 or above the limit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...planeNames), fc.array(weight, { minLength: 1, maxLength: 2 }), (plane, values) => {
      const limit = plane === 'app-mesh' ? 100 : 1998;
      expect(weightSumProblem(plane, planeLimits[plane], named(...values)) === undefined).toBe(
        sum(values) >= 1 && sum(values) <= limit,
      );
    }),
  );
});

test.each([
  [
    [50, 50],
    [1, 1],
  ],
  [
    [99, 1],
    [99, 1],
  ],
  [
    [0, 7],
    [0, 1],
  ],
  [
    [5, 0],
    [1, 0],
  ],
  [
    [6, 9, 12],
    [2, 3, 4],
  ],
])('%j in lowest terms is %j', (values, terms) => {
  expect(lowestTerms(values)).toEqual(terms);
});

test('lowest terms keep the ratio', () => {
  fc.assert(
    fc.property(weights, ([blue, green]) => {
      const [low, high] = lowestTerms([blue, green]) as [number, number];
      expect(low * green).toBe(high * blue);
      expect(lowestTerms([3 * blue, 3 * green])).toEqual([low, high]);
    }),
  );
});

test.each([
  ['exact where there is a common divisor', [60, 60], 100, [1, 1]],
  ['exact up to the limit itself', [198, 2], 100, [99, 1]],
  ['nearly exact else', [700, 101], 100, [87, 12]],
  ['a small weight does not vanish', [999, 1], 100, [99, 1]],
  ['no weight stays none', [0, 500], 100, [0, 1]],
  ['no weight stays none, next to two that are rounded', [0, 501, 500], 100, [0, 50, 49]],
])('scaled down: %s', (_, values, maxSum, expected) => {
  expect(scaledDown(values, maxSum)).toEqual(expected);
});

test('scaled-down weights fit, and a slot gets requests exactly when it did before', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 2, max: 1998 }), (values, maxSum) => {
      const scaled = scaledDown(values, maxSum);
      expect(sum(scaled)).toBeLessThanOrEqual(maxSum);
      expect(scaled.map((value) => value > 0)).toEqual(values.map((value) => value > 0));
      expect(scaled.every(Number.isInteger)).toBe(true);
    }),
  );
});

test.each([
  [[1], 'blue 100 %'],
  [[1, 0], 'blue 100 %, green 0 %'],
  [[50, 50], 'blue 50 %, green 50 %'],
  [[2, 1], 'blue 66.7 %, green 33.3 %'],
  [[999, 1], 'blue 99.9 %, green 0.1 %'],
  [[9999, 1], 'blue >99.9 %, green <0.1 %'],
])('the split of %j in words', (values, words) => {
  expect(describeSplit(named(...values))).toBe(words);
});
