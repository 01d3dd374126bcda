import { failureThreshold } from '../../../lib/local/ecs/circuit-breaker';

// The examples of https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
test.each([
  [1, 3],
  [2, 3],
  [25, 13],
  [400, 200],
  [800, 200],
])('of %d desired tasks %d may fail', (desired, failures) => {
  expect(failureThreshold(desired)).toBe(failures);
});
