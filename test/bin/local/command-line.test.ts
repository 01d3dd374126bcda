import { readLocalCommandLine } from '../../../bin/local/command-line';

const problemsOf = (words: readonly string[]): string => {
  try {
    readLocalCommandLine(words);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('commands by image and by slot', () => {
  const line = readLocalCommandLine([
    '--run',
    'example/shop:1=node a.js --flag=x',
    '--run=registry.example:5000/pay=./pay',
    '--green',
    'node b.js',
  ]);
  expect([...line.byImage]).toEqual([
    ['example/shop:1', 'node a.js --flag=x'],
    ['registry.example:5000/pay', './pay'],
  ]);
  expect(line.bySlot).toEqual({ green: 'node b.js' });
  expect(readLocalCommandLine([])).toMatchObject({ help: undefined, bySlot: {} });
});

test.each([
  { words: [], minuteSeconds: 60 },
  { words: ['--minute', '1'], minuteSeconds: 1 },
  { words: ['--minute=60'], minuteSeconds: 60 },
])('with $words a minute of CloudWatch takes $minuteSeconds s', ({ words, minuteSeconds }) => {
  expect(readLocalCommandLine(words).minuteSeconds).toBe(minuteSeconds);
});

test('the help names every option and says what runs without one', () => {
  const { help } = readLocalCommandLine(['--help']);
  for (const words of [
    '--run <IMAGE=COMMAND>',
    '--blue <COMMAND>',
    '--green <COMMAND>',
    'default: a demo',
    '--minute <SECONDS>',
    'Exit code',
  ]) {
    expect(help).toContain(words);
  }
});

test.each([
  { words: ['--run', 'example/shop'], problem: '--run: got "example/shop", expected IMAGE=COMMAND; for example' },
  { words: ['--run', '=node a.js'], problem: '--run: got "=node a.js", expected IMAGE=COMMAND' },
  { words: ['--run', 'example/shop= '], problem: '--run: got "example/shop= ", expected a command' },
  { words: ['--green', ' '], problem: '--green: got " ", expected a command; for example --green' },
  { words: ['--run', 'a=x', '--run', 'a=y'], problem: '--run: got two commands for a, expected one' },
  ...['0', '61', '1.5', '-1', 'x'].map((value) => ({
    words: [`--minute=${value}`],
    problem: `--minute: got "${value}", expected a whole number from 1 to 60; for example --minute 5`,
  })),
  { words: ['--gren', 'x'], problem: '--gren: got an unknown option, did you mean --green?' },
  { words: ['deploy'], problem: 'deploy: got an argument, expected options only' },
])('$words is refused', ({ words, problem }) => {
  expect(problemsOf(words)).toContain(problem);
});
