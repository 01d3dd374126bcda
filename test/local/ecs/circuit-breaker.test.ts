import { circuitBreakerOf, failureThreshold } from '../../../lib/local/ecs/circuit-breaker';

// The first five are the examples of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
test.each([
  [1, undefined, 3],
  [2, undefined, 3],
  [25, undefined, 13],
  [400, undefined, 200],
  [800, undefined, 200],
  [10, { Type: 'BOUNDED_PERCENT', Value: 80 }, 8],
  [10, { Type: 'BOUNDED_PERCENT', Value: '10' }, 3],
  [10, { Type: 'UNBOUNDED_PERCENT', Value: 10 }, 1],
  [1000, { Type: 'UNBOUNDED_PERCENT', Value: 50 }, 500],
  [1000, { Type: 'COUNT', Value: 2 }, 2],
])('of %d desired tasks, with threshold %j, %d may fail', (desired, ThresholdConfiguration, failures) => {
  expect(failureThreshold(desired, circuitBreakerOf({ ThresholdConfiguration }).threshold)).toBe(failures);
});

test.each([
  [undefined, { enable: false, rollback: false, resetOnHealthyTask: true }],
  [
    { Enable: 'true', Rollback: true },
    { enable: true, rollback: true, resetOnHealthyTask: true },
  ],
  [
    { Enable: true, Rollback: false, ResetOnHealthyTask: 'false' },
    { enable: true, rollback: false, resetOnHealthyTask: false },
  ],
])('a circuit breaker %j', (value, expected) => {
  expect(circuitBreakerOf(value)).toEqual({ ...expected, threshold: { type: 'BOUNDED_PERCENT', value: 50 } });
});
