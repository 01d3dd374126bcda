import { PassThrough } from 'node:stream';
import { exitCodes } from '../../lib/operate/exit-codes';
import { processTerminal, type TerminalProcess } from '../../lib/operate/process-terminal';
import { until } from '../until';

/** A person at a terminal, who presses keys when there is a question. */
async function asked(keys: string, { yes = false, isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const written: string[] = [];
  stderr.on('data', (part) => written.push(String(part)));
  const stop = new AbortController();
  const terminal = processTerminal(yes, stop, { stdin, stdout: stderr, stderr, env: {} } as unknown as TerminalProcess);
  const answer = terminal.ask('deploy it?').catch((error) => error);
  if (isTTY && !yes) {
    await until(() => written.join('').includes('deploy it? [y/N] '));
    stdin.write(keys);
  }
  return { answer: await answer, isStopped: stop.signal.aborted, terminal };
}

const [controlC, controlD] = ['\u0003', '\u0004'];

test.each<[what: string, keys: string, answer: boolean]>([
  ['y', 'y\r', true],
  ['yes', 'YES\r', true],
  ['Return alone', '\r', false],
  ['another word', 'yesterday\r', false],
  ['Ctrl-D', controlD, false],
])('%s at the question', async (_, keys, answer) => {
  expect(await asked(keys)).toMatchObject({ answer, isStopped: false });
});

test('Ctrl-C at the question stops the command, as it does elsewhere', async () => {
  expect(await asked(controlC)).toMatchObject({ answer: expect.objectContaining({ name: 'AbortError' }), isStopped: true });
});

test('where nobody can be asked, that is told before there is a question, too', async () => {
  const expected = { message: '--yes: got none, expected it where there is nobody to ask', exitCode: exitCodes.usage };
  const { answer, terminal } = await asked('', { isTTY: false });
  expect(answer).toMatchObject(expected);
  expect(() => terminal.requireAnswers()).toThrow(expect.objectContaining(expected));
});

test('with --yes nobody has to be asked', async () => {
  const { answer, terminal } = await asked('', { yes: true, isTTY: false });
  expect(answer).toBe(true);
  terminal.requireAnswers();
});

test('at a terminal somebody can be asked', async () => {
  const { terminal } = await asked('y\r');
  expect(() => terminal.requireAnswers()).not.toThrow();
});
