import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connectionsTo } from '../../../lib/local/envoy/connections';
import { until } from '../../until';

let server: ChildProcess;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) {
    socket.destroy();
  }
  server.kill('SIGKILL');
});

// One that is this busy lets the rest wait before they are connected at all.
const busy = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    for (;;);
  });
`;

test('counts connections to a port, those too that are only just begun', async () => {
  server = spawn(process.execPath, ['-e', busy], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const port = Number(said);
  expect(await connectionsTo(port, process.pid)).toBe(0);
  for (let count = 0; count < 8; count += 1) {
    sockets.push(connect(port, '127.0.0.1').on('error', () => {}));
  }
  await until(async () => (await connectionsTo(port, process.pid)) === 8);
  expect(sockets.some(({ connecting }) => connecting)).toBe(true);
  expect(await connectionsTo(port, server.pid ?? 0)).toBe(0);
});
