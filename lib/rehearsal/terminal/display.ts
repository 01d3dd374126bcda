import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';

/** Shows how far a rehearsal is. */
export interface Display {
  /** A line about what is done before the first step, or after the last one. */
  say(line: string): void;
  begin(plan: RehearsalPlan, envoyVersion: string): void;
  update(progress: RehearsalProgress): void;

  /** Shows no more progress; the cursor stands on a new line. */
  end(): void;
}

/** Shows nothing. */
export const noDisplay: Display = { say() {}, begin() {}, update() {}, end() {} };
