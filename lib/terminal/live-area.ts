import { columnsOf, type Output, rowsOf } from './output';

/** Lines of a terminal that are drawn again and again at the same place. */
export class LiveArea {
  private height = 0;

  private constructor(
    private readonly output: Output,
    private readonly cut: (line: string, columns: number) => string,
    private readonly show: { (text: string): void; clear(): void; done(): void },
  ) {}

  /** A live area at the cursor. What others write while it is drawn would stand in its midst. */
  static async at(output: Output): Promise<LiveArea> {
    // Modules of the new kind: import() is the way to them from CommonJS on every Node, before and after compilation.
    const [{ createLogUpdate }, { default: sliceAnsi }] = await Promise.all([import('log-update'), import('slice-ansi')]);
    return new LiveArea(output, (line, columns) => sliceAnsi(line, 0, columns), createLogUpdate(output as NodeJS.WritableStream));
  }

  /** Lines for which there is room. The last one belongs to the cursor. */
  get rows(): number {
    return Math.max(1, rowsOf(this.output) - 1);
  }

  /** Characters per line for which there is room. The last column stays free, since a full line wraps on some terminals. */
  get columns(): number {
    return Math.max(1, columnsOf(this.output) - 1);
  }

  /** Draws lines in place of those that were drawn before; what is too long is cut. */
  draw(lines: readonly string[]): void {
    // log-update draws the difference only, and may miss a line when there are more or fewer of them than before.
    if (lines.length !== this.height) {
      this.show.clear();
    }
    this.height = lines.length;
    // It also loses count of where the cursor is when the changed lines end with an empty one, so that none is empty.
    this.show(lines.map((line) => `${this.cut(line, this.columns) || ' '}\n`).join(''));
  }

  /** Draws no more: what was drawn last stays, and the cursor stands on the line below. */
  end(): void {
    this.height = 0;
    this.show.done();
  }
}
