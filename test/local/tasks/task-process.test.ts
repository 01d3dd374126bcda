import { join } from 'node:path';
import { freePort } from '../../../lib/local/tasks/free-port';
import { TaskProcess } from '../../../lib/local/tasks/task-process';

const apps = join(__dirname, 'apps');

test.each([
  ['a shell command', 'echo no database; exit 3', { exitCode: 3, how: '3' }, '; it said: no database'],
  ['a program', ['/bin/sh', '-c', 'kill -9 $$'], { exitCode: 137, how: 'SIGKILL' }, ''],
  ['what is not there', ['/no/such/program'], { exitCode: undefined, how: 'spawn /no/such/program ENOENT' }, ''],
])('it is known how %s ended', async (_, command, end, said) => {
  const task = TaskProcess.start({ command, environment: process.env });
  expect(await task.ended).toEqual(end);
  await task.complete();
  expect([task.how, task.said(1), task.running]).toEqual([end.how, said, false]);
  await task.stop();
});

test('who has ended listens nowhere, and who does not listen is waited for as long as somebody waits', async () => {
  const { port, release } = await freePort();
  const short = TaskProcess.start({ command: 'exit 1', environment: process.env, port });
  expect(await short.listens(port)).toBe(false);
  await short.stop();
  const silent = TaskProcess.start({ command: 'sleep 1000', environment: process.env, port });
  expect(await silent.listens(port, AbortSignal.timeout(50))).toBe(false);
  expect(silent.running).toBe(true);
  await silent.stop();
  release();
});

test('one that was asked to end in its own time can be given less', async () => {
  const { port, release } = await freePort();
  const environment = { ...process.env, PORT: `${port}`, NOTES: '' };
  const task = TaskProcess.start({
    command: ['node', join(apps, 'deaf.js')],
    environment,
    port,
    stopPatienceMs: 1_000_000,
  });
  expect(await task.listens(port)).toBe(true);
  const stopped = task.stop();
  await task.endWithin(50);
  expect(await stopped).toBe(false);
  expect((await task.ended).how).toBe('SIGKILL');
  release();
});

test('nobody gets a port that somebody else has got', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort));
  expect(new Set(ports.map(({ port }) => port)).size).toBe(ports.length);
  for (const { release } of ports) {
    release();
  }
});
