import { weightsOf } from '../../lib/local/routes/traffic-model';
import { faultNames } from '../../lib/local/tasks/fault';
import { readCommandLine } from '../../lib/rehearsal/command-line';
import { readPlan } from '../../lib/rehearsal/read-plan';

const problemsOf = (words: readonly string[]): string => {
  try {
    readPlan(readCommandLine(words));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('without options, the release of the README is rehearsed', () => {
  const plan = readPlan(readCommandLine([]));
  expect(plan.steps.map(({ name }) => name)).toEqual(['blue only', 'green at 0', '50/50', 'blue at 0', 'green only']);
  expect(plan).toMatchObject({
    plane: 'app-mesh',
    rate: 500,
    requestsPerStep: 2500,
    timeoutMs: 2000,
    path: '/',
    fault: undefined,
  });
});

test('takes options in every usual way of writing', () => {
  const line = readCommandLine([
    '-c',
    'appPort=80',
    '--context=healthcheckPath=/a=b',
    '--rate=7',
    '--blue',
    'node a.js --x',
    '--json',
  ]);
  expect(line).toMatchObject({
    context: { appPort: '80', healthcheckPath: '/a=b' },
    commands: { blue: 'node a.js --x' },
    rate: 7,
    json: true,
  });
});

test('with --deploy, each step knows its flags, and the stack its own keys', () => {
  const { deploy, steps } = readPlan(readCommandLine(['--deploy', '-c', 'appName=shop']));
  expect(deploy).toMatchObject({ stack: 'shop-blue-green', context: { appName: 'shop' } });
  expect(steps[1]?.flags).toEqual({ blueActive: true, blueWeight: 1, greenActive: true, greenWeight: 0 });
  expect(readPlan(readCommandLine([])).deploy).toBeUndefined();
});

test.each([
  { words: ['--ladder', '1,5,25,50,100'], names: ['99/1', '95/5', '75/25', '50/50', 'blue at 0'] },
  { words: ['--ladder', '10', '--to', 'blue'], names: ['90/10', 'green at 0'] },
])('$words is a canary of $names', ({ words, names }) => {
  const { steps } = readPlan(readCommandLine(words));
  expect(steps.slice(2, -1).map(({ name }) => name)).toEqual(names);
});

test.each([
  { words: ['--fault', 'green=crash'], step: 2, names: ['back to green at 0', 'back to blue only'] },
  { words: ['--fault', 'green=slow@3'], step: 3, names: ['back to green at 0', 'back to blue only'] },
  { words: ['--fault', 'green=error', '--ladder', '1,2,3,4,5'], step: 2, names: ['back to green at 0', 'back to blue only'] },
  { words: ['--fault', 'green=crash@4'], step: 4, names: ['back to blue at 0', 'back to green at 0', 'back to blue only'] },
  { words: ['--fault', 'blue=error'], step: 1, names: ['on to blue at 0', 'on to green only'] },
  { words: ['--fault', 'blue=error@2', '--to', 'blue'], step: 2, names: ['back to blue at 0', 'back to green only'] },
  { words: ['--rollback-at', '2'], step: undefined, names: ['back to green at 0', 'back to blue only'] },
])('$words begins in step $step, and leaves the release by $names', ({ words, step, names }) => {
  const plan = readPlan(readCommandLine(words));
  expect(plan.fault?.step).toBe(step);
  expect(plan.steps.slice(plan.leaving?.step).map(({ name }) => name)).toEqual(names);
  const jump = plan.steps[plan.leaving?.jump ?? 0];
  expect(Object.values(jump ? weightsOf(jump.model) : {}).filter((weight) => weight > 0)).toHaveLength(1);
});

test.each([
  [['--rate', '0'], '--rate: got "0", expected a whole number from 1 to 100000; for example --rate 500'],
  [['--rate', '1e3'], '--rate: got "1e3", expected a whole number from 1 to 100000; for example --rate 500'],
  [['--requests', '5'], '--requests: got "5", expected a whole number from 100 to 10000000; for example --requests 2500'],
  [['--rate'], '--rate: got no value, expected one; see --help'],
  [
    ['--ladder', '50,10'],
    '--ladder: got "50,10", expected rising whole numbers from 1 to 100; for example --ladder 1,5,25,50,100',
  ],
  [['--to', 'red'], '--to: got "red", expected blue or green'],
  [['--path', 'a'], '--path: got "a", expected a path that starts with / and has no spaces and no #; for example --path /'],
  [
    ['--path', '/a?x=1#f'],
    '--path: got "/a?x=1#f", expected a path that starts with / and has no spaces and no #; for example --path /',
  ],
  [['-c', 'trafficPlane'], '-c: got "trafficPlane", expected KEY=VALUE; for example -c appPort=3000'],
  [['--blue', ' '], `--blue: got " ", expected a command; for example --blue 'node server.js'`],
  [['now'], 'now: got an argument, expected options only; see --help'],
  [['--json=yes'], '--json: got "yes", expected no value'],
  [['--rate', '1', '--rate', '2'], '--rate: got it twice, expected it once'],
  [
    ['--fault', 'green=boom'],
    '--fault: got "green=boom", expected SLOT=FAULT or SLOT=FAULT@STEP with blue or green and error, slow, crash, refuse; for example --fault green=error',
  ],
  [
    ['--fault', 'green=error@1'],
    '--fault: got step 1, expected a step in which green gets requests: 2 (50/50), 3 (blue at 0), 4 (green only)',
  ],
  [
    ['--fault', 'green=slow', '--green', 'node a.js'],
    '--fault: got slow for your own command in slot green, expected crash, which is all that can be done to it from outside',
  ],
  [
    ['--rollback-at', '5'],
    '--rollback-at: got 5, expected the number of a step: 1 (green at 0), 2 (50/50), 3 (blue at 0), 4 (green only)',
  ],
  [['-c', 'blueWeight=5'], 'blueWeight: got "5", expected nothing, since the steps of the release set it; use --ladder or --to'],
  [
    ['-c', 'blueWeight=3', '-c', 'trafficPlan=lattice', '-c', 'appPort=http'],
    [
      'blueWeight: got "3", expected nothing, since the steps of the release set it; use --ladder or --to',
      'trafficPlan: got an unknown key, did you mean trafficPlane?',
      'appPort: got "http", expected a whole number from 1 to 65535; for example -c appPort=8080',
    ].join('\n'),
  ],
  [
    ['--fault', 'blue=crash', '--rollback-at', '2'],
    '--rollback-at: got 2 with a fault of blue, expected no step, since going back leads to blue; without it the release goes on to green',
  ],
  [['-c', 'trafficPlan=lattice'], 'trafficPlan: got an unknown key, did you mean trafficPlane?'],
])('%j is refused', (words, message) => {
  expect(problemsOf(words)).toBe(message);
});

test.each([
  [
    ['--template', 'a.json', '--app', 'cdk synth', '--to', 'blue', '-c', 'a=b'],
    [
      '--app: got it together with --template, expected one of them only; the templates say what each step is',
      '--context: got it together with --template, expected one of them only; the templates say what each step is',
      '--to: got it together with --template, expected one of them only; the templates say what each step is',
    ],
  ],
  [
    ['--deploy', '--app', 'cdk synth', '--fault', 'green=crash'],
    [
      '--app: got it together with --deploy, expected one of them only; what is deployed is the stack of this package',
      '--fault: got it together with --deploy, expected one of them only; a deployed service replaces an app that is broken',
    ],
  ],
  [
    ['--deploy', '--template', 'a.json'],
    ['--template: got it together with --deploy, expected one of them only; what is deployed is the stack of this package'],
  ],
  [['--stack', 'Shop'], ["--stack: got it without --app, expected both; for example --app 'npx cdk synth'"]],
  [
    ['--service', 'shop', '--rate', 'x'],
    [
      '--rate: got "x", expected a whole number from 1 to 100000; for example --rate 500',
      '--service: got it without --app or --template, expected one of them too',
    ],
  ],
  [['--app', ' '], [`--app: got " ", expected a command; for example --app 'npx cdk synth'`]],
])('%j do not go together', (words, problems) => {
  expect(problemsOf(words).split('\n')).toEqual(problems);
});

test('the package, which has no stack of its own, says where --deploy is, and does not offer it', () => {
  const program = 'npx ecs-blue-green-rehearse';
  expect(readCommandLine(['--help'], program).help).not.toContain('--deploy');
  expect(() => readCommandLine(['--deploy', '--app', 'cdk synth'], program)).toThrow(
    /^--deploy: got it with npx ecs-blue-green-rehearse, expected it in a clone of ecs-blue-green; there, say npm start -- --deploy$/,
  );
});

test('names an unknown option and all that there are', () => {
  expect(problemsOf(['--speed', '3'])).toMatch(/^--speed: got an unknown option, expected one of --context, .*--help$/m);
});

test('tells of all problems at once', () => {
  expect(problemsOf(['--rate', 'x', '--ladder', '0', '--to', 'red']).split('\n')).toHaveLength(3);
});

test.each([
  [
    ['--rate=', '--blue', '--json', '--path'],
    ['--rate', '--blue', '--path'],
  ],
  [
    ['--rate', '1', '-c', 'a', 'now', '--to=red', '--spedd=3', '--json=no'],
    ['--to', '-c', 'now', '--spedd', '--json'],
  ],
])('%j: one line for each problem', (words, names) => {
  expect(
    problemsOf(words)
      .split('\n')
      .map((line) => line.slice(0, line.indexOf(':')))
      .sort(),
  ).toEqual([...names].sort());
});

describe('the help', () => {
  const { help = '' } = readCommandLine(['--help', '--rate', 'x', '--spedd']);

  test('names every option and every fault, on lines of at most 80 characters', () => {
    const options =
      'context blue green to ladder rollback-at fault deploy app stack template service rate requests timeout path report json help'.split(
        ' ',
      );
    for (const option of options) {
      expect(help).toMatch(new RegExp(`^ .*--${option} `, 'm'));
    }
    for (const fault of faultNames) {
      expect(help).toContain(`- ${fault}: `);
    }
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    ['--rate', 500, '1 to 100000'],
    ['--requests', 2500, '100 to 10000000'],
    ['--timeout', 2000, '100 to 120000'],
  ])('tells the default and the range of %s as the message does', (option, usual, range) => {
    const about = help
      .slice(help.indexOf(`${option} <`))
      .split(/\n {2}-/)[0]
      ?.replace(/\s+/g, ' ');
    expect(about).toContain(`; ${range} (default: ${usual})`);
    expect(problemsOf([option, 'x'])).toContain(`from ${range}; for example ${option} ${usual}`);
  });
});

test('an own command is told which secrets it does without, since none is read on this machine', () => {
  const words = ['-c', 'appSecrets=DB=prod/db:password', '-c', 'greenAppSecrets=DB=prod/db,KEY=/prod/key'];
  const without = (variables: string) => expect.stringContaining(`runs without ${variables}, whose values only a deploy knows`);
  expect(readPlan(readCommandLine([...words, '--green', 'node a.js'])).notShown).toEqual([without('DB, KEY')]);
  expect(readPlan(readCommandLine([...words, '--blue', 'node a.js'])).notShown).toEqual([without('DB')]);
  expect(readPlan(readCommandLine(words)).notShown).toEqual([]);
  // A deploy reads them.
  expect(readPlan(readCommandLine([...words, '--green', 'node a.js', '--deploy'])).notShown).toEqual([]);
});
