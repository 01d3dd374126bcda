import type { RehearsalReport, StepReport } from '../report/report';
import { failedOf, requestsOf } from '../report/step-sums';
import { numberInWords, recovery, shareInWords, smallShare, timeInWords } from '../report/words';

interface Column {
  readonly header: string;
  readonly cell: (step: StepReport) => string;
  readonly right?: boolean;

  /** What may go when there is no room; the highest number goes first. */
  readonly optional?: number;
}

/**
 * The steps of a report as a table, one line each.
 *
 * @param room characters per line; where the table does not fit, it leaves columns out
 */
export function stepTable(report: RehearsalReport, room = Number.POSITIVE_INFINITY): string {
  const slots = report.slots.map(({ slot }) => slot);
  const last = slots.at(-1) ?? '';
  const columns: readonly Column[] = [
    { header: 'step', cell: ({ name }) => name },
    {
      header: `weights (${slots.join(' : ')})`,
      cell: ({ weights }) => ratio(slots, (slot) => weights[slot]?.toString()),
      optional: 5,
    },
    { header: 'expected', cell: ({ expectedShare }) => ratio(slots, (slot) => percent(expectedShare[slot])), optional: 2 },
    { header: 'observed', cell: ({ observedShare }) => ratio(slots, (slot) => percent(observedShare[slot])) },
    { header: `interval of ${last}`, cell: (step) => interval(step, last), optional: 4 },
    { header: 'requests', cell: (step) => numberInWords(requestsOf(step)), right: true, optional: 1 },
    { header: 'failed', cell: (step) => numberInWords(failedOf(step)), right: true },
    { header: 'settled', cell: ({ settleMs }) => (settleMs === null ? '' : timeInWords(settleMs)), right: true, optional: 3 },
  ];
  const most = Math.max(...columns.map(({ optional = 0 }) => optional));
  for (let kept = most; ; kept -= 1) {
    const table = aligned(
      columns.filter(({ optional = 0 }) => optional <= kept),
      report.steps,
    );
    if (kept === 0 || table.split('\n').every((line) => line.length <= room)) {
      return table;
    }
  }
}

/** What a rehearsal found, in a few lines. */
export function summary(report: RehearsalReport): string {
  const { totals, fault } = report;
  const counted = report.slots.every(({ counts }) => counts) ? 'client, Envoy and apps' : 'client and Envoy';
  const lines = [
    `${report.verdict}: ${report.steps.length} steps, ${numberInWords(totals.requests)} requests, ` +
      `${numberInWords(totals.failed)} failed, ${timeInWords(totals.durationMs)}`,
  ];
  if (totals.failureRateBelow !== null) {
    lines.push(`no failure among so many: at 95 % confidence fewer than ${smallShare(totals.failureRateBelow)} of requests fail`);
  }
  if (fault) {
    lines.push(
      `fault: ${fault.slot} ${fault.description}; users saw ${numberInWords(fault.failed)} failures, retries hid ${numberInWords(fault.hiddenByRetries)}` +
        `; ${recovery(fault)}`,
    );
  }
  if (report.counts.every(({ agree }) => agree)) {
    lines.push(`${counted} counted the same`);
  }
  lines.push(...[...report.unmeasured, ...report.problems, ...report.remarks].map((sentence) => `- ${sentence}`));
  return lines.join('\n');
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

function aligned(columns: readonly Column[], steps: readonly StepReport[]): string {
  const rows = [columns.map(({ header }) => header), ...steps.map((step) => columns.map(({ cell }) => cell(step)))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (columns[column]?.right ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
