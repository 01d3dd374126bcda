import * as fc from 'fast-check';
import { maximumPercentProblem } from '../../lib/settings/maximum-percent';

const problem = (percent: number | undefined, count: number | undefined) =>
  maximumPercentProblem({ name: 'percent', value: percent }, { name: 'count', value: count });

test('it is wrong exactly when ECS, which rounds down, would not start one more task', () => {
  fc.assert(
    fc.property(fc.integer({ min: 101, max: 200 }), fc.integer({ min: 1, max: 5000 }), (percent, count) => {
      const most = Math.floor((count * percent) / 100);
      const wrong = problem(percent, count);
      expect(wrong === undefined).toBe(most > count);
      if (wrong) {
        expect(problem(wrong.percent, count)).toBeUndefined();
        expect(problem(wrong.percent - 1, count)).toBeDefined();
      }
    }),
  );
});

test.each([
  [undefined, 1],
  [101, undefined],
])('what is not known is not judged: %s of %s', (percent, count) => {
  expect(problem(percent, count)).toBeUndefined();
});
