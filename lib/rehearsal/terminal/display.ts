import { LiveArea } from '../../terminal/live-area';
import { isLive, type Output } from '../../terminal/output';
import { paintFor } from '../../terminal/paint';
import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../rehearsal';
import { LiveDisplay } from './live-display';
import { PlainDisplay } from './plain-display';

/** Shows how far a rehearsal is. */
export interface Display {
  /** A line about what is done before the first step, or after the last one. */
  say(line: string): void;
  begin(plan: RehearsalPlan, envoyVersion: string): void;
  update(progress: RehearsalProgress): void;

  /** Shows no more progress; the cursor stands on a new line. */
  end(): void;
}

/** A display that fits where it writes to: live on a terminal, plain lines elsewhere. */
export async function displayFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Promise<Display> {
  return isLive(output, environment)
    ? new LiveDisplay(output, await LiveArea.at(output), paintFor(output, environment))
    : new PlainDisplay(output);
}

/** Shows nothing. */
export const noDisplay: Display = { say() {}, begin() {}, update() {}, end() {} };
