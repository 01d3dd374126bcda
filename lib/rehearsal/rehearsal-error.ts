/** Thrown when a rehearsal cannot be done as asked. Carries every problem that was found, one line each. */
export class RehearsalError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.name = 'RehearsalError';
    this.problems = list;
  }
}
