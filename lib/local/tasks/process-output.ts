import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** As much as this is kept, in characters. */
const keptLength = 20_000;

/** How long what a process wrote may take to arrive after it has ended, in milliseconds, if another one holds its pipe open. */
const drainPatienceMs = 1000;

/** The last words of a process. */
export class ProcessOutput {
  private text = '';
  private readonly closed: Promise<unknown>;

  /** @param streams where it says them; without any: on both outputs */
  constructor(
    child: ChildProcess,
    private readonly streams: readonly Readable[] = [child.stdout, child.stderr].filter((stream) => stream !== null),
  ) {
    for (const stream of this.streams) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        this.text = (this.text + chunk).slice(-keptLength);
      });
    }
    this.closed = new Promise((resolve) => child.once('close', resolve));
  }

  /** Waits until all has arrived that a process wrote before it ended. */
  async complete(): Promise<void> {
    const patience = new AbortController();
    const tooLong = wait(drainPatienceMs, undefined, { signal: patience.signal, ref: false }).catch(() => {});
    await Promise.race([this.closed, tooLong]);
    patience.abort();
  }

  /** The last lines that are not empty. */
  lastLines(count: number): readonly string[] {
    const lines = this.text.split('\n').map((line) => line.trimEnd());
    return lines.filter((line) => line !== '').slice(-count);
  }

  /**
   * Its last lines as the end of a sentence; nothing when it said nothing.
   *
   * @param write how a line is written
   */
  said(count: number, write = (line: string) => line): string {
    const lines = this.lastLines(count).map(write);
    if (lines.length < 2) {
      return lines.map((line) => `; it said: ${line}`).join('');
    }
    return ['; it said:', ...lines.map((line) => `  ${line}`)].join('\n');
  }

  /** Reads no further: who holds the other end of the pipe would keep this process from ending. */
  close(): void {
    for (const stream of this.streams) {
      stream.destroy();
    }
  }
}
