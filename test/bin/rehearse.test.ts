import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEnvoy } from '../../lib/local/envoy/envoy-binary';
import type { RehearsalReport } from '../../lib/rehearsal/report/report';
import { release } from '../../lib/release/release';
import { ownTemplate } from '../rehearsal/apps/own-stacks';
import { until } from '../until';
import { environmentIn, leftIn, notesOf, program, RunningRehearsal } from './running-rehearsal';

const root = join(__dirname, '..', '..');
const short = ['--requests', '200', '--rate', '1000'];

// Each test has a folder for all that a run leaves behind: nothing, apart from the report.
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(() => findEnvoy(), 120_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  environment = environmentIn(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(notesOf(folder), { force: true });
});

function rehearse(words: readonly string[], cwd = folder, more: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [...program, ...words], { encoding: 'utf8', env: { ...environment, ...more }, cwd });
}

/** Where the machine was too busy to measure, does what the verdict says, and tries again. */
function measured(words: readonly string[], cwd = folder) {
  for (const timeout of ['2000', '10000', '30000']) {
    const result = rehearse([...words, '--timeout', timeout], cwd);
    if (result.status !== 3) {
      return result;
    }
  }
  return rehearse(words, cwd);
}

const leftBehind = () => leftIn(folder);

test('with --json it prints the report and nothing else, from any folder, and leaves nothing but the report', () => {
  const { status, stdout, stderr } = measured([...short, '--json', '--report', 'out']);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as RehearsalReport;
  expect(report).toMatchObject({ plane: 'app-mesh', verdict: 'held', problems: [], totals: { failed: 0 } });
  expect(status).toBe(0);
  expect(leftBehind()).toEqual(['out']);
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['index.html', 'report.json']);
  expect(JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8'))).toEqual(report);
});

test('without a terminal it prints plain lines, a table and a sentence', () => {
  const { status, stdout } = measured([...short, '-c', 'trafficPlane=load-balancer', '--ladder', '20']);
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
  const { status, stdout } = measured([...short, '--green', `exec node ${join(root, 'test/rehearsal/apps/impostor.js')}`]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^did not hold: /m);
  expect(stdout).toMatch(/^- 50\/50: got \d+ answers in which the app of green calls itself blue$/m);
});

test('a CDK app of the user is rehearsed, with commands of the user', () => {
  const app = `npx cdk synth --app 'node -r tsx/cjs ${join(root, 'test/rehearsal/apps/cdk-app.ts')}'`;
  const own = `exec node ${join(root, 'test/rehearsal/apps/plain.js')}`;
  const words = ['--app', app, '--stack', 'Shop', '--service', 'shop', '--fault', 'green=crash', '--green', own, '--report'];
  const { status, stdout, stderr } = measured([...short, ...words, join(folder, 'out')], root);
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
  const { status, stdout } = measured([...short, ...words, '--json', '--report', 'out']);
  const report = JSON.parse(stdout) as RehearsalReport;
  expect(report).toMatchObject({ plane: 'lattice', verdict: 'held', problems: [] });
  expect(report.steps.map(({ name, description }) => [name, description])[2]).toEqual(['50/50', '2.json: blue 50 %, green 50 %']);
  expect(status).toBe(0);
});

