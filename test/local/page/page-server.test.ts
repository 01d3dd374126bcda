import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PageServer } from '../../../lib/local/page/page-server';
import type { PageMessage } from '../../../lib/local/page/view';
import { WatchedAws } from '../../../lib/local/page/watched-aws';
import { until } from '../../until';
import { about, request, showRelease, stackEvent } from './shown-release';

let watched: WatchedAws;
let server: PageServer;

beforeEach(async () => {
  watched = new WatchedAws();
  server = await PageServer.start({ watched, about });
});
afterEach(() => server.stop());

async function asked(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<IncomingMessage> {
  const asking = httpRequest(`${server.url}${path}`, { method, headers });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
  }
  return text;
}

/** Somebody who reads what is told. */
async function reader(): Promise<{ readonly messages: PageMessage[]; readonly leave: () => void }> {
  const response = await asked('/events');
  const messages: PageMessage[] = [];
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    messages.push(...parts.filter((part) => part.startsWith('data: ')).map((part) => JSON.parse(part.slice('data: '.length))));
  });
  response.on('error', () => {});
  return { messages, leave: () => response.destroy() };
}

const port = () => new URL(server.url).port;

test('it listens on 127.0.0.1 only', () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test.each([
  { path: '/', type: 'text/html; charset=utf-8' },
  { path: '/page.css', type: 'text/css; charset=utf-8' },
  { path: '/page.mjs', type: 'text/javascript; charset=utf-8' },
])('$path is there, for this page alone', async ({ path, type }) => {
  const response = await asked(path);
  expect(response.statusCode).toBe(200);
  expect(response.headers).toMatchObject({
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  const policy = `${response.headers['content-security-policy']}`.split('; ');
  for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) {
    expect(policy).toContain(rule);
  }
  expect(policy.join(' ')).not.toContain('unsafe');
  const text = await textOf(response);
  expect(text.length).toBeGreaterThan(500);
  const head = await asked(path, {}, 'HEAD');
  expect([head.statusCode, head.headers['content-length'], await textOf(head)]).toEqual([200, `${Buffer.byteLength(text)}`, '']);
});

test('every file of the page is served, and nothing else', async () => {
  const files = readdirSync(join(__dirname, '../../../lib/local/page/browser')).map((name) => `/${name}`);
  for (const file of files.filter((name) => name !== '/index.html')) {
    expect([file, (await asked(file)).statusCode]).toEqual([file, 200]);
  }
  for (const path of ['/index.html', '/../page-server.ts', '/%2e%2e/view.ts', '/constructor', '/__proto__', '//', '/?x']) {
    const response = await asked(path);
    expect([path, response.statusCode]).toEqual([path, 404]);
    response.resume();
  }
});

const opened = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

test.each([
  { name: 'a name that leads to 127.0.0.1', path: '/', headers: { host: 'evil.example' }, status: 403 },
  { name: 'that name with the port', path: '/events', headers: { host: 'evil.example:PORT' }, status: 403 },
  { name: 'another port', path: '/', headers: { host: '127.0.0.1:1' }, status: 403 },
  { name: 'no port', path: '/', headers: { host: 'localhost' }, status: 403 },
  { name: 'a name that begins like it', path: '/', headers: { host: '127.0.0.1:PORT.evil.example' }, status: 403 },
  { name: 'localhost', path: '/', headers: { host: 'localhost:PORT' }, status: 200 },
  { name: 'LOCALHOST', path: '/', headers: { host: 'LOCALHOST:PORT' }, status: 200 },
  { name: 'a foreign origin', path: '/events', headers: { origin: 'http://evil.example' }, status: 403 },
  { name: 'the origin of another port', path: '/events', headers: { origin: 'http://127.0.0.1:1' }, status: 403 },
  { name: 'the origin of a file', path: '/events', headers: { origin: 'null' }, status: 403 },
  { name: 'an origin by the other name', path: '/', headers: { origin: 'http://localhost:PORT' }, status: 403 },
  { name: 'the own origin', path: '/', headers: { origin: 'http://127.0.0.1:PORT' }, status: 200 },
  { name: 'a script of another site', path: '/page.mjs', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  { name: 'a request from another port', path: '/events', headers: { 'sec-fetch-site': 'same-site' }, status: 403 },
  { name: 'a picture on another site', path: '/', headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
  { name: 'a link from another site', path: '/', headers: { 'sec-fetch-site': 'cross-site', ...opened }, status: 200 },
  { name: 'a link to the events', path: '/events', headers: { 'sec-fetch-site': 'cross-site', ...opened }, status: 403 },
  {
    name: 'a frame on another site',
    path: '/',
    headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    status: 403,
  },
  { name: 'an address that was typed', path: '/', headers: { 'sec-fetch-site': 'none', ...opened }, status: 200 },
  { name: 'the page itself', path: '/page.mjs', headers: { 'sec-fetch-site': 'same-origin' }, status: 200 },
  { name: 'POST', path: '/', method: 'POST', headers: {}, status: 405 },
  { name: 'PUT to the events', path: '/events', method: 'PUT', headers: {}, status: 405 },
  { name: 'OPTIONS', path: '/events', method: 'OPTIONS', headers: { origin: 'http://evil.example' }, status: 405 },
])('$name: $status', async ({ path, headers, method, status }) => {
  showRelease(watched);
  const real = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', port())]));
  const response = await asked(path, real, method);
  expect(response.statusCode).toBe(status);
  expect(response.headers['access-control-allow-origin']).toBeUndefined();
  expect(response.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined);
  if (status !== 200) {
    expect(await textOf(response)).toMatch(/^(Host|Origin|Sec-Fetch-Site|method): got .+, expected .+\n$/);
    expect(server.readerCount).toBe(0);
  } else {
    response.resume();
  }
});

test('a request without any Host is refused', async () => {
  const socket = connect(Number(port()), '127.0.0.1');
  socket.end('GET /events HTTP/1.0\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(`${answer}`).toMatch(/^HTTP\/1\.1 403 /);
});

test('who comes is told everything at first, then what is new', async () => {
  showRelease(watched);
  const { messages, leave } = await reader();
  await until(() => messages.length > 0);
  expect(messages[0]).toMatchObject({ isWhole: true, about, stacks: [{ name: 'shop' }] });
  expect(messages[0]?.events).toHaveLength(3);

  watched.onStackEvent(stackEvent('shop', { id: 'new', status: 'UPDATE_COMPLETE' }));
  await until(() => messages.some(({ events }) => events?.[0]?.id === 'new'));
  const told = messages.find(({ events }) => events?.[0]?.id === 'new');
  expect(told).toMatchObject({ stacks: [{ phase: 'deployed' }], news: ['shop is deployed.'] });
  expect(told).not.toHaveProperty('isWhole');
  leave();
  await until(() => server.readerCount === 0);
});

test('who comes again is told everything anew', async () => {
  const first = await reader();
  await until(() => first.messages.length > 0);
  first.leave();
  watched.onStackEvent(stackEvent('shop'));
  const second = await reader();
  await until(() => second.messages.length > 0);
  expect(second.messages[0]).toMatchObject({ isWhole: true, stacks: [{ name: 'shop' }] });
  second.leave();
});

test('however much happens, somebody is told four times a second at most, and something in any case', async () => {
  const { messages, leave } = await reader();
  const begin = performance.now();
  await until(() => {
    watched.onRequest(request('shop', Date.now(), 'green'));
    return messages.length >= 6;
  });
  const seconds = (performance.now() - begin) / 1000;
  expect(messages.length).toBeLessThanOrEqual(seconds / 0.25 + 2);
  leave();

  const quiet = new WatchedAws();
  const other = await PageServer.start({ watched: quiet, about });
  const response = await fetch(`${other.url}/events`);
  const body = response.body?.getReader();
  let text = '';
  await until(async () => {
    text += Buffer.from((await body?.read())?.value ?? []).toString();
    return text.split('data: ').length > 2;
  });
  expect(Object.keys(JSON.parse(text.split('data: ').at(-1) ?? ''))).toEqual(['now']);
  await body?.cancel();
  await other.stop();
});

test('one that does not read is cut off, and keeps nobody else from being told', async () => {
  await server.stop();
  server = await PageServer.start({ watched, about, patienceMs: 2000 });
  const { messages, leave } = await reader();
  const slow = connect(Number(port()), '127.0.0.1');
  slow.on('error', () => {});
  slow.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\n\r\n`);
  slow.pause();
  await until(() => server.readerCount === 2);
  // More than the system takes for who does not read.
  const reason = 'a'.repeat(2_000_000);
  for (let each = 1; each <= 15; each += 1) {
    watched.onStackEvent(stackEvent('shop', { id: `${each}`, logicalId: 'Thing', reason }));
    await until(() => messages.at(-1)?.events?.at(-1)?.id === `${each}`);
  }
  await until(() => server.readerCount === 1);
  watched.onStackEvent(stackEvent('shop', { id: 'last' }));
  await until(() => messages.some(({ events }) => events?.at(-1)?.id === 'last'));
  expect(messages.flatMap(({ events = [] }) => events)).toHaveLength(16);
  leave();
  slow.destroy();
});

test('it does not serve more windows than anybody has open', async () => {
  const readers = await Promise.all(Array.from({ length: 50 }, () => reader()));
  const refused = await asked('/events');
  expect([refused.statusCode, await textOf(refused)]).toEqual([503, expect.stringContaining('close one')]);
  for (const { leave } of readers) {
    leave();
  }
  await until(() => server.readerCount === 0);
});
