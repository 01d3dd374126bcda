import { createInterface } from 'node:readline/promises';
import { exitCodes } from './exit-codes';
import { OperateError } from './operate-error';
import type { OperateTerminal } from './operate-terminal';

/**
 * The terminal, or what stands in its place, of this process.
 *
 * @param yes whether every question is answered with yes
 * @param signal ends a question that is open
 */
export function processTerminal(yes: boolean, signal: AbortSignal): OperateTerminal {
  const { stdin, stdout, stderr, env } = process;
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
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
      } finally {
        lines.close();
      }
    },
  };
}
