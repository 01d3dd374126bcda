import { checkSlotTasks } from '../../../lib/operate/gate/slot-tasks';
import type { LiveSlot } from '../../../lib/operate/live/live-state';

const slot = (desired: number, running: number, healthyTargets?: number, rollingOut = false): LiveSlot => ({
  weight: 1,
  tasks: { desired, running, pending: 0 },
  healthyTargets,
  rollingOut,
  createdAt: new Date(0),
  versionAt: new Date(0),
});

test.each<[string, LiveSlot | undefined, number, number, string]>([
  ['pass', slot(2, 2, 2), 0.5, 2, 'green: 2 of 2 tasks, 2 healthy targets'],
  ['pass', slot(2, 2), 0.5, 4, 'green: 2 of 2 tasks'],
  ['pass', slot(1, 1, 1), 0.05, 20, 'green: 1 of 1 task, 1 healthy target'],
  ['pass', slot(2, 3, 3), 1, 3, 'green: 3 of 2 tasks, 3 healthy targets'],
  ['inconclusive', slot(2, 1, 1), 0.5, 2, 'green: 1 of 2 tasks running, expected 2'],
  ['inconclusive', slot(2, 2, 1), 0.5, 2, 'green: 1 of 2 tasks healthy, expected 2'],
  ['inconclusive', slot(1, 1, 1, true), 0.5, 1, 'green: ECS is still rolling it out, expected 1 task and nothing under way'],
  ['inconclusive', slot(2, 2, 2), 0.25, 9, 'green: 2 tasks, expected 3 for 25 % of the requests, as blue has 9; scale it up'],
  ['fail', undefined, 0.5, 2, 'green: got no ECS service, expected tasks that can answer; scale it up first'],
  ['fail', slot(0, 0, 0), 0.5, 2, 'green: got 0 desired tasks, expected tasks that can answer; scale it up first'],
])('%s %#', (verdict, live, share, otherRunning, sentence) => {
  expect(checkSlotTasks({ slot: 'green', live, share, other: 'blue', otherRunning })).toEqual({
    name: 'green tasks',
    verdict,
    sentence,
  });
});
