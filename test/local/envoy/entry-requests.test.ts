import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Server, request as send } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { AnsweredRequest, RequestTry } from '../../../lib/local/envoy/answered-request';
import { Entry } from '../../../lib/local/envoy/entry';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import type { PlaneName } from '../../../lib/release/plane-limits';
import { templateOf } from '../../app-template';
import { until } from '../../until';
import { deployed } from '../routes/deployed';
import { obedientApp, portOf } from './obedient-app';

const stop = new AbortController();
const entries: Entry[] = [];
const servers: Server[] = [];
const processes: ChildProcess[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) {
    socket.destroy();
  }
  for (const process of processes.splice(0)) {
    process.kill('SIGKILL');
  }
  await Promise.all(entries.splice(0).map((entry) => entry.stop()));
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function app(): Promise<number> {
  const server = await obedientApp();
  servers.push(server);
  return portOf(server);
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const port = await app();
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return port;
}

/** A port whose process takes no connections any more: as many wait already as there is room for. */
async function fullPort(): Promise<number> {
  const script = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const busy = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(busy);
  const [port] = await once(busy.stdout, 'data');
  for (;;) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    const patience = AbortSignal.timeout(1000);
    if (
      !(await once(socket, 'connect', { signal: patience }).then(
        () => true,
        () => false,
      ))
    ) {
      return Number(port);
    }
  }
}

/** All requests go to blue, whose tasks are taken for healthy, and which may hang for half a second. */
function wayInOf(trafficPlane: PlaneName): WayIn {
  const flags = { blueActive: true, greenActive: true, blueWeight: 1, greenWeight: 0, trafficPlane };
  const [found] = waysIn(deployed(templateOf(flags)));
  const { model, ...wayIn } = found as WayIn;
  return {
    ...wayIn,
    model: {
      ...model,
      targets: model.targets.map((target) => ({ ...target, healthCheck: undefined, outlierDetection: undefined })),
      routes: model.routes.map((route) => ({
        ...route,
        ...(trafficPlane === 'app-mesh' ? { timeoutMs: 700 } : { idleTimeoutMs: 500 }),
        retry: route.retry && { ...route.retry, perTryTimeoutMs: 500 },
      })),
    },
  };
}

const blueOf = ({ model }: WayIn) => model.targets.find(({ slot }) => slot === 'blue')?.name ?? '';

class Told {
  readonly requests: AnsweredRequest[] = [];
  readonly tries: RequestTry[] = [];

  private constructor(readonly wayIn: WayIn) {}

  static async start(plane: PlaneName): Promise<{ told: Told; entry: Entry; wayIn: WayIn }> {
    const wayIn = wayInOf(plane);
    const told = new Told(wayIn);
    const entry = await Entry.start({
      binary: await findEnvoy(),
      wayIn,
      signal: stop.signal,
      onRequest: (request) => told.requests.push(request),
      onTry: (tried) => told.tries.push(tried),
    });
    entries.push(entry);
    return { told, entry, wayIn };
  }
}

