import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LocalError, TooSlowError } from '../../../lib/local/local-error';
import { processTable } from '../../../lib/local/tasks/process-table';
import { type SlotApp, SlotProcess } from '../../../lib/local/tasks/slot-process';
import { takesConnections } from '../../../lib/local/tasks/task-processes';
import { until } from '../../until';

const apps = join(__dirname, 'apps');
const plain = join(__dirname, '..', '..', 'rehearsal', 'apps', 'plain.js');
const graceful = join(apps, 'graceful.js');
const path = `${join(apps, 'engine')}${delimiter}${process.env.PATH}`;
const environment = { ...process.env };

let folder: string;
let mark: string;
let started: SlotProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slot-process-'));
  mark = `TRIAL=${randomUUID()}`;
  started = [];
  // An engine is looked for on this process's PATH.
  Object.assign(process.env, { PATH: path, ENGINE: folder });
});
afterEach(async () => {
  await Promise.all(started.map((slot) => slot.stop()));
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

async function start(command: string, more: Partial<SlotApp> = {}): Promise<SlotProcess> {
  const [name = '', value = ''] = mark.split('=');
  const variables = { [name]: value, NOTES: join(folder, 'notes') };
  const app = { slot: 'green', command, environment: () => variables, healthCheckPath: '/', ...more };
  const slot = await SlotProcess.start(app, folder, new AbortController().signal);
  started.push(slot);
  return slot;
}

const running = async () => (await processTable().list(mark)).filter(({ marked }) => marked);
const notes = () => readFileSync(join(folder, 'notes'), 'utf8').trim().split('\n');
const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

const commands: readonly (readonly [string, string])[] = [
  ['a program', `exec node ${plain}`],
  ['a shell with a program', `node ${plain}; true`],
  ['a pipe', `node ${plain} | cat`],
  ['a program in a session of its own', `(setsid node ${plain} &) ; sleep 1000`],
  [
    'a program in a session of its own, without an environment',
    `(env -i PORT=$PORT PATH=$PATH setsid node ${plain} &); exec sleep 1000`,
  ],
  ['a container', `docker run --rm -p $PORT:80 ${plain}`],
  ['a container in the background', `docker run -d -p $PORT:80 ${plain}; sleep 1000`],
  ['a container that only a script names', `D=dock; "$D"er run -d -p $PORT:80 ${plain}; sleep 1000`],
];

test.each(commands)('of %s nothing is left after stop()', async (_, command) => {
  const slot = await start(command);
  expect(slot.lost).toBeUndefined();
  await slot.stop();
  expect(await running()).toEqual([]);
  expect(await takesConnections(slot.port)).toBe(false);
  expect(slot.remarks).toEqual([]);
});

test.each(commands)('of %s nothing answers after a crash', async (_, command) => {
  const slot = await start(command);
  expect(await slot.misbehave({ slot: 'green', name: 'crash', step: 1 }, 0)).toBeUndefined();
  expect(await running()).toEqual([]);
  expect(await takesConnections(slot.port)).toBe(false);
});

test.each([
  ['crash', undefined],
  ['refuse', undefined],
  ['error', undefined],
] as const)('the demo app shows that %s has begun', async (name, shown) => {
  const slot = await start('', { command: undefined, healthCheckPath: '/' });
  expect(await slot.misbehave({ slot: 'green', name, step: 1 }, 0)).toBe(shown);
  expect(await takesConnections(slot.port)).toBe(name === 'error');
});

test('the demo app ends although a client keeps its connections', async () => {
  const slot = await start('', { command: undefined });
  const agent = new Agent({ keepAlive: true });
  let asks = true;
  const asking = (async () => {
    while (asks) {
      await new Promise((resolve) => {
        get({ port: slot.port, host: '127.0.0.1', agent }, (answer) => answer.resume().once('close', resolve)).once(
          'error',
          resolve,
        );
      });
    }
  })();
  await slot.stop();
  asks = false;
  await asking;
  agent.destroy();
  expect(slot.remarks).toEqual([]);
});

test('a crash after which the port still takes connections is told of, and nobody else is ended for it', async () => {
  const file = join(folder, 'port');
  // An own process, that was here before.
  const other = spawn(process.execPath, [join(apps, 'waiting.js'), file], { stdio: 'ignore' });
  try {
    await until(async () => ((await processTable().list()).find(({ pid }) => pid === other.pid)?.ageMs ?? 0) > 2000);
    const slot = await start(`echo $PORT > ${file}.new; mv ${file}.new ${file}; sleep 1000`);
    expect(await slot.misbehave({ slot: 'green', name: 'crash', step: 1 }, 0)).toBe('its port still takes connections');
    expect(await running()).toEqual([]);
    await slot.stop();
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    expect(await takesConnections(slot.port)).toBe(true);
  } finally {
    other.kill('SIGKILL');
  }
});

test.each([`node ${graceful}`, `cd / && node ${graceful}`, `node ${graceful} | cat`, `node ${graceful}; true`])(
  'an app may finish what it is doing: %s',
  async (command) => {
    const slot = await start(command);
    await slot.stop();
    expect(notes()).toEqual(['asked', 'done']);
    expect(slot.remarks).toEqual([]);
  },
);

test.each(commands.filter(([what]) => what.startsWith('a container')))('%s is ended by what started it', async (_, command) => {
  const slot = await start(command);
  await slot.stop();
  expect(asked()).toContainEqual(expect.stringMatching(`^stop -t \\d+ c${slot.port}$`));
  const other = await start(command);
  await other.misbehave({ slot: 'green', name: 'crash', step: 1 }, 0);
  expect(asked()).toContain(`kill c${other.port}`);
});

// A container that runs here already; its engine says the same of its ports as the real one.
function foreignContainer(ports: string, startedAt?: Date): { readonly runs: () => boolean; readonly end: () => void } {
  const child = spawn('sleep', ['1000']);
  mkdirSync(join(folder, 'containers'), { recursive: true });
  writeFileSync(join(folder, 'containers', 'other'), JSON.stringify({ pid: child.pid, ports, startedAt }));
  return { runs: () => child.exitCode === null && child.signalCode === null, end: () => child.kill('SIGKILL') };
}

test.each([
  '0.0.0.0:1-65535->1-65535/udp, [::]:1-65535->1-65535/udp',
  '192.0.2.7:1-65535->1-65535/tcp',
  '127.0.0.1:1->1/tcp, 1-65535/tcp',
])('a container of somebody else that publishes %s is left alone', async (ports) => {
  const other = foreignContainer(ports);
  try {
    const slot = await start(`docker run --rm -p $PORT:80 ${plain}`);
    await slot.stop();
    const next = await start(`docker run --rm -p $PORT:80 ${plain}`);
    await next.misbehave({ slot: 'green', name: 'crash', step: 1 }, 0);
    expect(asked().filter((line) => line.endsWith(' other'))).toEqual([]);
    expect(other.runs()).toBe(true);
  } finally {
    other.end();
  }
});

test.each(['127.0.0.1', '0.0.0.0', '[::]', '[::1]', '::'])('a container that was here before is left alone: %s', async (host) => {
  const other = foreignContainer(`${host}:1-65535->1-65535/tcp`, new Date(Date.now() - 60_000));
  try {
    const slot = await start(`docker run --rm -p $PORT:80 ${plain}`);
    await slot.stop();
    expect(asked()).toContain('inspect --format {{json .State.StartedAt}} other');
    expect(asked().filter((line) => /^(?:stop|kill).* other$/.test(line))).toEqual([]);
    expect(other.runs()).toBe(true);
  } finally {
    other.end();
  }
});

test('a container that does not end in time is killed, and that is said', async () => {
  const slot = await start(`docker run --rm -p $PORT:80 ${join(apps, 'deaf.js')}`, { stopPatienceMs: 1000 });
  await slot.stop();
  expect(slot.remarks).toEqual(['its app did not end within 1 s after SIGTERM, and was killed']);
});

test('an app that does not end in time is asked once and killed, and that is said', async () => {
  const slot = await start(`node ${join(apps, 'deaf.js')}; true`, { stopPatienceMs: 2000 });
  await slot.stop();
  expect(notes()).toEqual(['asked']);
  expect(await running()).toEqual([]);
  expect(slot.remarks).toEqual(['its app did not end within 2 s after SIGTERM, and was killed']);
});

test.each([
  ['nothing', 'exit 4', 'slot green: its app ended with 4 before it was healthy'],
  [
    'nothing, and all was well',
    'true',
    'slot green: its app ended with 0 before it was healthy; let it stay in the foreground, without & or --daemon',
  ],
  ['one line', 'echo no luck >&2; exit 3', 'slot green: its app ended with 3 before it was healthy; it said: no luck'],
  [
    'many lines: the last ten of them',
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exit 3',
    'slot green: its app ended with 3 before it was healthy; it said:\n' +
      [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => `  line ${number}`).join('\n'),
  ],
])('an app that ended said %s', async (_, command, message) => {
  await expect(start(command)).rejects.toThrow(new Error(message));
});

test.each([
  ['an app that says that it is not healthy does not', `exec node ${plain}`, '/nothing', 5000, 'got status 404', false],
  ['an app that answers nothing may only', 'exec sleep 1000', '/', 500, 'got no answer', true],
])('%s take too long', async (_, command, healthCheckPath, startPatienceMs, message, tooSlow) => {
  const error = await start(command, { healthCheckPath, startPatienceMs }).catch((each) => each);
  expect(error).toBeInstanceOf(LocalError);
  expect(error instanceof TooSlowError).toBe(tooSlow);
  expect(error.message).toMatch(`slot green: ${message} from http://127.0.0.1:`);
});

test('an app that ended although another one holds its output is told of at once', async () => {
  await expect(start('echo off; setsid sleep 1000 & exit 3')).rejects.toThrow('ended with 3 before it was healthy; it said: off');
  expect(await running()).toEqual([]);
});

test('whoever is told to stop waits no longer for an app', async () => {
  const stop = new AbortController();
  const app = { slot: 'green', command: 'sleep 1000', environment: () => ({}), healthCheckPath: '/' };
  const starting = SlotProcess.start(app, folder, stop.signal);
  stop.abort();
  await expect(starting).rejects.toThrow(/abort/);
});
