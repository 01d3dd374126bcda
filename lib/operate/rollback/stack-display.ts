import { LiveArea } from '../../terminal/live-area';
import { isLive } from '../../terminal/output';
import { timeInWords } from '../../terminal/words';
import type { OperateTerminal } from '../operate-terminal';

const redrawMs = 500;

/** Shows how CloudFormation goes on: a line that is drawn again and again, or one per change where nothing can be drawn over. */
export class StackDisplay {
  static async on({ err, environment }: Pick<OperateTerminal, 'err' | 'environment'>): Promise<StackDisplay> {
    return new StackDisplay(err, isLive(err, environment) ? await LiveArea.at(err) : undefined);
  }

  private readonly begun = performance.now();
  private readonly redrawing: NodeJS.Timeout | undefined;
  private status = '';

  private constructor(
    private readonly output: OperateTerminal['err'],
    private readonly area: LiveArea | undefined,
  ) {
    this.redrawing = area && setInterval(() => this.draw(), redrawMs);
  }

  /** Shows a status of the stack. */
  show(status: string): void {
    this.status = status;
    if (this.area) {
      this.draw();
    } else {
      this.output.write(`  … ${status}\n`);
    }
  }

  /** What was drawn last stays. */
  end(): void {
    clearInterval(this.redrawing);
    this.draw();
    this.area?.end();
  }

  private draw(): void {
    if (this.status !== '') {
      this.area?.draw([`  … ${this.status}  ${timeInWords(performance.now() - this.begun)}`]);
    }
  }
}
