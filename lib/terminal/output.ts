/** Where a command line writes to: a terminal, a file, a pipe. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
}

/** Whether lines that were written can be written over. */
export function isLive({ isTTY }: Output, { TERM }: NodeJS.ProcessEnv = process.env): boolean {
  return isTTY === true && TERM !== 'dumb';
}
