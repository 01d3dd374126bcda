import type { RehearsalReport, StepReport } from '../report/report';
import { numberInWords, shareInWords, timeInWords } from '../report/words';

/** The steps of a report as a table, one line each. */
export function stepTable(report: RehearsalReport): string {
  const slots = report.slots.map(({ slot }) => slot);
  const last = slots.at(-1) ?? '';
  const header = [
    'step',
    `weights (${slots.join(' : ')})`,
    'expected',
    'observed',
    `interval of ${last}`,
    'requests',
    'failed',
    'in force after',
  ];
  const rows = report.steps.map((step) => [
    step.name,
    ratio(slots, (slot) => step.weights[slot]?.toString()),
    ratio(slots, (slot) => percent(step.expectedShare[slot])),
    ratio(slots, (slot) => percent(step.observedShare[slot])),
    interval(step, last),
    numberInWords(requestsOf(step)),
    numberInWords(failedOf(step)),
    step.settleMs === null ? '' : timeInWords(step.settleMs),
  ]);
  const right = [false, false, false, false, false, true, true, true];
  return aligned([header, ...rows], right);
}

/** All requests of a step: during its change, while its split stood still, and by the preview header. */
export function requestsOf({ requests, change, preview }: StepReport): number {
  return requests + change.requests + (preview?.requests ?? 0);
}

/** All failed requests of a step. */
export function failedOf({ failed, change, preview }: StepReport): number {
  return failed + change.failed + (preview?.failed ?? 0);
}

/** What a rehearsal found, in a few lines. */
export function summary(report: RehearsalReport): string {
  const { totals, fault } = report;
  const counted = report.slots.every(({ counts }) => counts) ? 'client, Envoy and apps' : 'client and Envoy';
  const lines = [
    `${report.held ? 'held' : 'did not hold'}: ${report.steps.length} steps, ${numberInWords(totals.requests)} requests, ` +
      `${numberInWords(totals.failed)} failed, ${timeInWords(totals.durationMs)}`,
  ];
  if (totals.failureRateBelow !== null) {
    lines.push(`no failure among so many: at 95 % confidence fewer than ${smallShare(totals.failureRateBelow)} of requests fail`);
  }
  if (fault) {
    lines.push(
      `fault: ${fault.slot} ${fault.description}; users saw ${numberInWords(fault.failed)} failures, retries hid ${numberInWords(fault.hiddenByRetries)}` +
        (fault.recoveryMs === null ? '' : `; ${recovery(fault.recoveryMs)}`),
    );
  }
  if (report.counts.every(({ agree }) => agree)) {
    lines.push(`${counted} counted the same`);
  }
  lines.push(...report.problems.map((problem) => `- ${problem}`));
  return lines.join('\n');
}

/** How long going back took until nobody saw a failure any more. */
export function recovery(milliseconds: number): string {
  return milliseconds === 0
    ? 'going back ended the failures at once: no request sent after the routes had moved failed'
    : `going back ended the failures after ${timeInWords(milliseconds)}`;
}

/** A share so small that it needs more digits, such as `0.023 %`. */
export function smallShare(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

function interval(step: StepReport, slot: string): string {
  const bounds = step.interval[slot];
  return bounds === undefined ? '' : `${number(bounds.low)} to ${number(bounds.high)} %`;
}

function ratio(slots: readonly string[], value: (slot: string) => string | undefined): string {
  return slots.map((slot) => value(slot) ?? 'off').join(' : ');
}

function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : shareInWords(share);
}

function number(share: number): string {
  return `${Math.round(share * 1000) / 10}`;
}

function aligned(rows: readonly (readonly string[])[], right: readonly boolean[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
