import { choiceOption, readWords, TerminalCommand, TerminalOption, wholeNumberOption } from '../../lib/terminal/command-line';

// A command line with subcommands, made anew for each reading.
function program(): TerminalCommand {
  const root = new TerminalCommand('release').addOption(new TerminalOption('--profile <NAME>', 'credentials'));
  root
    .command('plan')
    .description('shows the steps')
    .addOption(choiceOption('--to <SLOT>', 'slot', ['blue', 'green'], 'green'));
  root
    .command('go')
    .argument('<step>', 'name of a step')
    .argument('[reason]', 'why')
    .addOption(wholeNumberOption('-w, --wait <S>', 'seconds', { from: 0, to: 9, default: 3 }))
    .addOption(new TerminalOption('--tag <TAG>', 'a label').repeats((value) => value.toUpperCase()))
    .addOption(new TerminalOption('--yes', 'ask nothing'));
  return root;
}

const problemsOf = (...words: string[]): string[] => {
  try {
    readWords(program(), words);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

test('says which command was named, with its arguments and options', () => {
  const { command, help } = readWords(program(), ['go', '--profile', 'dev', '50/50', '--tag=a', '--tag', 'b']);
  expect(help).toBeUndefined();
  expect([command.name(), command.args]).toEqual(['go', ['50/50']]);
  expect(command.optsWithGlobals()).toEqual({ profile: 'dev', wait: 3, tag: ['A', 'B'] });
});

test.each([
  [['go', 'x', '-w', '10'], ['-w: got "10", expected a whole number from 0 to 9; for example --wait 3']],
  [['go', 'x', '-w9', '--wait=8'], ['-w: got it twice, expected it once']],
  [['go', 'x', '--tag'], ['--tag: got no value, expected one; see --help']],
  [['go', 'x', '--tag', '--yes'], ['--tag: got no value but --yes, expected one; see --help']],
  [['go', 'x', '--yes=no'], ['--yes: got "no", expected no value']],
  [['go', 'x', '--wiat', '5'], ['--wiat: got an unknown option, did you mean --wait?']],
  [['go', 'x', '--verbose', '5'], ['--verbose: got an unknown option, expected one of --wait, --tag, --yes, --help, --profile']],
  [['go'], ['step: got no value, expected one; see --help']],
  [['go', 'x', 'y', '--', '--yes'], ['--yes: got one argument too many, expected step reason; see --help']],
  [['plan', 'x'], ['x: got an argument, expected options only; see --help']],
  [['plan', '--to', 'red'], ['--to: got "red", expected blue or green']],
  [['plam'], ['plam: got an unknown command, did you mean plan?']],
  [['publish'], ['publish: got an unknown command, expected one of plan, go']],
  [['--profle', 'dev', 'plan'], ['--profle: got an unknown option, did you mean --profile?']],
  [[], ['release: got no command, expected one of plan, go; see --help']],
  [
    ['go', 'a', '--profile', '--profile', '--wait', 'x', '--wait', 'y', '--no'],
    [
      '--profile: got no value but --profile, expected one; see --help',
      '-w: got "x", expected a whole number from 0 to 9; for example --wait 3',
      '-w: got "y", expected a whole number from 0 to 9; for example --wait 3',
      '-w: got it twice, expected it once',
      '--no: got an unknown option, expected one of --wait, --tag, --yes, --help, --profile',
    ],
  ],
])('%j is refused', (words, problems) => {
  expect(problemsOf(...words)).toEqual(problems);
});

test.each([
  [['--help'], /^Usage: release \[options\] \[command\]\n(.|\n)*\n {2}plan /],
  [['go', '--help', '--wait', 'x'], /^Usage: release go \[options\] <step> \[reason\]\n(.|\n)*seconds; 0 to 9 \(default: 3\)/],
  [['help', 'plan'], /^Usage: release plan \[options\]\n(.|\n)*slot: blue or green \(default: green\)/],
])('%j gives back the help, and checks nothing else', (words, text) => {
  expect(readWords(program(), words).help).toMatch(text);
});

test('prints nothing, and does not end the process', () => {
  const write = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')];
  problemsOf('go', '--no', '--wait');
  problemsOf('--help');
  for (const spy of write) {
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  }
});
