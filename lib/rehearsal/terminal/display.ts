import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../rehearsal';
import { numberInWords, shareInWords, timeInWords } from '../report/words';

/** Where a display writes to: a terminal, a file, a pipe. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Shows how far a rehearsal is. */
export interface Display {
  /** A line about what is done before the first step. */
  say(line: string): void;
  begin(plan: RehearsalPlan, envoyVersion: string): void;
  update(progress: RehearsalProgress): void;

  /** Shows no more; the cursor stands on a new line. */
  end(): void;
}

/** A display that fits where it writes to: live on a terminal, plain lines elsewhere. */
export function displayFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Display {
  return output.isTTY && environment.TERM !== 'dumb'
    ? new LiveDisplay(output, environment.NO_COLOR === undefined || environment.NO_COLOR === '')
    : new PlainDisplay(output);
}

/** Shows nothing. */
export const noDisplay: Display = { say() {}, begin() {}, update() {}, end() {} };

function heading(plan: RehearsalPlan, envoyVersion: string): string {
  const steps = plan.steps.length;
  return `rehearsing ${steps} steps on ${plan.plane} with Envoy ${envoyVersion}, ${plan.rate} requests per second`;
}

const activities: Readonly<Record<RehearsalProgress['activity'], string>> = {
  checking: 'Envoy checks the configuration of every step',
  starting: 'starting the apps and Envoy',
  changing: 'changing',
  holding: 'holding',
  counting: 'comparing the counts of client, Envoy and apps',
};

/** One line when a step begins to stand still, and one when it is over. */
class PlainDisplay implements Display {
  private plan: RehearsalPlan | undefined;
  private last: RehearsalProgress | undefined;

  constructor(private readonly output: Output) {}

  say(line: string): void {
    this.output.write(`${line}\n`);
  }

  begin(plan: RehearsalPlan, envoyVersion: string): void {
    this.plan = plan;
    this.say(heading(plan, envoyVersion));
  }

  update(progress: RehearsalProgress): void {
    if (this.last && (progress.step !== this.last.step || progress.activity === 'counting')) {
      this.finish(this.last);
    }
    if (progress.activity !== this.last?.activity && !['changing', 'holding'].includes(progress.activity)) {
      this.say(activities[progress.activity]);
    }
    this.last = progress;
  }

  end(): void {}

  private finish({ step, sent, observed, failed, activity }: RehearsalProgress): void {
    const name = this.plan?.steps[step]?.name;
    if (activity === 'holding' || activity === 'changing') {
      const total = requestsOf(observed, failed);
      const shares = Object.entries(observed).map(([slot, count]) => `${slot} ${shareInWords(count / total)}`);
      this.say(`step ${step} (${name}): ${shares.join(', ')}; ${sent} requests, ${failed} failed`);
    }
  }
}

const reset = '\x1b[0m';
const dim = '\x1b[2m';
const bold = '\x1b[1m';
const red = '\x1b[31m';

/** Colours of the slots, in their order. */
const slotColours = ['\x1b[34m', '\x1b[32m', '\x1b[35m', '\x1b[33m'];

function slotColour(index: number): string {
  return slotColours[index % slotColours.length] ?? '';
}

function requestsOf(observed: RehearsalProgress['observed'], failed: number): number {
  return Object.values(observed).reduce((sum, count) => sum + count, failed);
}

/** A picture of all steps that is drawn again and again at the same place. */
class LiveDisplay implements Display {
  private plan: RehearsalPlan | undefined;
  private heading = '';
  private readonly seen = new Map<number, RehearsalProgress>();
  private drawn = 0;

  constructor(
    private readonly output: Output,
    private readonly colours: boolean,
  ) {}

  say(line: string): void {
    this.output.write(`${line}\n`);
  }

  begin(plan: RehearsalPlan, envoyVersion: string): void {
    this.plan = plan;
    this.heading = heading(plan, envoyVersion);
  }

