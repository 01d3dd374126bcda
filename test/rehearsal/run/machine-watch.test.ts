import { MachineWatch } from '../../../lib/rehearsal/run/machine-watch';

const standStill = (milliseconds: number) => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

test('sees how long this process could do nothing else, and that the processors had work', () => {
  const watch = new MachineWatch();
  watch.start();
  const from = performance.now();
  standStill(600);
  const { busy, lateMs } = watch.between(from, performance.now());
  watch.stop();
  expect(lateMs).toBeGreaterThan(550);
  expect(busy).toBeGreaterThan(0);
  expect(busy).toBeLessThanOrEqual(1);
});

test('what was before does not count', async () => {
  const watch = new MachineWatch();
  watch.start();
  const begin = performance.now();
  standStill(1000);
  // The first tick afterwards belongs to what was before.
  while (watch.between(begin, performance.now()).lateMs < 900) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const from = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const { lateMs } = watch.between(from, performance.now());
  watch.stop();
  expect(lateMs).toBeLessThan(900);
});
