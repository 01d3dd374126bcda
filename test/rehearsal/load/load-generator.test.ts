import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoadGenerator, type RequestResult } from '../../../lib/rehearsal/load/load-generator';

let server: Server;

async function portOf(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function load(port: number, rate: number, count: number, timeoutMs = 60_000): Promise<readonly RequestResult[]> {
  const results: RequestResult[] = [];
  const generator = new LoadGenerator({ port, path: '/', rate, timeoutMs, onResult: (result) => results.push(result) });
  generator.start();
  await generator.sentAtLeast(0, count, new AbortController().signal);
  await generator.stop();
  expect(generator.unsentIn(0)).toBe(0);
  expect(results).toHaveLength(generator.sentIn(0));
  return results;
}

test.each([
  { how: 'closed', drop: (request: Parameters<RequestListener>[0]) => request.socket.destroy() },
  { how: 'reset', drop: (request: Parameters<RequestListener>[0]) => request.socket.resetAndDestroy() },
])('counts every connection that is $how under a request, and sends nothing twice', async ({ drop }) => {
  let received = 0;
  let dropped = 0;
  const port = await portOf((request, response) => {
    received += 1;
    if (received % 50 === 0) {
      dropped += 1;
      drop(request);
      return;
    }
    response.end('ok');
  });
  const results = await load(port, 1000, 1000);
  expect(dropped).toBeGreaterThanOrEqual(20);
  expect(received).toBe(results.length);
  expect(results.filter(({ problem }) => problem === 'ECONNRESET')).toHaveLength(dropped);
  expect(results.filter(({ status }) => status === 200)).toHaveLength(results.length - dropped);
});

test('counts an answer that breaks off', async () => {
  const port = await portOf((request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half');
    setTimeout(() => request.socket.destroy(), 2);
  });
  const results = await load(port, 200, 50);
  expect(results.every(({ status, problem }) => status === undefined && problem !== undefined)).toBe(true);
});

test('is an open loop: slow answers do not hold back the requests after them, and late ones count as time-outs', async () => {
  let waiting = 0;
  let most = 0;
  const port = await portOf((request, response) => {
    waiting += 1;
    most = Math.max(most, waiting);
    request.socket.once('close', () => {
      waiting -= 1;
    });
    setTimeout(() => response.end(), 5000).unref();
  });
  const results = await load(port, 200, 100, 300);
  expect(results.every(({ problem }) => problem === 'timeout')).toBe(true);
  expect(most).toBeGreaterThan(30);
});

test('an answer with long headers is an answer', async () => {
  const port = await portOf((_, response) => response.setHeader('x-long', 'x'.repeat(50_000)).end());
  const results = await load(port, 200, 20);
  expect(results.every(({ status }) => status === 200)).toBe(true);
});

test('counts a port on which nobody listens', async () => {
  const port = await portOf(() => {});
  await new Promise((resolve) => server.close(resolve));
  const results = await load(port, 200, 20);
  expect(results.every(({ problem }) => problem === 'ECONNREFUSED')).toBe(true);
});

test('says how many requests it could not send, when too many are under way', async () => {
  const port = await portOf(() => {});
  const generator = new LoadGenerator({ port, path: '/', rate: 50_000, timeoutMs: 60_000, onResult: () => {} });
  generator.start();
  await generator.sentAtLeast(0, 4096, new AbortController().signal);
  while (generator.unsentIn(0) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(generator.sentIn(0)).toBe(4096);
  generator.abort();
});
