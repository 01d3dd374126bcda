import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { takesConnections } from '../../../lib/local/tasks/task-processes';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('nobody takes connections where nobody listens', async () => {
  expect(await takesConnections(await freePort())).toBe(false);
});

test('whoever is too busy to take one more connection listens all the same', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [join(__dirname, 'apps', 'full.js')], {
    env: { ...process.env, PORT: `${port}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const waiting = Array.from({ length: 16 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  try {
    expect(await takesConnections(port)).toBe(true);
    expect(waiting.some(({ connecting }) => connecting)).toBe(true);
  } finally {
    child.kill('SIGKILL');
    for (const socket of waiting) {
      socket.destroy();
    }
  }
});
