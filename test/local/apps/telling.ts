import path from 'node:path';

/** The shell command of the app that tells what it has. */
export const telling = `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(__dirname, 'telling-server.js'))}`;

/** What it tells. */
export interface Told {
  readonly pid: number;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Asks it, wherever it is. */
export async function told(url: string, ms = 0): Promise<Told> {
  return (await fetch(`${url}/?ms=${ms}`)).json() as Promise<Told>;
}
