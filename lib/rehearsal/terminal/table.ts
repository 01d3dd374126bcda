import { numberInWords, shareInWords, shortened, timeInWords } from '../../terminal/words';
import { wrapped } from '../../terminal/wrapped';
import type { RehearsalReport, StepReport } from '../report/report';
import { failedOf, requestsOf } from '../report/step-sums';
import { deployInWords, faultInWords, smallShare } from '../report/words';

interface Column {
  readonly header: string;
  readonly cell: (step: StepReport) => string;
  readonly right?: boolean;

  /** What may go when there is no room; the highest number goes first. */
  readonly optional?: number;
}

const gap = '  ';

/** Labels longer than this would take the room of the numbers below them. */
const longestLabel = 16;

/** What the names of the steps may take when there is not room for all: so many characters, or this part of a line. */
const narrowestName = 14;
const nameShare = 0.3;

/**
 * The steps of a report as a table, one line each.
 *
 * @param room characters per line; where the table does not fit, it leaves columns out and shortens the names of the steps
 */
export function stepTable(report: RehearsalReport, room = Number.POSITIVE_INFINITY): string {
  const columns = columnsOf(report);
  const names = Math.max(...report.steps.map(({ name }) => name.length), 'step'.length);
  const short = Math.min(names, Math.max(narrowestName, Math.floor(room * nameShare)));
  const most = Math.max(...columns.map(({ optional = 0 }) => optional));
  for (let kept = most; ; kept -= 1) {
    const shown = columns.filter(({ optional = 0 }) => optional <= kept);
    const others = widthOf(shown, report.steps);
    if (kept === 0 || others + short <= room) {
      const left = Math.max(1, Math.min(names, room - others));
      return aligned([{ header: 'step', cell: ({ name }) => shortened(name, left) }, ...shown], report.steps);
    }
  }
}

// Apart from the names of the steps.
function columnsOf(report: RehearsalReport): readonly Column[] {
  const slots = report.slots.map(({ slot }) => slot);
  const labels = slots.map((slot) => shortened(slot, longestLabel));
  const last = slots.at(-1) ?? '';
  const preview: Column = {
    header: 'preview',
    cell: (step) => (step.preview ? `${step.preview.requests}, ${step.preview.failed} failed` : ''),
    optional: 7,
  };
  const deployed: readonly Column[] = [
    { header: 'deploy', cell: ({ deploy }) => (deploy ? timeInWords(deploy.seconds * 1000) : ''), right: true, optional: 4 },
    { header: 'changes', cell: ({ deploy }) => (deploy ? deployInWords(deploy) : ''), optional: 8 },
  ];
  return [
    {
      header: `weights (${labels.join(' : ')})`,
      cell: ({ weights }) => ratio(slots, (slot) => weights[slot]?.toString()),
      optional: 6,
    },
    { header: 'expected', cell: ({ expectedShare }) => ratio(slots, (slot) => percent(expectedShare[slot])), optional: 3 },
    { header: 'observed', cell: ({ observedShare }) => ratio(slots, (slot) => percent(observedShare[slot])), optional: 1 },
    { header: `interval of ${labels.at(-1)}`, cell: (step) => interval(step, last), optional: 5 },
    { header: 'requests', cell: (step) => numberInWords(requestsOf(step)), right: true, optional: 2 },
    { header: 'failed', cell: (step) => numberInWords(failedOf(step)), right: true },
    { header: 'settled', cell: ({ settleMs }) => (settleMs === null ? '' : timeInWords(settleMs)), right: true, optional: 4 },
    ...(report.steps.some((step) => step.preview) ? [preview] : []),
    ...(report.steps.some((step) => step.deploy) ? deployed : []),
  ];
}

/**
 * What a rehearsal found, in a few lines: first the verdict.
 *
 * @param room characters per line; longer sentences go on in the next line
 */
export function summary(report: RehearsalReport, room = Number.POSITIVE_INFINITY): string {
  const { totals, fault } = report;
  const counted = report.slots.every(({ counts }) => counts) ? 'client, Envoy and apps' : 'client and Envoy';
  const lines = [
    `${report.verdict}: ${report.steps.length} steps, ${numberInWords(totals.requests)} requests, ` +
      `${numberInWords(totals.failed)} failed, ${timeInWords(totals.durationMs)}`,
    ...listed(report.verdict === 'not measured' ? report.unmeasured : []),
  ];
  if (totals.failureRateBelow !== null && report.verdict !== 'not measured') {
    lines.push(`no failure among so many: at 95 % confidence fewer than ${smallShare(totals.failureRateBelow)} of requests fail`);
  }
  if (fault) {
    lines.push(`fault: ${fault.slot} ${fault.description}; ${faultInWords(fault).join('; ')}`);
  }
  const deploys = report.steps.flatMap(({ deploy }) => deploy ?? []);
  if (deploys.length > 0) {
    const seconds = deploys.reduce((sum, deploy) => sum + deploy.seconds, 0);
    lines.push(`${deploys.length} deploys with the cdk command line, ${timeInWords(seconds * 1000)} together`);
  }
  if (report.counts.every(({ agree }) => agree)) {
    lines.push(`${counted} counted the same`);
  }
  const causes = report.verdict === 'not measured' ? [] : report.unmeasured;
  lines.push(...listed([...report.problems, ...causes, ...report.remarks]));
  // Further lines of a sentence stand below its words and not below its dash.
  return lines.flatMap((line) => wrapped(line, room, line.startsWith('- ') ? '  ' : '')).join('\n');
}

function listed(sentences: readonly string[]): readonly string[] {
  return sentences.map((sentence) => `- ${sentence}`);
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

// With the gap before each column.
function widthOf(columns: readonly Column[], steps: readonly StepReport[]): number {
  return columns.reduce((sum, column) => sum + gap.length + Math.max(...cellsOf(column, steps).map(({ length }) => length)), 0);
}

function cellsOf({ header, cell }: Column, steps: readonly StepReport[]): readonly string[] {
  return [header, ...steps.map(cell)];
}

function aligned(columns: readonly Column[], steps: readonly StepReport[]): string {
  const padded = columns.map((column) => {
    const cells = cellsOf(column, steps);
    const width = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => (column.right ? cell.padStart(width) : cell.padEnd(width)));
  });
  return [undefined, ...steps]
    .map((_, row) =>
      padded
        .map((cells) => cells[row])
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}