  update(progress: RehearsalProgress): void {
    this.seen.set(progress.step, progress);
    const lines = this.lines(progress);
    // To the first line, then each line anew and the rest of it cleared: no flicker. Long lines are cut, not wrapped.
    const up = this.drawn > 0 ? `\x1b[${this.drawn}A` : '\x1b[?25l';
    this.output.write(`${up}\x1b[?7l${lines.map((line) => `\r${line}\x1b[K\n`).join('')}\x1b[?7h`);
    this.drawn = lines.length;
  }

  end(): void {
    if (this.drawn > 0) {
      this.output.write('\x1b[?25h');
      this.drawn = 0;
    }
  }

  private lines(progress: RehearsalProgress): string[] {
    const { plan } = this;
    if (plan === undefined) {
      return [];
    }
    const columns = this.output.columns ?? 80;
    const names = Math.max(...plan.steps.map(({ name }) => name.length));
    const numbers = 15 + this.slots().reduce((sum, slot) => sum + slot.length + 8, 0) + 14;
    const bar = Math.max(8, Math.min(48, columns - names - numbers - 6));
    const steps = this.visible(progress.step).map((index) => {
      const name = plan.steps[index]?.name ?? '';
      const seen = this.seen.get(index);
      const over = index < progress.step || progress.activity === 'counting';
      const now = index === progress.step && !over;
      const mark = over ? '✓' : now ? '▸' : ' ';
      const label = `${mark} ${name.padEnd(names)}`;
      if (seen === undefined || (!over && !now) || ['checking', 'starting'].includes(progress.activity)) {
        return this.paint(dim, label);
      }
      const failures = seen.failed > 0 ? this.paint(red, `  ${numberInWords(seen.failed)} failed`) : '';
      const amount = over
        ? `${numberInWords(seen.sent)} requests`
        : `${numberInWords(seen.sent)} of ${numberInWords(plan.requestsPerStep)}`;
      return `${now ? this.paint(bold, label) : label}  ${this.bar(seen, bar)}  ${amount.padEnd(15)}${this.shares(seen)}${failures}`;
    });
    const { requests, failed, elapsedMs } = progress.total;
    const rate = elapsedMs > 500 ? `${Math.round((requests / elapsedMs) * 1000)} per second` : '';
    const totals = [
      `${numberInWords(requests)} requests`,
      failed > 0 ? this.paint(red, `${numberInWords(failed)} failed`) : '0 failed',
      ...(rate ? [rate] : []),
      timeInWords(Math.floor(elapsedMs / 100) * 100),
    ];
    const doing =
      progress.activity === 'changing' && progress.step > 0
        ? `changing to ${plan.steps[progress.step]?.name}`
        : progress.activity === 'holding' || progress.activity === 'changing'
          ? (plan.steps[progress.step]?.description ?? '')
          : activities[progress.activity];
    return [this.heading, '', ...steps, '', totals.join(this.paint(dim, ' · ')), this.paint(dim, doing.slice(0, columns - 1))];
  }

  // As many steps around the current one as a small terminal has room for.
  private visible(current: number): number[] {
    const count = this.plan?.steps.length ?? 0;
    const room = Math.max(1, Math.min(count, (this.output.rows ?? 24) - 6));
    const first = Math.max(0, Math.min(current - Math.floor(room / 2), count - room));
    return Array.from({ length: room }, (_, index) => first + index);
  }

  // Failed requests count too: a bar without them would look as if the weights were others.
  private bar({ observed, failed }: RehearsalProgress, width: number): string {
    const total = requestsOf(observed, failed);
    if (total === 0) {
      return ' '.repeat(width);
    }
    let end = 0;
    let drawn = 0;
    const part = (count: number, colour: string, pattern: string) => {
      end += count / total;
      const length = Math.round(end * width) - drawn;
      drawn += length;
      return this.paint(colour, pattern.repeat(length));
    };
    // Without colours, the pattern tells the slots apart.
    const slots = this.slots().map((slot, index) => part(observed[slot] ?? 0, slotColour(index), index % 2 === 0 ? '█' : '▒'));
    return [...slots, part(failed, red, '×')].join('');
  }

  private shares({ observed, failed }: RehearsalProgress): string {
    const total = requestsOf(observed, failed);
    const shares = this.slots().flatMap((slot, index) => {
      const count = observed[slot];
      return count === undefined ? [] : [this.paint(slotColour(index), `${slot} ${shareInWords(count / total)}`)];
    });
    return total === 0 ? '' : shares.join(' ');
  }

  private slots(): readonly string[] {
    return this.plan?.apps.map(({ slot }) => slot) ?? [];
  }

  private paint(colour: string, text: string): string {
    return this.colours ? `${colour}${text}${reset}` : text;
  }
}
