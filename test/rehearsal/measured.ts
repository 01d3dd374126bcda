import type { RehearsalPlan } from '../../lib/rehearsal/plan';
import { type RehearsalOptions, rehearse } from '../../lib/rehearsal/rehearsal';
import { NotMeasuredError } from '../../lib/rehearsal/rehearsal-error';
import type { RehearsalReport } from '../../lib/rehearsal/report/report';

/** So often a machine may be too busy. */
const attempts = 5;

/**
 * Rehearses, and where the machine was too busy to measure, does what the verdict says: lowers the rate, raises the time-out, and tries
 * again. What held or did not hold is never tried again.
 */
export async function measured(plan: RehearsalPlan, options: RehearsalOptions): Promise<RehearsalReport> {
  for (let attempt = 1; ; attempt += 1) {
    const gentler = { ...plan, rate: Math.ceil(plan.rate / attempt), timeoutMs: plan.timeoutMs * attempt };
    const report = await rehearse(gentler, options).catch((error) => {
      if (attempt === attempts || !(error instanceof NotMeasuredError)) {
        throw error;
      }
      return undefined;
    });
    if (report !== undefined && (attempt === attempts || report.verdict !== 'not measured')) {
      return report;
    }
  }
}
