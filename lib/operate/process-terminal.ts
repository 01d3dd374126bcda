import { createInterface } from 'node:readline/promises';
import { exitCodes } from './exit-codes';
import { OperateError } from './operate-error';
import type { OperateTerminal } from './operate-terminal';

/** What of a process makes a terminal, or what stands in its place. */
export type TerminalProcess = Pick<NodeJS.Process, 'stderr' | 'stdout' | 'env'> & {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
};

/**
 * The terminal, or what stands in its place, of a process.
 *
 * @param yes whether every question is answered with yes
 * @param stop ends a question that is open; a question that is ended by Ctrl-C aborts it
 */
export function processTerminal(
  yes: boolean,
  stop: AbortController,
  { stdin, stdout, stderr, env }: TerminalProcess = process,
): OperateTerminal {
  const { signal } = stop;
  const requireAnswers = () => {
    if (!yes && !stdin.isTTY) {
      throw new OperateError('--yes: got none, expected it where there is nobody to ask', exitCodes.usage);
    }
  };
  return {
    out: stdout,
    err: stderr,
    environment: env,
    requireAnswers,
    ask: async (question) => {
      if (yes) {
        return true;
      }
      requireAnswers();
      const lines = createInterface({ input: stdin, output: stderr });
      // While a line is read, Ctrl-C is a key like others, and no signal comes.
      lines.on('SIGINT', () => {
        stderr.write('\n');
        stop.abort();
      });
      // Ctrl-D ends the line without an answer.
      const closed = new Promise<string>((resolve) => {
        lines.once('close', () => resolve(''));
      });
      try {
        const answered = lines.question(`${question} [y/N] `, { signal }).catch((error: Error) => {
          if (signal.aborted) {
            throw error;
          }
          stderr.write('\n');
          return '';
        });
        return /^y(es)?$/i.test((await Promise.race([answered, closed])).trim());
      } finally {
        lines.close();
      }
    },
  };
}
