import { RestartThrottle } from '../../../lib/local/ecs/restart-throttle';

test('the first failure is replaced at once, each further one later; a task that was healthy for long ends the row', async () => {
  let over = () => {};
  const throttle = new RestartThrottle({ firstMs: 50, longestMs: 1000 }, () => over());
  expect([throttle.failed(0), throttle.isPausing]).toEqual([false, false]);
  const paused = new Promise<void>((resolve) => {
    over = resolve;
  });
  expect([throttle.failed(999), throttle.isPausing]).toEqual([true, true]);
  await paused;
  expect(throttle.isPausing).toBe(false);
  expect([throttle.failed(1000), throttle.isPausing]).toEqual([false, false]);
  expect([throttle.failed(0), throttle.isPausing]).toEqual([true, true]);
  expect([throttle.failed(0), throttle.isPausing]).toEqual([false, true]);
  throttle.reset();
  expect(throttle.isPausing).toBe(false);
});
