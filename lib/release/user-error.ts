/**
 * An error that is told to a user in words, without a stack trace: something that they gave, or that their machine lacks.
 *
 * Carries every problem that was found, one line each: what, value got, values allowed, what to do.
 */
export class UserError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.name = new.target.name;
    this.problems = list;
  }
}
