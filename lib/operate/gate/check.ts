import type { ExitCode } from '../exit-codes';

/** Something that is looked at before a step of a release is deployed. */
export interface Check {
  /** What was looked at, in a word or two; each check of a step has its own. */
  readonly name: string;

  /** `inconclusive`: not yet good enough, and no reason to give up. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive';

  /** What was found; of what is not right also what was expected, and what to do. */
  readonly sentence: string;

  /**
   * The command that mends it; of several, any of them. It is no part of the sentence, so that it can be shown as it is typed.
   *
   * @default - none
   */
  readonly mend?: readonly string[] | undefined;

  /**
   * The exit code of a command that ends here.
   *
   * @default - that of a refusal
   */
  readonly exitCode?: ExitCode;
}

/** A check that is made by a yes or no: what is not right is a failure. */
export function failUnless(
  name: string,
  holds: boolean,
  good: string,
  bad: string,
  more: Pick<Check, 'exitCode' | 'mend'> = {},
): Check {
  return holds ? { name, verdict: 'pass', sentence: good } : { name, verdict: 'fail', sentence: bad, ...more };
}
