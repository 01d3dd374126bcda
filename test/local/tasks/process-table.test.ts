import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { processTable } from '../../../lib/local/tasks/process-table';
import { until } from '../../until';

// The second one has no need of Linux, but runs there too.
describe.each(['linux', 'darwin'] as const)('the processes of %s', (platform) => {
  const table = processTable(platform);
  const here = platform === process.platform || process.platform === 'linux';
  const mark = `TRIAL=${randomUUID()}`;

  (here ? test : test.skip)('are found by their mark, with their group, parent and age', async () => {
    const [name = '', value] = mark.split('=');
    const child = spawn('sleep', ['1000'], { detached: true, env: { ...process.env, [name]: value } });
    try {
      const found = async () => (await table.list(mark)).filter(({ marked }) => marked);
      await until(async () => (await found()).length > 0);
      const [first, ...others] = await found();
      expect(first).toEqual({ pid: child.pid, parent: process.pid, group: child.pid, ageMs: expect.any(Number), marked: true });
      expect(first?.ageMs).toBeLessThan(60_000);
      expect(others).toEqual([]);
      expect(await table.runs(child.pid ?? 0)).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
    await until(async () => !(await table.runs(child.pid ?? 0)));
    expect((await table.list(mark)).filter(({ marked }) => marked)).toEqual([]);
  });

  (here ? test : test.skip)('are as old as they say', async () => {
    const self = (await table.list()).find(({ pid }) => pid === process.pid);
    expect(Math.abs((self?.ageMs ?? 0) - process.uptime() * 1000)).toBeLessThan(5000);
  });

  (here ? test : test.skip).each(['127.0.0.1', '::1'])('are found by the port on %s that they listen on', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as { port: number };
    expect(await table.listeners(port)).toContain(process.pid);
    await new Promise((resolve) => server.close(resolve));
    expect(await table.listeners(port)).toEqual([]);
  });
});