async function ask(entry: Entry, path: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${entry.port}${path}`, { headers });
  await answer.text().catch(() => {});
  return answer.status;
}

/** Goes away when the app has the request, or when the answer begins. */
async function goAway(entry: Entry, path: string, when: 'request' | 'answer'): Promise<void> {
  const request = send({ port: entry.port, host: '127.0.0.1', path });
  request.on('error', () => {});
  request.end();
  await (when === 'answer' ? once(request, 'response') : once(servers[0] as Server, 'request'));
  request.destroy();
}

test.each([
  { path: '/', status: 200, told: { flags: [], details: 'via_upstream', upstreamMs: expect.any(Number) } },
  { path: '/404', status: 404, told: { flags: [], details: 'via_upstream', upstreamMs: expect.any(Number) } },
  { path: '/500', status: 500, told: { flags: [], details: 'via_upstream', upstreamMs: expect.any(Number) } },
  { path: '/503', status: 503, told: { flags: [], details: 'via_upstream', upstreamMs: expect.any(Number) } },
  { path: '/crash', status: 502, told: { flags: ['UC'], upstreamMs: undefined } },
  { path: '/half', status: 200, told: { flags: ['UPE'], upstreamMs: expect.any(Number) } },
  { path: '/hang', status: 504, told: { flags: ['SI'], upstreamMs: undefined } },
])('a request for $path is told of with what the client got, $status', async ({ path, status, told: expected }) => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  const port = await app();
  await entry.apply(wayIn, { [blueOf(wayIn)]: [port] });
  const before = Date.now();
  expect(await ask(entry, `${path}?a=b`, { 'user-agent': 'test' })).toBe(status);
  const after = Date.now();
  await until(() => told.requests.length > 0);
  const [request] = told.requests;
  expect(told.requests).toEqual([
    expect.objectContaining({
      wayIn: wayIn.id,
      status,
      route: wayIn.model.routes.find(({ production }) => production)?.name,
      target: blueOf(wayIn),
      slot: 'blue',
      port,
      method: 'GET',
      path: `${path}?a=b`,
      agent: 'test',
      host: `127.0.0.1:${entry.port}`,
      ...expected,
    }),
  ]);
  const { startedAt = 0, durationMs = 0 } = request ?? {};
  expect(startedAt).toBeGreaterThanOrEqual(before - 1);
  expect(startedAt + durationMs).toBeLessThanOrEqual(after + 50);
  expect(told.tries).toEqual([]);
});

/** Sends what somebody types, and says how the answer begins. */
async function type(entry: Entry, text: string): Promise<string> {
  const socket = connect(entry.port, '127.0.0.1');
  sockets.push(socket);
  socket.write(text);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return `${answer}`.split('\r\n')[0] ?? '';
}

test.each(['load-balancer', 'lattice', 'app-mesh'] as const)(
  "%s: an answer is the task's also when it comes before the request is complete",
  async (plane) => {
    const { told, entry, wayIn } = await Told.start(plane);
    await entry.apply(wayIn, { [blueOf(wayIn)]: [await app()] });
    const unfinished = `POST /413 HTTP/1.1\r\nhost: ${wayIn.model.host ?? 'shop'}\r\ncontent-length: 1000\r\n\r\nbegins`;
    expect(await type(entry, unfinished)).toMatch(/^HTTP\/1.1 413 /);
    await until(() => told.requests.length > 0);
    expect(told.requests).toMatchObject([{ status: 413, upstreamMs: expect.any(Number) }]);
  },
);

test('a load balancer takes web sockets, and clients of HTTP/1.0', async () => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  await entry.apply(wayIn, { [blueOf(wayIn)]: [await app()] });
  const upgrade =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13';
  expect(await type(entry, `GET /socket HTTP/1.1\r\nhost: shop\r\n${upgrade}\r\n\r\n`)).toMatch(/^HTTP\/1.1 101 /);
  expect(await type(entry, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/ 200 OK$/);
  await until(() => told.requests.length === 2);
  expect(told.requests.map(({ status }) => status).sort()).toEqual([101, 200]);
});

test.each(['load-balancer', 'lattice'] as const)('%s: a request by the preview header names another route', async (plane) => {
  const { told, entry, wayIn } = await Told.start(plane);
  await entry.apply(wayIn, { [blueOf(wayIn)]: [await app()] });
  const [preview] = wayIn.model.routes.filter(
    ({ production, targets }) => !production && targets.some(({ target }) => target === blueOf(wayIn)),
  );
  const headers = Object.fromEntries(preview?.match.headers.map(({ name, value }) => [name, value]) ?? []);
  expect(await ask(entry, '/', headers)).toBe(200);
  expect(await ask(entry, '/')).toBe(200);
  await until(() => told.requests.length === 2);
  const production = wayIn.model.routes.find((route) => route.production);
  expect(told.requests.map(({ route, slot }) => [route, slot])).toEqual([
    [preview?.name, 'blue'],
    [production?.name, 'blue'],
  ]);
  expect(preview?.name).not.toBe(production?.name);
});

test.each(['load-balancer', 'lattice'] as const)('%s: what no task answers has the status that AWS gives it', async (plane) => {
  const { told, entry, wayIn } = await Told.start(plane);
  expect(await ask(entry, '/')).toBe(404);
  await entry.apply(wayIn, {});
  expect(await ask(entry, '/')).toBe(503);
  await entry.apply(wayIn, { [blueOf(wayIn)]: [await freePort()] });
  expect(await ask(entry, '/')).toBe(502);
  await until(() => told.requests.length === 3);
  expect(told.requests).toMatchObject([
    { status: 404, flags: [], details: 'direct_response', route: undefined, target: undefined, port: undefined },
    { status: 503, flags: ['UH'], target: blueOf(wayIn), slot: 'blue', port: undefined },
    { status: 502, flags: ['UF'], target: blueOf(wayIn), slot: 'blue', port: expect.any(Number) },
  ]);
});

test('a task that is too busy to take a connection is as late as one that does not answer', async () => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  const port = await fullPort();
  const targets = wayIn.model.targets.map((target) => ({ ...target, connectTimeoutMs: 200 }));
  await entry.apply({ ...wayIn, model: { ...wayIn.model, targets } }, { [blueOf(wayIn)]: [port] });
  expect(await ask(entry, '/')).toBe(504);
  await until(() => told.requests.length > 0);
  expect(told.requests).toMatchObject([{ status: 504, flags: ['UF'], port, upstreamMs: undefined }]);
});

test('a client that does not wait is told of once, before and after the answer has begun', async () => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  await entry.apply(wayIn, { [blueOf(wayIn)]: [await app()] });
  await goAway(entry, '/hang', 'request');
  await until(() => told.requests.length === 1);
  await goAway(entry, '/endless', 'answer');
  await until(() => told.requests.length === 2);
  expect(told.requests).toMatchObject([
    { status: 0, flags: ['DC'], upstreamMs: undefined },
    { status: 200, flags: ['DC'], upstreamMs: expect.any(Number) },
  ]);
});

test('only what others ask is told of, and of what is no HTTP too', async () => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  const port = await app();
  for (let time = 0; time < 20; time += 1) {
    // Envoy is asked after each change whether it holds.
    await entry.apply(wayIn, { [blueOf(wayIn)]: time % 2 === 0 ? [port] : [] });
  }
  const socket = connect(entry.port, '127.0.0.1');
  socket.write('no request\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  await until(() => told.requests.length > 0);
  await entry.stop();
  expect(told.requests).toMatchObject([{ status: 400, method: undefined }]);
});

test('all that was answered before its end is told of', async () => {
  const { told, entry, wayIn } = await Told.start('load-balancer');
  await entry.apply(wayIn, { [blueOf(wayIn)]: [await app()] });
  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(Array.from({ length: 20 }, () => ask(entry, '/')));
  }
  await entry.stop();
  expect(told.requests).toHaveLength(400);
});

test('a mesh tells of every try, and once of the request', async () => {
  const { told, entry, wayIn } = await Told.start('app-mesh');
  const [port, gone] = [await app(), await freePort()];
  await entry.apply(wayIn, { [blueOf(wayIn)]: [port] });
  for (const [path, status] of [
    ['/500', 500],
    ['/503', 503],
    ['/hang', 504],
  ] as const) {
    expect(await ask(entry, path)).toBe(status);
  }
  await goAway(entry, '/hang', 'request');
  await entry.apply(wayIn, { [blueOf(wayIn)]: [gone] });
  expect(await ask(entry, '/gone')).toBe(503);
  await until(() => told.requests.length === 5);
  await entry.stop();
  expect(told.requests.map(({ path, status, flags }) => [path, status, ...flags])).toEqual([
    ['/500', 500],
    ['/503', 503, 'URX'],
    ['/hang', 504, 'UT'],
    ['/hang', 0, 'DC'],
    ['/gone', 503, 'URX', 'UF'],
  ]);
  const triesOf = (wanted: string) =>
    told.tries.filter(({ path }) => path === wanted).map(({ status, flags, port: at }) => [status, at, ...flags]);
  expect(triesOf('/500')).toEqual([[500, port]]);
  expect(triesOf('/503')).toEqual([
    [503, port],
    [503, port],
    [503, port],
  ]);
  // The first gets half a second, the second what is left of the whole, the third one was left by its client.
  expect(triesOf('/hang')).toEqual([
    [0, port, 'UT'],
    [0, port],
    [0, port],
  ]);
  expect(triesOf('/gone')).toEqual([
    [0, gone, 'UF'],
    [0, gone, 'UF'],
    [0, gone, 'UF'],
  ]);
});
