/** The parts in which a release is looked at before it begins, in their order. */
export const verifyParts = ['account', 'files', 'stack', 'images', 'secrets', 'slots'] as const;

/** One thing that was looked at before a release begins. */
export interface VerifyItem {
  readonly part: (typeof verifyParts)[number];

  /** What was looked at, such as `credentials`. */
  readonly name: string;

  /** `not looked at`: it cannot be seen from here, which says neither good nor bad. */
  readonly verdict: 'ok' | 'not ok' | 'not looked at';

  /** What was found; where it is not ok, with what to do. */
  readonly sentence: string;

  /**
   * The command that mends it; of several, any of them.
   *
   * @default - none
   */
  readonly mend?: readonly string[] | undefined;
}
