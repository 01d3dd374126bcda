import { LiveArea } from '../../terminal/live-area';
import { isLive, type Output } from '../../terminal/output';
import { type Colour, type Paint, paintFor } from '../../terminal/paint';
import { wrapped } from '../../terminal/wrapped';
import { mendLines } from '../screen/parts';
import type { Check } from './check';

/** Shows what a step waits for. */
export interface GateDisplay {
  /** Shows how the checks before a step stand now. */
  update(title: string, checks: readonly Check[]): void;

  /** What was shown last stays. */
  end(): void;
}

const marks: Readonly<Record<Check['verdict'], readonly [mark: string, colour: Colour]>> = {
  pass: ['✓', 'green'],
  fail: ['✗', 'red'],
  inconclusive: ['◷', 'yellow'],
};

/** Drawn again and again on a terminal; elsewhere one line for each check whose verdict is another one than before. */
export async function gateDisplay(output: Output, environment: NodeJS.ProcessEnv): Promise<GateDisplay> {
  const paint = paintFor(output, environment);
  return isLive(output, environment) ? new DrawnGate(await LiveArea.at(output), paint) : new WrittenGate(output, paint);
}

/** A check in lines for which there is room. */
export function checkInLines({ verdict, sentence, mend }: Check, paint: Paint, room?: number): readonly string[] {
  const [mark, colour] = marks[verdict];
  const [first = '', ...others] = wrapped(sentence, room === undefined ? undefined : Math.max(1, room - 4));
  return [
    `  ${paint(colour, mark)} ${first}`,
    ...others.map((line) => `    ${line}`),
    ...mendLines(mend, { room: room ?? Number.POSITIVE_INFINITY, paint }),
  ];
}

function titleInLines(title: string, paint: Paint, room?: number): readonly string[] {
  return wrapped(title, room, '  ').map((line) => paint('bold', line));
}

class DrawnGate implements GateDisplay {
  constructor(
    private readonly area: LiveArea,
    private readonly paint: Paint,
  ) {}

  update(title: string, checks: readonly Check[]): void {
    const { columns, rows } = this.area;
    const inLines = (shown: readonly Check[]) => [
      ...titleInLines(title, this.paint, columns),
      ...shown.flatMap((check) => checkInLines(check, this.paint, columns)),
    ];
    const lines = inLines(checks);
    // On a low terminal, what it waits for counts most.
    const fewer = () => inLines(checks.filter(({ verdict }) => verdict !== 'pass'));
    this.area.draw((lines.length <= rows ? lines : fewer()).slice(0, rows));
  }

  end(): void {
    this.area.end();
  }
}

class WrittenGate implements GateDisplay {
  private readonly shown = new Map<string, Check['verdict']>();
  private title = '';

  constructor(
    private readonly output: Output,
    private readonly paint: Paint,
  ) {}

  update(title: string, checks: readonly Check[]): void {
    if (this.title !== title) {
      this.title = title;
      this.shown.clear();
      this.output.write(`${titleInLines(title, this.paint).join('\n')}\n`);
    }
    for (const check of checks) {
      if (this.shown.get(check.name) !== check.verdict) {
        this.shown.set(check.name, check.verdict);
        this.output.write(`${checkInLines(check, this.paint).join('\n')}\n`);
      }
    }
  }

  end(): void {}
}
