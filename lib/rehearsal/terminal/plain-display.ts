import type { Output } from '../../terminal/output';
import { shareInWords } from '../../terminal/words';
import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';
import type { Display } from './display';
import { activityInWords, heading, requestsOf } from './progress-words';

/** One line when a step begins to stand still, and one when it is over. */
export class PlainDisplay implements Display {
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
    if (this.plan && progress.activity !== this.last?.activity && !['changing', 'holding'].includes(progress.activity)) {
      this.say(activityInWords(progress.activity, this.plan));
    }
    this.last = progress;
  }

  end(): void {}

  private finish({ step, sent, observed, failed, activity }: RehearsalProgress): void {
    const name = this.plan?.steps[step]?.name;
    if (activity === 'holding' || activity === 'changing') {
      const total = requestsOf({ observed, failed });
      const shares = Object.entries(observed).map(([slot, count]) => `${slot} ${shareInWords(count / total)}`);
      this.say(`step ${step} (${name}): ${shares.join(', ')}; ${sent} requests, ${failed} failed`);
    }
  }
}
