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

/** How many characters a line of a terminal takes. */
export function columnsOf({ columns }: Output): number {
  return known(columns, 80);
}

/** How many lines a terminal has. */
export function rowsOf({ rows }: Output): number {
  return known(rows, 24);
}

// A terminal that does not know its size says 0.
function known(size: number | undefined, usual: number): number {
  return size === undefined || size === 0 ? usual : size;
}
