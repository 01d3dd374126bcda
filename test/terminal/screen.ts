import { Terminal } from '@xterm/headless';

/** A terminal without a window: what is written to it can be read from its screen. */
export class Screen {
  readonly isTTY = true;

  /** All that was written. */
  text = '';
  private readonly terminal: Terminal;
  private written: Promise<unknown> = Promise.resolve();

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.terminal = new Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true, scrollback: 1000 });
  }

  write(text: string): boolean {
    this.text += text;
    this.written = new Promise<void>((resolve) => this.terminal.write(text, resolve));
    return true;
  }

  /** The lines from the first one that was ever written, without empty ones at the end. */
  async lines(): Promise<string[]> {
    await this.written;
    const { active } = this.terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').replace(/\n+$/, '').split('\n');
  }

  /** Position of the cursor, from 0, and from the first line that was ever written. */
  async cursor(): Promise<{ column: number; row: number }> {
    await this.written;
    const { cursorX, cursorY, baseY } = this.terminal.buffer.active;
    return { column: cursorX, row: baseY + cursorY };
  }
}
