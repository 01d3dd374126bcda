/** The exit codes of the release command line. */
export const exitCodes = {
  /** What was asked for is done, or there was nothing to do. */
  done: 0,

  /** The command line cannot be used. */
  usage: 2,

  /** It waits for something, or cannot tell: neither good nor bad. */
  waiting: 3,

  /** Refused: nothing was changed. */
  refused: 4,

  /** The deploy was rolled back; what was there before answers. */
  rolledBack: 5,

  /** Declared, deployed and live are not the same, or the stack is busy, stuck or not there. */
  differs: 6,

  /** Ended by the user. */
  stopped: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
