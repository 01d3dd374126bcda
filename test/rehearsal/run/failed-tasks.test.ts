import { FailedTasks } from '../../../lib/rehearsal/run/failed-tasks';

const event = (id: string, message: string) => ({ id, at: 0, message: `(service shop-green) ${message}` });

test('tasks that failed are told by step, service and reason, each once, and nothing else that happens', () => {
  const tasks = new FailedTasks();
  const started = event('1', 'has started 1 tasks: (task a).');
  const first = event('2', '(task a) failed: Essential container in task exited');
  const second = event('3', '(task b) failed: Essential container in task exited');
  const unhealthy = event('4', '(task c) failed: ELB health checks\nsaid no');
  tasks.note({ events: [first, started] }, '50/50');
  tasks.note({ events: [second, first, started] }, '50/50');
  tasks.note({ events: [event('5', 'has reached a steady state.'), unhealthy, second, first] }, 'green only');
  expect(tasks.remarks).toEqual([
    '50/50: 2 tasks of service shop-green failed: Essential container in task exited',
    'green only: a task of service shop-green failed: ELB health checks\nsaid no',
  ]);
});
