import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readCommandLine } from '../../lib/rehearsal/command-line';
import { planRehearsal } from '../../lib/rehearsal/read-plan';

const root = join(__dirname, '..', '..');
const cdk = `npx cdk synth --app 'node -r tsx/cjs ${join(__dirname, 'apps', 'cdk-app.ts')}'`;
const before = process.cwd();

jest.setTimeout(120_000);
beforeAll(() => {
  process.chdir(root);
  process.env.CDK_DISABLE_CLI_TELEMETRY = 'true';
});
afterAll(() => process.chdir(before));

const planOf = (app: string, words: readonly string[], signal = new AbortController().signal) =>
  planRehearsal(readCommandLine(['--app', app, ...words]), { signal, say: () => {} });

const problemsOf = (app: string, ...words: readonly string[]) =>
  planOf(app, words).then(
    () => '',
    (error: Error) => error.message,
  );

test('synthesizes the app once per step, with the flags of the step and the context of the user', async () => {
  const plan = await planOf(cdk, [
    '--stack',
    'Shop',
    '--service',
    'cart',
    '--to',
    'blue',
    '--ladder',
    '100',
    '-c',
    "shop's health path=/up",
  ]);
  expect(plan).toMatchObject({ plane: 'load-balancer', path: '/cart' });
  expect(plan.steps.map(({ name }) => name)).toEqual(['green only', 'blue at 0', 'green at 0', 'blue only']);
  expect(plan.apps.map(({ slot, healthCheckPath }) => [slot, healthCheckPath])).toEqual([
    ['blue', '/up'],
    ['green', '/up'],
  ]);
});

test('an app that does not follow the flags is refused', async () => {
  expect(await problemsOf(cdk, '--stack', 'Shop', '--service', 'shop', '-c', 'stuck=yes')).toBe(
    'step blue only: got a template that splits blue 50 %, green 50 %, expected blue 100 %, as the flags say; ' +
      'let the app take the state of the slots from its context: blueActive, blueWeight, greenActive, greenWeight',
  );
});

test.each([
  [[], /^--app: got 2 stacks from npx cdk synth .*, expected --stack with one of Records, Shop$/],
  [['--stack', 'Shopp'], /^--stack: got Shopp, expected one of Records, Shop$/],
])('of several stacks, %j', async (words, problem) => {
  expect(await problemsOf(cdk, ...words)).toMatch(problem);
});

test.each([
  [
    "sh -c 'echo one; echo two >&2; exit 3'",
    /^--app: got exit code 3 from sh -c .* -c blueActive=true -c blueWeight=1 -c greenActive=false -c greenWeight=0 -o \S+ --quiet, expected 0; its last lines:\n(?= {2}one)(.|\n)* {2}two/,
  ],
  ['no-such-command', /^--app: got exit code 127 from no-such-command .*\n {2}.*not found$/],
  [
    'true',
    /^--app: got no cloud assembly from true in the folder that it was given with -o \(.*\), expected one; for example --app 'npx cdk synth'$/,
  ],
])('%s: says how it ended', async (command, problem) => {
  expect(await problemsOf(command)).toMatch(problem);
});

test.each([
  [['-c', 'blueWeight=5'], 'blueWeight: got "5", expected nothing, since the steps of the release set it; use --ladder or --to'],
  [
    ['--rollback-at', '9'],
    '--rollback-at: got 9, expected the number of a step: 1 (green at 0), 2 (50/50), 3 (blue at 0), 4 (green only)',
  ],
])('%j is refused before the command runs', async (words, problem) => {
  expect(await problemsOf('exit 9', ...words)).toBe(problem);
});

test('when it is ended early, the command and what it started end too', async () => {
  const stop = new AbortController();
  const sleep = 'sleep 4711';
  const running = () =>
    execFileSync('ps', ['-e', '-o', 'stat=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => /^[^Z]\S* +sleep 4711/.test(line));
  const plan = planOf(`sh -c '${sleep}; true'`, [], stop.signal);
  while (running().length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  stop.abort();
  await expect(plan).rejects.toThrow(/abort/i);
  expect(running()).toEqual([]);
});
