import { processTerminal } from '../../lib/operate/process-terminal';

const { signal } = new AbortController();
const isTerminal = process.stdin.isTTY;

beforeEach(() => {
  process.stdin.isTTY = false;
});
afterEach(() => {
  process.stdin.isTTY = isTerminal;
});

test('where nobody can be asked, that is told before there is a question', async () => {
  const expected = { message: '--yes: got none, expected it where there is nobody to ask', exitCode: 2 };
  const terminal = processTerminal(false, signal);
  expect(() => terminal.requireAnswers()).toThrow(expect.objectContaining(expected));
  await expect(terminal.ask('now?')).rejects.toMatchObject(expected);
});

test('with --yes nobody has to be asked', async () => {
  const terminal = processTerminal(true, signal);
  terminal.requireAnswers();
  expect(await terminal.ask('now?')).toBe(true);
});

test('at a terminal somebody can be asked', () => {
  process.stdin.isTTY = true;
  expect(() => processTerminal(false, signal).requireAnswers()).not.toThrow();
});
