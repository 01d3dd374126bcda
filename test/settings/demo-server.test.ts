import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { demoCommand, demoHealthCheckCommand } from '../../lib/settings/demo';

const appCommand = demoCommand('load-balancer');
const secret = 'a-secret-of-the-environment';

// As ECS would start it: the words of the command, and the two variables that every app container has. Here it listens on loopback only.
function start(port: number, lingerSeconds?: number): ChildProcess {
  const words = lingerSeconds === undefined ? appCommand : [...appCommand.slice(0, -1), `${lingerSeconds}`];
  return spawn(process.execPath, words.slice(1), {
    env: { PORT: `${port}`, SLOT: 'teal', HOST: '127.0.0.1', SECRET: secret },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly agent?: Agent;
}

async function ask(port: number, path: string, { method = 'GET', body, agent }: Asked = {}) {
  const asked = request({ host: '127.0.0.1', port, path, method, agent });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer) {
    text += chunk;
  }
  return { status: answer.statusCode, connection: answer.headers.connection, text, headers: JSON.stringify(answer.headers) };
}

async function untilItAnswers(port: number): Promise<void> {
  for (;;) {
    try {
      await ask(port, '/');
      return;
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
    }
  }
}

/** Whether the health check of the container finds it healthy. */
async function isHealthy(port: number): Promise<boolean> {
  const [shell, command = ''] = demoHealthCheckCommand;
  expect(shell).toBe('CMD-SHELL');
  try {
    await promisify(execFile)('/bin/sh', ['-c', command], { env: { PATH: process.env.PATH, PORT: `${port}` } });
    return true;
  } catch {
    return false;
  }
}

describe('the demo, as its container runs it', () => {
  let port: number;
  let demo: ChildProcess;

  beforeAll(async () => {
    port = await freePort();
    expect(await isHealthy(port)).toBe(false);
    demo = start(port);
    await untilItAnswers(port);
  });

  afterAll(async () => {
    demo.kill('SIGKILL');
    await once(demo, 'exit');
  });

  test('says which slot and which version it is', async () => {
    expect(await ask(port, '/')).toMatchObject({ status: 200, text: `teal on Node.js ${process.versions.node}\n` });
  });

  test('is healthy for a load balancer, and for the health check of its container', async () => {
    expect((await ask(port, '/health')).status).toBe(200);
    expect(await isHealthy(port)).toBe(true);
  });

  test.each<[string, string, Asked]>([
    ['its environment asked for', '/?env=true', {}],
    ['another status asked for', '/health', { method: 'POST', body: '500' }],
    ['a lot of data asked for', '/data?size=1&unit=TB', {}],
    ['a large body', '/', { method: 'PUT', body: 'x'.repeat(3_000_000) }],
    ['a method that it does not know', '/', { method: 'DELETE' }],
  ])('%s: the same answer as ever, and nothing of its environment', async (_, path, asked) => {
    const { status, text, headers } = await ask(port, path, asked);
    expect([status, text]).toEqual([200, `teal on Node.js ${process.versions.node}\n`]);
    expect(headers).not.toContain(secret);
    expect(await isHealthy(port)).toBe(true);
  });

  test('HEAD: the same without a text', async () => {
    expect(await ask(port, '/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  test('keeps a silent connection longer than a load balancer ever does', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { headers } = await ask(port, '/', { agent });
    agent.destroy();
    const [, seconds] = /timeout=(\d+)/.exec(headers) ?? [];
    expect(Number(seconds)).toBeGreaterThan(4000);
  });
});

test('told to end, it goes on answering, keeps no connection, and ends', async () => {
  const port = await freePort();
  // Time enough for a busy machine to ask what is asked here.
  const demo = start(port, 5);
  const ended = once(demo, 'exit');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await untilItAnswers(port);
    expect((await ask(port, '/', { agent })).connection).toBe('keep-alive');
    demo.kill('SIGTERM');
    let answer = await ask(port, '/', { agent });
    while (answer.connection === 'keep-alive') {
      answer = await ask(port, '/', { agent });
    }
    expect(answer).toMatchObject({ status: 200, connection: 'close' });
    // Also on a new connection: the route may still lead here.
    expect((await ask(port, '/')).status).toBe(200);
    expect(await ended).toEqual([0, null]);
  } finally {
    agent.destroy();
    demo.kill('SIGKILL');
  }
});

test('told to end with a silent connection open, it ends at once where nothing comes any more', async () => {
  const port = await freePort();
  const demo = start(port);
  const ended = once(demo, 'exit');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await untilItAnswers(port);
    await ask(port, '/', { agent });
    demo.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    agent.destroy();
    demo.kill('SIGKILL');
  }
});

test.each([
  ['load-balancer', 30],
  ['app-mesh', 30],
  ['lattice', 120],
] as const)('on %s it ends before ECS loses its patience', (plane, stopTimeout) => {
  const seconds = Number(demoCommand(plane).at(-1));
  expect(seconds).toBeGreaterThanOrEqual(plane === 'lattice' ? 60 : 0);
  expect(seconds).toBeLessThan(stopTimeout - 10);
});
