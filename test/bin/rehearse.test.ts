import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findEnvoy } from '../../lib/local/envoy/envoy-binary';
import type { RehearsalReport } from '../../lib/rehearsal/report/report';
import { release } from '../../lib/release/release';
import { ownTemplate } from '../rehearsal/apps/own-stacks';

const root = join(__dirname, '..', '..');
const program = ['-r', require.resolve('tsx/cjs'), join(root, 'bin', 'rehearse.ts')];
const short = ['--requests', '200', '--rate', '1000'];

// Each test has a folder for all that a run leaves behind: nothing, apart from the report.
let folder: string;
let environment: NodeJS.ProcessEnv;

jest.setTimeout(60_000);
beforeAll(() => findEnvoy(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  environment = { ...process.env, TMPDIR: folder, CDK_DISABLE_CLI_TELEMETRY: 'true' };
});
afterEach(() => rmSync(folder, { recursive: true }));

function rehearse(words: readonly string[], cwd = folder) {
  return spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8', env: environment, cwd });
}

// What runs TypeScript keeps a cache there.
const leftBehind = () => readdirSync(folder).filter((name) => !name.startsWith('tsx-'));

test('with --json it prints the report and nothing else, from any folder, and leaves nothing but the report', () => {
  const { status, stdout, stderr } = rehearse([...short, '--json', '--report', 'out']);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as RehearsalReport;
  expect(report).toMatchObject({ plane: 'app-mesh', verdict: 'held', problems: [], totals: { failed: 0 } });
  expect(status).toBe(0);
  expect(leftBehind()).toEqual(['out']);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['index.html', 'report.json']);
  expect(JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8'))).toEqual(report);
});

test('without a terminal it prints plain lines, a table and a sentence', () => {
  const { status, stdout } = rehearse([...short, '-c', 'trafficPlane=load-balancer', '--ladder', '20']);
  expect(status).toBe(0);
  expect(stdout).not.toContain('\x1b');
  expect(stdout).toMatch(/^rehearsing 5 steps on load-balancer with Envoy \d+\.\d+\.\d+, 1000 requests per second, about 3 s$/m);
  const [, requests] =
    /^step 2 \(80\/20\): blue \d+(?:\.\d)? %, green \d+(?:\.\d)? %; (\d+) requests, 0 failed$/m.exec(stdout) ?? [];
  expect(Number(requests)).toBeGreaterThanOrEqual(200);
  expect(stdout).toMatch(/^80\/20 +4 : 1 +80 % : 20 % +/m);
  expect(stdout).toMatch(/^held: 5 steps, .* requests, 0 failed, /m);
  expect(stdout).toMatch(/^client, Envoy and apps counted the same$/m);
});

test('a run that does not hold ends with exit code 1 and its reasons', () => {
  const { status, stdout } = rehearse([...short, '--green', `exec node ${join(root, 'test/rehearsal/apps/impostor.js')}`]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^did not hold: /m);
  expect(stdout).toMatch(/^- 50\/50: got \d+ answers in which the app of green calls itself blue$/m);
});

test('a CDK app of the user is rehearsed, with commands of the user', () => {
  const app = `npx cdk synth --app 'node -r tsx/cjs ${join(root, 'test/rehearsal/apps/cdk-app.ts')}'`;
  const own = `exec node ${join(root, 'test/rehearsal/apps/plain.js')}`;
  const words = ['--app', app, '--stack', 'Shop', '--service', 'shop', '--fault', 'green=crash', '--green', own, '--report'];
  const { status, stdout, stderr } = rehearse([...short, ...words, join(folder, 'out')], root);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^synthesizing 3 templates with npx cdk synth /);
  expect(stdout).toMatch(/^of the stack, only what belongs to the service shop is rehearsed$/m);
  expect(stdout).toMatch(/^rehearsing 5 steps on load-balancer /m);
  expect(stdout).toMatch(/^held: 5 steps, .* [1-9]\d* failed, /m);
  expect(stdout).toMatch(/^fault: green is killed, /m);
  expect(status).toBe(0);
  expect(leftBehind()).toEqual(['out']);
});

