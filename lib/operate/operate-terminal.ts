import type { Output } from '../terminal/output';

/** What a command of a release writes to and asks. */
export interface OperateTerminal {
  /** Standard output: what was asked for. With `--json`, JSON and nothing else. */
  readonly out: Output;

  /** Standard error: what is going on. */
  readonly err: Output;

  readonly environment: NodeJS.ProcessEnv;

  /**
   * Sees that a question would be answered, so that nobody waits for a command that cannot go on then.
   *
   * @throws OperateError with the exit code of usage when there is nobody to ask, and no `--yes`
   */
  requireAnswers(): void;

  /**
   * Asks the one question before the first change; true when it was answered with yes, or by `--yes`.
   *
   * @throws OperateError with the exit code of usage when there is nobody to ask
   */
  ask(question: string): Promise<boolean>;
}
