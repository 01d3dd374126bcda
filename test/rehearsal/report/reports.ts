import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultReport, RehearsalReport, StepReport } from '../../../lib/rehearsal/report/report';

/** The report of a default rehearsal, as it was written once. */
export const report = JSON.parse(readFileSync(join(__dirname, 'report.json'), 'utf8')) as RehearsalReport;

/** The same with one step that is different in some ways. */
export function withStep(index: number, change: Partial<StepReport>): RehearsalReport {
  return { ...report, steps: report.steps.map((step, each) => (each === index ? { ...step, ...change } : step)) };
}

/** The same with what each deploy did. */
export const deployed: RehearsalReport = {
  ...report,
  steps: report.steps.map((step, index) => ({
    ...step,
    deploy:
      index === 0
        ? { created: 60, updated: 0, deleted: 0, replaced: 0, seconds: 30 }
        : { created: 0, updated: 2, deleted: index === 4 ? 7 : 0, replaced: index === 3 ? 1 : 0, seconds: 12.34 },
  })),
};

/** What was noted of a fault of green that going back ended at once. */
export const fault: FaultReport = {
  slot: 'green',
  name: 'crash',
  description: 'is killed, and not started again',
  step: '50/50',
  beganMs: 2000,
  bit: true,
  failed: 1234,
  hiddenByRetries: 56,
  wayOut: 'back',
  leftAtMs: 3000,
  recoveryMs: 0,
};

const cause = '18 requests had no answer in time, while the client came up to 340 ms too late to do its own work';

/** A run on a machine that was too busy. */
export const unmeasured: RehearsalReport = {
  ...withStep(2, { failed: 18, machine: { busy: 0.97, lateMs: 340 }, unmeasured: [cause] }),
  verdict: 'not measured',
  unmeasured: [`50/50: ${cause}`, 'let less run beside it, and try again'],
  remarks: ['3 requests came from somebody else'],
};

/** A canary of so many steps, each as long as the others. */
export function ladder(count: number): RehearsalReport {
  const [from] = report.steps;
  const split = report.steps[2];
  if (from === undefined || split === undefined) {
    throw new Error('expected a report with a step that splits');
  }
  const length = report.totals.durationMs / count;
  const steps = Array.from({ length: count }, (_, index) => {
    const at = { begin: index * length, routesMoved: index * length, hold: index * length, end: (index + 1) * length };
    return index === 0 ? { ...from, at } : { ...split, name: `${100 - index}/${index}`, at };
  });
  return { ...report, steps };
}

/** A report in which each slot has a label of 60 characters, the longest that reads well nowhere. */
export function withLongLabels(report: RehearsalReport): RehearsalReport {
  const long = (label: string) => `checkout-${'0123456789'.repeat(5)}`.slice(0, 59 - label.length).concat('-', label);
  return JSON.parse(JSON.stringify(report).replace(/\b(blue|green)\b/g, (label) => long(label)));
}
