import path from 'node:path';

/** The shell command of the app that tells what it has. */
export const telling = `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(__dirname, 'telling-server.js'))}`;

/** What it tells. */
export interface Told {
  /** Whether it was asked at all. */
  readonly ok: boolean;
  readonly pid: number;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Asks it, wherever it is. It answers after some milliseconds. */
export async function told(url: string, ms = 0): Promise<Told> {
  const response = await fetch(`${url}/?ms=${ms}`);
  const text = await response.text();
  return response.ok ? { ok: true, ...JSON.parse(text) } : { ok: false, pid: 0, words: [], environment: {} };
}