test('template files of the user are rehearsed', () => {
  const words = release().flatMap(({ state }, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(ownTemplate({ plane: 'lattice', state })));
    return ['--template', `${index}.json`];
  });
  const { status, stdout } = rehearse([...short, ...words, '--json', '--report', 'out']);
  const report = JSON.parse(stdout) as RehearsalReport;
  expect(report).toMatchObject({ plane: 'lattice', verdict: 'held', problems: [] });
  expect(report.steps.map(({ name, description }) => [name, description])[2]).toEqual(['50/50', '2.json: blue 50 %, green 50 %']);
  expect(status).toBe(0);
});

test.each([
  [['--ladder', '9,3', '--timeout', 'much'], /^--ladder: got "9,3", .*\n--timeout: got "much", .*\n$/],
  [['-c', 'appPort=http'], /^appPort: got "http", expected .*\n$/],
  [['--green', 'exit 4'], /^slot green: its app ended with 4 before it was healthy\n$/],
])('%j is refused with exit code 1 and no stack trace', (words, message) => {
  const { status, stderr } = rehearse([...short, ...words]);
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
  expect(leftBehind()).toEqual([]);
});

test.each([
  [['--timeout', 'much'], /^--timeout: got "much", /],
  [['--report', 'below/a/file'], /^--report: got ".*file", expected a folder that can be written /],
])('what cannot be run is JSON too, with --json: %j', (words, problem) => {
  writeFileSync(join(folder, 'below'), '');
  const { status, stdout, stderr } = rehearse([...short, ...words, '--json']);
  const { verdict, problems } = JSON.parse(stdout);
  expect(verdict).toBe('not run');
  expect(problems).toEqual([expect.stringMatching(problem)]);
  expect(stderr).toBe(`${problems[0]}\n`);
  expect(status).toBe(1);
});

test('what was found is printed even if the report cannot be written in the end', () => {
  const command = `touch out; exec node ${join(root, 'test/rehearsal/apps/plain.js')}`;
  const { status, stdout, stderr } = rehearse([...short, '--green', command, '--json', '--report', 'out']);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'held', problems: [] });
  expect(stderr).toMatch(/^--report: got ".*out", expected a folder that can be written \(E/);
  expect(status).toBe(1);
});

test('--help explains, on standard output', () => {
  const { status, stdout, stderr } = rehearse(['--help', 'nonsense']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: npm start -- \[options\]\n/);
  expect(stderr).toBe('');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends Envoy, the apps and what they started', async (signal) => {
  const command = `node ${join(root, 'test/rehearsal/apps/plain.js')}; true`;
  const child = spawn(process.execPath, [...program, '--green', command], { env: environment, cwd: folder });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  while (!output.includes('step 0')) {
    await wait(50);
  }
  await wait(1500);
  const started = descendants(child.pid ?? 0);
  expect(started.some(({ command }) => command.includes('envoy'))).toBe(true);
  expect(started.some(({ command }) => command.includes('demo-app'))).toBe(true);
  expect(started.some(({ command }) => command.includes('plain.js'))).toBe(true);

  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  expect(await ended).toBe(130);
  expect(output).toMatch(/^stopped; nothing is left running$/m);
  // A process that was killed takes a moment to go.
  await wait(300);
  const running = new Set(processes().map(({ pid }) => pid));
  expect(started.filter(({ pid }) => running.has(pid))).toEqual([]);
  expect(leftBehind()).toEqual([]);
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Process[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      // Ended ones that nobody has asked for yet do not run.
      return command === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });
}

function descendants(of: number): Process[] {
  const children = processes().filter(({ parent }) => parent === of);
  return children.flatMap((child) => [child, ...descendants(child.pid)]);
}
