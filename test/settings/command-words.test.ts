import { commandWords, healthCheckCommand, inWords } from '../../lib/settings/command-words';

test.each<[string, unknown, readonly string[]]>([
  ['words', 'node server.js', ['node', 'server.js']],
  ['words with more than a space between them', ' node   server.js ', ['node', 'server.js']],
  ['an array in text', '["node","two words","it\'s"]', ['node', 'two words', "it's"]],
  ['an array', ['node', '-e', 'a "b"'], ['node', '-e', 'a "b"']],
])('a command: %s', (_, given, words) => {
  expect(commandWords.parse(given)).toEqual(words);
});

test.each(['', ' ', 'say "hello"', "it's", 'a\\ b', '[', '["a"', '[]', '["a",1]', '[""]', [], [1], [''], 1, true, null, {}])(
  'no command: %j',
  (given) => {
    expect(commandWords.parse(given)).toBeUndefined();
  },
);

test.each<[string, unknown, readonly string[]]>([
  [
    'text is for a shell, quotes and all',
    'wget -q "http://[::1]/" || exit 1',
    ['CMD-SHELL', 'wget -q "http://[::1]/" || exit 1'],
  ],
  ['also with the test of a shell in front', '[ -f /tmp/ready ]', ['CMD-SHELL', '[ -f /tmp/ready ]']],
  ['an array is a program with its arguments', '["/healthy","now"]', ['CMD', '/healthy', 'now']],
  ['in the form of ECS it stays as it is', ['CMD-SHELL', 'exit 0'], ['CMD-SHELL', 'exit 0']],
  ['the other form, too', ['CMD', '/healthy'], ['CMD', '/healthy']],
])('a health check: %s', (_, given, words) => {
  expect(healthCheckCommand.parse(given)).toEqual(words);
});

test.each(['', ' ', 'a\nb', 'a\rb', '["a"', '[]', '["a",1]', [], [''], 1, {}])('no health check: %j', (given) => {
  expect(healthCheckCommand.parse(given)).toBeUndefined();
});

test.each<[readonly string[], string]>([
  [['node', 'server.js'], 'node server.js'],
  [['node', 'two words'], '["node","two words"]'],
  [['node', 'two', 'words'], 'node two words'],
  [['say', "it's"], '["say","it\'s"]'],
  [['CMD-SHELL', 'exit 0'], '["CMD-SHELL","exit 0"]'],
])('%j in one line, and back again', (words, line) => {
  expect(inWords(words)).toBe(line);
  expect(commandWords.parse(line)).toEqual(words);
});
