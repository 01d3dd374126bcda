import type { LiveArea } from '../../terminal/live-area';
import type { Output } from '../../terminal/output';
import type { Colour, Paint } from '../../terminal/paint';
import { numberInWords, shareInWords, shortened, timeInWords } from '../../terminal/words';
import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';
import type { Display } from './display';
import { activityInWords, heading, requestsOf } from './progress-words';

/** Colours of the slots, in their order. */
const slotColours: readonly Colour[] = ['blue', 'green', 'magenta', 'yellow'];

function slotColour(index: number): Colour {
  return slotColours[index % slotColours.length] ?? 'blue';
}

/** The parts of a line about a step, in characters; a part that has no room has none. */
interface Widths {
  readonly name: number;
  readonly bar: number;
  readonly amount: number;
  readonly shares: number;
}

const gap = '  ';
const narrowestName = 4;
const usualName = 20;
const nameShare = 0.3;
const narrowestBar = 8;
const widestBar = 48;
const failuresWidth = 14;
const longestLabel = 16;

/** A picture of all steps that is drawn again and again at the same place. */
export class LiveDisplay implements Display {
  private plan: RehearsalPlan | undefined;
  private envoyVersion = '';
  private readonly seen = new Map<number, RehearsalProgress>();

  constructor(
    private readonly output: Output,
    private readonly area: LiveArea,
    private readonly paint: Paint,
  ) {}

  say(line: string): void {
    this.output.write(`${line}\n`);
  }

  begin(plan: RehearsalPlan, envoyVersion: string): void {
    this.plan = plan;
    this.envoyVersion = envoyVersion;
  }

  update(progress: RehearsalProgress): void {
    this.seen.set(progress.step, progress);
    if (this.plan) {
      this.area.draw(this.lines(this.plan, progress));
    }
  }

  end(): void {
    this.area.end();
  }

  private lines(plan: RehearsalPlan, progress: RehearsalProgress): string[] {
    const { rows, columns } = this.area;
    const widths = this.widths(plan, columns);
    const steps = (room: number) =>
      visible(plan.steps.length, progress.step, room).map((index) => this.stepLine(plan, progress, index, widths));
    const totals = this.totals(progress, columns);
    // On a terminal of a few lines, the steps and the sums are worth more than the words around them.
    if (rows < 6) {
      return rows === 1 ? [totals] : [...steps(rows - 1), totals];
    }
    return [heading(plan, this.envoyVersion, columns), '', ...steps(rows - 5), '', totals, this.doing(plan, progress, columns)];
  }

  // What is left out first when there is no room: the shares, which the bar shows too, then the amount.
  private widths(plan: RehearsalPlan, columns: number): Widths {
    const room = columns - 2 - 2 * gap.length - narrowestBar - failuresWidth;
    const longest = Math.max(...plan.steps.map((step) => step.name.length));
    const name = Math.min(longest, Math.max(usualName, Math.floor(columns * nameShare)), Math.max(narrowestName, room));
    const shares = plan.apps.reduce((sum, { slot }) => sum + Math.min(slot.length, longestLabel) + 8, 0);
    const left = room - name;
    const most = numberInWords(plan.requestsPerStep);
    const asked = Math.max(`${most} of ${most}`.length, `${most} requests`.length) + gap.length;
    const amount = left >= asked ? asked : 0;
    const wide = left - amount >= shares;
    const bar = Math.min(widestBar, narrowestBar + left - amount - (wide ? shares : 0));
    return { name, amount, shares: wide ? shares : 0, bar: Math.max(narrowestBar, bar) };
  }

  private stepLine(plan: RehearsalPlan, progress: RehearsalProgress, index: number, widths: Widths): string {
    const seen = this.seen.get(index);
    const over = index < progress.step || progress.activity === 'counting';
    const now = index === progress.step && !over;
    const label = `${over ? '✓' : now ? '▸' : ' '} ${shortened(plan.steps[index]?.name ?? '', widths.name).padEnd(widths.name)}`;
    if (seen === undefined || (!over && !now) || ['checking', 'starting'].includes(progress.activity)) {
      return this.paint('dim', label);
    }
    const sent = numberInWords(seen.sent);
    const amount = over ? `${sent} requests` : `${sent} of ${numberInWords(plan.requestsPerStep)}`;
    return [
      now ? this.paint('bold', label) : label,
      gap,
      this.bar(plan, seen, widths.bar),
      gap,
      widths.amount > 0 ? amount.padEnd(widths.amount) : '',
      widths.shares > 0 ? this.shares(plan, seen) : '',
      seen.failed > 0 ? `${widths.amount > 0 ? gap : ''}${this.paint('red', `${numberInWords(seen.failed)} failed`)}` : '',
    ].join('');
  }

  private totals({ total: { requests, failed, elapsedMs } }: RehearsalProgress, columns: number): string {
    const rate = elapsedMs > 500 ? [`${Math.round((requests / elapsedMs) * 1000)} per second`] : [];
    const time = timeInWords(Math.floor(elapsedMs / 100) * 100);
    const failures = `${numberInWords(failed)} failed`;
    const words = (others: readonly string[]) => [`${numberInWords(requests)} requests`, failures, ...others, time];
    const fitting = [words(rate), words([])].find((each) => each.join(' · ').length <= columns) ?? words([]);
    return fitting
      .map((each) => (each === failures && failed > 0 ? this.paint('red', each) : each))
      .join(this.paint('dim', ' · '));
  }

  private doing(plan: RehearsalPlan, { activity, step }: RehearsalProgress, columns: number): string {
    const planned = plan.steps[step];
    const words =
      activity === 'changing' && step > 0
        ? `${activityInWords(activity, plan)} ${planned?.name}`
        : activity === 'holding' || activity === 'changing'
          ? (planned?.description ?? '')
          : activityInWords(activity, plan);
    return this.paint('dim', cut(words, columns));
  }

  // Failed requests count too: a bar without them would look as if the weights were others.
  private bar({ apps }: RehearsalPlan, seen: RehearsalProgress, width: number): string {
    const total = requestsOf(seen);
    if (total === 0) {
      return ' '.repeat(width);
    }
    let end = 0;
    let drawn = 0;
    const part = (count: number, colour: Colour, pattern: string) => {
      end += count / total;
      const length = Math.round(end * width) - drawn;
      drawn += length;
      return length === 0 ? '' : this.paint(colour, pattern.repeat(length));
    };
    // Without colours, the pattern tells the slots apart.
    const slots = apps.map(({ slot }, index) => part(seen.observed[slot] ?? 0, slotColour(index), index % 2 === 0 ? '█' : '▒'));
    return [...slots, part(seen.failed, 'red', '×')].join('');
  }

  private shares({ apps }: RehearsalPlan, { observed, failed }: RehearsalProgress): string {
    const total = requestsOf({ observed, failed });
    const shares = apps.flatMap(({ slot }, index) => {
      const count = observed[slot];
      return count === undefined
        ? []
        : [this.paint(slotColour(index), `${shortened(slot, longestLabel)} ${shareInWords(count / total)}`)];
    });
    return total === 0 ? '' : shares.join(' ');
  }
}

// As many steps around the current one as there is room for.
function visible(count: number, current: number, room: number): number[] {
  const shown = Math.max(1, Math.min(count, room));
  const first = Math.max(0, Math.min(current - Math.floor(shown / 2), count - shown));
  return Array.from({ length: shown }, (_, index) => first + index);
}

// A sentence is cut at its end.
function cut(words: string, columns: number): string {
  return words.length <= columns ? words : `${words.slice(0, columns - 1)}…`;
}
