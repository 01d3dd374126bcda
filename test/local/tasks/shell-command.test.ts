import { randomUUID } from 'node:crypto';
import { processTable } from '../../../lib/local/tasks/process-table';
import { runShellCommand } from '../../../lib/local/tasks/shell-command';
import { until } from '../../until';

const value = randomUUID();
const environment = { ...process.env, TRIAL: value };
const running = async () => (await processTable().list(`TRIAL=${value}`)).filter(({ marked }) => marked);

test.each([
  ['echo one; echo two; exit 3', { ended: 3, lastLines: ['two'] }],
  ['kill -9 $$', { ended: 'SIGKILL', lastLines: [] }],
  // Its output stays open.
  ['(setsid sleep 1000 &); echo one', { ended: 0, lastLines: ['one two'] }],
])('%s', async (command, result) => {
  const { signal } = new AbortController();
  expect(await runShellCommand(command, ['two'], { environment, signal, lines: 1 })).toEqual(result);
  expect(await running()).toEqual([]);
});

test('whoever is told to stop ends the command and what has left it', async () => {
  const stop = new AbortController();
  const command = '(setsid sleep 1000 &); sleep 1000; true';
  const result = runShellCommand(command, [], { environment, signal: stop.signal, lines: 1 });
  await until(async () => (await running()).length > 2);
  stop.abort();
  await expect(result).rejects.toThrow(/abort/);
  expect(await running()).toEqual([]);
});
