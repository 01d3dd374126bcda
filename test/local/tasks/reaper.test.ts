import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { processTable } from '../../../lib/local/tasks/process-table';
import { takesConnections, taskVariable } from '../../../lib/local/tasks/task-processes';
import { until } from '../../until';

const program = ['-r', require.resolve('tsx/cjs'), join(__dirname, 'apps', 'registering.ts')];
let folder: string;
let mark: string;
let started: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reaper-'));
  mark = randomUUID();
});
afterEach(() => {
  started?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const running = async () => (await processTable().list(`TRIAL=${mark}`)).filter(({ marked }) => marked);

// Starts an app, makes a folder, and says so.
async function registering(command: string, environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [...program, folder, command], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, TRIAL: mark, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started = child;
  const [line] = (await new Promise((resolve) =>
    createInterface({ input: child.stdout }).once('line', (...all) => resolve(all)),
  )) as [string];
  return { child, ...(JSON.parse(line) as { port: number; temporary: string }) };
}

const plain = join(__dirname, '..', '..', 'rehearsal', 'apps', 'plain.js');

test.each([
  ['the demo app', ''],
  ['a shell with a program', `node ${plain}; true`],
  ['a program in a session of its own', `(setsid node ${plain} &) ; sleep 1000`],
  ['a program without an environment', `(env -i PORT=$PORT PATH=$PATH setsid node ${plain} &); exec sleep 1000`],
])('when it is killed, %s goes, and the folder', async (_, command) => {
  const { child, port, temporary } = await registering(command);
  expect(existsSync(temporary)).toBe(true);
  child.kill('SIGKILL');
  await until(async () => (await running()).length === 0);
  expect(existsSync(temporary)).toBe(false);
  expect(await takesConnections(port)).toBe(false);
});

test.each([
  ['what Node loads first', { NODE_OPTIONS: '-r ./first.js' }],
  ['the folder for temporary files', { TMPDIR: '.' }],
])('when it is killed, nothing is left although %s is named relative to its own folder', async (_, environment) => {
  writeFileSync(join(folder, 'first.js'), '');
  const { child, port, temporary } = await registering('', environment);
  expect(isAbsolute(temporary)).toBe(true);
  child.kill('SIGKILL');
  await until(async () => (await running()).length === 0);
  expect(existsSync(temporary)).toBe(false);
  expect(await takesConnections(port)).toBe(false);
});

test('what it was about to start when it was killed goes, too', async () => {
  const task = randomUUID();
  // The second one comes when the first one has been found, and killed.
  const program = `${taskVariable}=${task} sleep 1000; sleep 0.2; exec env ${taskVariable}=${task} sleep 1000`;
  spawn('/bin/sh', ['-c', program], { env: { ...process.env, TRIAL: mark }, stdio: 'ignore', detached: true });
  const first = async () => (await processTable().list(`${taskVariable}=${task}`)).some(({ marked }) => marked);
  await until(first);
  const lib = join(__dirname, '..', '..', '..', 'lib', 'local', 'tasks');
  const words = [join(lib, 'reaper-process.cjs'), join(lib, 'task-processes.ts'), require.resolve('tsx/cjs')];
  const reaping = spawn(process.execPath, words, { stdio: ['pipe', 'ignore', 'inherit'] });
  started = reaping;
  reaping.stdin.end(`${JSON.stringify({ id: 0, task: { mark: task, startedAt: Date.now() } })}\n`);
  await once(reaping, 'exit');
  expect(await running()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s does not end who waits', async (signal) => {
  const { child, temporary } = await registering('');
  const [pid = 0, ...others] = await waiting();
  expect(others).toEqual([]);
  process.kill(pid, signal);
  child.kill('SIGKILL');
  await until(async () => (await running()).length === 0);
  expect(existsSync(temporary)).toBe(false);
});

test('who waits goes when there is nothing left to wait for', async () => {
  const { child, temporary } = await registering('');
  expect(await waiting()).toHaveLength(1);
  child.stdin.write('release\n');
  await until(async () => (await waiting()).length === 0);
  expect(existsSync(temporary)).toBe(false);
  expect(child.exitCode).toBeNull();
});

async function waiting(): Promise<readonly number[]> {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.filter((line) => line.includes('reaper-process')).map((line) => Number.parseInt(line, 10));
  return (await running()).map(({ pid }) => pid).filter((pid) => all.includes(pid));
}
