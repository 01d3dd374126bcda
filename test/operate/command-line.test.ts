import { commandNames, readOperateLine } from '../../lib/operate/command-line';
import { CommandLineError } from '../../lib/terminal/command-line';

describe('what is asked for', () => {
  test.each<[words: string, expected: object]>([
    ['plan', { command: 'plan', ladder: [5, 25, 50, 100], to: undefined, json: false, markdown: false, context: {} }],
    ['plan --ladder 10,50 --to blue --json', { ladder: [10, 50], to: 'blue', json: true }],
    ['status --watch --timeout 10m', { command: 'status', watch: true, timeoutMs: 600_000 }],
    ['status', { watch: false, timeoutMs: undefined, stackName: undefined }],
    ['status --stack other-stack', { stackName: 'other-stack' }],
    [
      'next',
      { command: 'next', timeoutMs: 1_800_000, minRequests: 100, bakeMinutes: undefined, yes: false, evidence: undefined },
    ],
    ['next --yes --bake 0 --min-requests 20 --timeout 90s', { yes: true, bakeMinutes: 0, minRequests: 20, timeoutMs: 90_000 }],
    ['next -c stage=prod -c appName=shop --timeout 2h', { context: { stage: 'prod', appName: 'shop' }, timeoutMs: 7_200_000 }],
    ['promote 25%', { command: 'promote', share: 25 }],
    ['promote 100 --evidence gates', { share: 100, evidence: 'gates' }],
    ['rollback --to green --yes', { command: 'rollback', to: 'green', yes: true }],
    ['verify --json', { command: 'verify', json: true }],
  ])('%s', (words, expected) => {
    expect(readOperateLine(words.split(' '))).toMatchObject({ help: undefined, ...expected });
  });
});

describe('what cannot be used', () => {
  test.each<[words: string, problem: string]>([
    ['', 'npm run release --: got no command, expected one of plan, status, next, promote, rollback, verify; see --help'],
    ['nxt', 'nxt: got an unknown command, did you mean next?'],
    ['promote', 'share: got no value, expected one; see --help'],
    ['promote 0', 'share: got "0", expected a whole number from 1 to 100, with or without %; for example promote 25%'],
    ['promote 2.5', 'share: got "2.5", expected a whole number from 1 to 100, with or without %; for example promote 25%'],
    ['plan --to red', '--to: got "red", expected blue or green'],
    ['plan --ladder 50,5', '--ladder: got "50,5", expected rising whole numbers from 1 to 100; for example --ladder 5,25,50,100'],
    ['plan --json --markdown', '--markdown: got it together with --json, expected one of them only'],
    ['status --timeout 5m', '--timeout: got it without --watch, expected both; without --watch it ends at once'],
    ['next --timeout 10', '--timeout: got "10", expected a time from 1s to 24h; for example --timeout 10m'],
    ['next --timeout 25h', '--timeout: got "25h", expected a time from 1s to 24h; for example --timeout 10m'],
    ['next --bake 181', '--bake: got "181", expected a whole number from 0 to 180; for example --bake 5'],
    [
      'next --min-requests 0',
      '--min-requests: got "0", expected a whole number from 1 to 1000000; for example --min-requests 100',
    ],
    ['rollback --stack 1x', '--stack: got "1x", expected the name of a stack; for example --stack sample-blue-green'],
    [
      'next -c greenWeight=3',
      '-c: got "greenWeight=3", expected no state of the slots: it follows from the release; use cdk deploy for another one',
    ],
    [
      'next -c prod:blueActive=false',
      '-c: got "prod:blueActive=false", expected no state of the slots: it follows from the release; use cdk deploy for another one',
    ],
    ['next -c allowUnsafe=why', '-c: got "allowUnsafe=why", expected no such key: here nothing goes unguarded; use cdk deploy'],
    ['next -c stage', '-c: got "stage", expected KEY=VALUE; for example -c stage=prod'],
    ['next --force', '--force: got an unknown option, expected one of'],
  ])('%s', (words, problem) => {
    const read = () => readOperateLine(words === '' ? [] : words.split(' '));
    expect(read).toThrow(CommandLineError);
    expect(read).toThrow(problem);
  });

  test('all problems are told at once', () => {
    expect(problemsOf(['plan', '--to', 'red', '--ladder', '0', '--jsn'])).toEqual([
      expect.stringMatching(/^--to: /),
      expect.stringMatching(/^--ladder: /),
      expect.stringMatching(/^--jsn: /),
    ]);
  });
});

test.each([
  [[], ['plan', 'status', 'next', 'promote', 'rollback', 'verify', 'Exit code: 0 when it is done']],
  [['next'], ['--ladder', '--bake', '--min-requests', '--evidence', '--timeout', 'Exit code: 0 when it is done']],
])('the help of %j', (words, parts) => {
  const { help = '' } = readOperateLine([...words, '--help']);
  for (const part of parts) {
    expect(help).toContain(part);
  }
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

describe('on a terminal', () => {
  const { isTTY, columns } = process.stdout;
  afterEach(() => Object.assign(process.stdout, { isTTY, columns }));

  test.each(commandNames.flatMap((name) => [20, 40, 60, 79, 80].map((room) => [name, room] as const)))(
    'no line of the help of %s is longer than %i columns, and no word is lost',
    (name, room) => {
      const { help: whole = '' } = readOperateLine([name, '--help']);
      Object.assign(process.stdout, { isTTY: true, columns: room });
      const { help = '' } = readOperateLine([name, '--help']);
      expect(Math.max(...help.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(room);
      expect(help.replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''));
    },
  );
});

function problemsOf(words: readonly string[]): readonly string[] {
  try {
    readOperateLine(words);
  } catch (error) {
    return (error as CommandLineError).problems;
  }
  return [];
}