test('a machine that cannot keep up is told, with exit code 3', () => {
  const { status, stdout } = rehearse(['--requests', '5000', '--rate', '100000', '--ladder', '100', '--report', 'out']);
  expect(stdout).toMatch(/^not measured: 4 steps, /m);
  expect(stdout).toMatch(/^- \S+ .*: \d+ requests could not be sent at the rate of 100000\s+per second/m);
  expect(status).toBe(3);
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

const plain = join(root, 'test/rehearsal/apps/plain.js');
const escaping: readonly (readonly [string, readonly string[]])[] = [
  ['demo apps', []],
  [
    'own commands that leave their group, and one of them its environment',
    [
      // It listens before the first step begins, and can be found from then on.
      ...[
        '--blue',
        `(env -i PORT=$PORT PATH=$PATH setsid sh -c 'echo $$ $PORT >> $0; exec node ${plain}' "$STARTED" &); exec sleep 1000`,
      ],
      ...['--green', `(setsid node ${plain} &) ; sleep 1000`],
    ],
  ],
];

describe.each(escaping)('with %s', (_, words) => {
  test.each(['SIGINT', 'SIGQUIT'] as const)('%s ends Envoy, the apps and what they started', async (signal) => {
    const run = new RunningRehearsal(folder, words);
    await run.says('step 0');
    run.child.kill(signal);
    expect(await run.ended).toEqual([130, null]);
    expect(run.output).toMatch(/^stopped; nothing is left running$/m);
    await run.nothingIsLeft();
  });

  test('nothing is left when it is killed', async () => {
    const run = new RunningRehearsal(folder, words);
    await run.says('step 0');
    run.child.kill('SIGKILL');
    expect(await run.ended).toEqual([null, 'SIGKILL']);
    await run.nothingIsLeft();
  });
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s is as good as SIGINT', async (signal) => {
  const run = new RunningRehearsal(folder, []);
  await run.says('step 0');
  run.child.kill(signal);
  expect(await run.ended).toEqual([130, null]);
  await run.nothingIsLeft();
});

test.each(['SIGINT', 'SIGKILL'] as const)('%s during the synthesis of an own app leaves nothing', async (signal) => {
  const run = new RunningRehearsal(folder, ['--app', '(setsid sleep 1000 &); sleep 1000; true']);
  await until(async () => (await run.processes()).filter(({ command }) => command.startsWith('sleep 1000')).length === 2);
  run.child.kill(signal);
  await run.ended;
  await run.nothingIsLeft();
});

test('the command ends with its verdict although an app has left it', async () => {
  const run = new RunningRehearsal(folder, ['--report', 'out', '--green', `(setsid node ${plain} &) ; sleep 1000`]);
  await run.ended;
  expect(run.output).toMatch(/^(held|not measured): /m);
  await run.nothingIsLeft('out');
});

// A file that is always full.
const full = '/dev/full';
(existsSync(full) ? test : test.skip).each([[short], [[...short, '--json']], [['--help']], [['--json', '--timeout', 'much']]])(
  'an output that cannot be written ends the run with a sentence: %j',
  (words) => {
    const file = openSync(full, 'w');
    const { status, stderr } = spawnSync(process.execPath, [...program, ...words], {
      encoding: 'utf8',
      env: environment,
      cwd: folder,
      stdio: ['ignore', file, 'pipe'],
    });
    closeSync(file);
    const refused = words.includes('much') ? '--timeout: got "much", .*\n' : '';
    expect(stderr).toMatch(new RegExp(`^${refused}standard output: got ENOSPC, expected that it can be written\\n$`));
    expect(status).toBe(1);
  },
);

test.each(['--help', '--timeout=much'])('errors that cannot be written are no error of their own: %s', (word) => {
  const file = existsSync(full) ? openSync(full, 'w') : 'ignore';
  const { status } = spawnSync(process.execPath, [...program, word], { env: environment, stdio: ['ignore', 'pipe', file] });
  expect(status).toBe(word === '--help' ? 0 : 1);
});

test('whoever reads the first line only ends the run, without a word', async () => {
  const run = new RunningRehearsal(folder, []);
  await run.says('rehearsing');
  run.child.stdout?.destroy();
  expect(await run.ended).toEqual([141, null]);
  expect(run.errors).toBe('');
  await run.nothingIsLeft();
});

test('what the temporary folder has no room for is told before the first request', () => {
  const files = [0, 1].map((weight) => {
    const state = { blue: { active: true, weight: 1 }, green: { active: true, weight } };
    const file = join(folder, `${weight}.json`);
    writeFileSync(file, JSON.stringify(ownTemplate({ plane: 'lattice', state })));
    return ['--template', file];
  });
  // More steps with more requests than any disk has room for.
  const words = Array.from({ length: 2500 }, () => files.flat()).flat();
  const { status, stderr } = rehearse([...words, '--requests', '10000000', '--report', 'out']);
  expect(stderr).toMatch(/^TMPDIR: got \d+ MB of room in .*, expected 20000005 MB; make room there, /);
  expect(status).toBe(1);
});

test('a temporary folder that cannot be written is a sentence', () => {
  writeFileSync(join(folder, 'file'), '');
  const { status, stderr } = rehearse(short, folder, {
    TMPDIR: join(folder, 'file'),
    // What runs TypeScript would complain first.
    TSX_DISABLE_CACHE: '1',
  });
  expect(stderr).toMatch(/^TMPDIR: got ENOTDIR in .*file, expected a folder .*; set TMPDIR to another one\n$/);
  expect(status).toBe(1);
});
