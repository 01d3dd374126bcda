import { numberInWords, shareInWords, shortened, timeInWords } from '../../terminal/words';
import { escapeHtml } from './escape-html';
import type { RehearsalReport, StepReport } from './report';
import { failedOf, requestsOf, wasBusy } from './step-sums';
import { deployInWords, machineInWords } from './words';

interface Column {
  readonly header: string;
  readonly cell: (step: StepReport) => string;

  /** Classes of the cell and of its header. */
  readonly kind?: string;
  readonly isBad?: (step: StepReport) => boolean;
}

/** A longer label would push the numbers beside it away. */
const longestLabel = 16;

/** The steps of a report as a table; where there is no room for it, the page's style makes a block of each row. */
export function stepsTable(report: RehearsalReport): string {
  const columns = columnsOf(report);
  const head = columns.map(({ header, kind = '' }) => {
    const slot = report.slots.findIndex((each) => each.slot === header);
    const key = slot === -1 ? '' : `<span class="key slot${slot}"></span>`;
    return `<th scope="col" class="${kind}">${key}${escapeHtml(header)}</th>`;
  });
  const rows = report.steps.map((step, index) => {
    const cells = columns.map(({ header, cell, kind = '', isBad }) => {
      const classes = `${kind} ${isBad?.(step) ? 'bad' : ''}`.trim();
      return `<td class="${classes}" data-label="${escapeHtml(header)}">${cell(step)}</td>`;
    });
    return `<tr>${[`<td class="what">${nameCell(step, index)}</td>`, ...cells].join('\n')}</tr>`;
  });
  return `<table class="steps"><thead><tr><th scope="col">step</th>${head.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function columnsOf({ slots, steps, totals }: RehearsalReport): readonly Column[] {
  const preview = { header: 'preview', cell: previewCell, kind: 'right', isBad: previewFailed };
  const retried = { header: 'retried', cell: (step: StepReport) => numberInWords(step.retried.requests), kind: 'right' };
  return [
    { header: 'weights', cell: (step) => slots.map(({ slot }) => step.weights[slot] ?? 'off').join(' : '), kind: 'nowrap' },
    ...slots.map(({ slot }, index) => ({
      header: slot,
      cell: (step: StepReport) => shareCell(step, slot),
      kind: `share slot${index}`,
    })),
    { header: 'requests', cell: (step) => numberInWords(requestsOf(step)), kind: 'right' },
    { header: 'failed', cell: (step) => numberInWords(failedOf(step)), kind: 'right', isBad: (step) => failedOf(step) > 0 },
    ...(steps.some((step) => step.preview) ? [preview] : []),
    ...(totals.retried > 0 ? [retried] : []),
    {
      header: 'in force after',
      cell: ({ settleMs }) => (settleMs === null ? '' : timeInWords(settleMs)),
      kind: 'right',
    },
    { header: 'latency p50, p99', cell: latency, kind: 'right latency' },
  ];
}

function nameCell(step: StepReport, index: number): string {
  const busy = wasBusy(step.machine) ? `<br><span class="busy">${escapeHtml(machineInWords(step.machine))}</span>` : '';
  return `${mark(step)} <span class="small">${index}</span> <strong title="${escapeHtml(machineInWords(step.machine))}">${escapeHtml(step.name)}</strong><br><span class="small">${escapeHtml(step.description)}${changed(step, index)}</span>${busy}`;
}

// Of a step that could not be measured nothing is told: neither that it held, nor that it did not.
function mark({ problems, unmeasured }: StepReport): string {
  if (problems.length > 0) {
    return '<span class="no">✕</span>';
  }
  return unmeasured.length > 0 ? '<span class="busy">–</span>' : '<span class="ok">✓</span>';
}

function changed({ changedResources, deploy }: StepReport, index: number): string {
  if (deploy !== undefined) {
    return `; deployed in ${timeInWords(deploy.seconds * 1000)}: <span title="${escapeHtml(changedResources.join(', '))}">${deployInWords(deploy)}</span>`;
  }
  return index === 0 || changedResources.length === 0
    ? ''
    : `; <span title="${escapeHtml(changedResources.join(', '))}">the deploy changes ${changedResources.length} ${changedResources.length === 1 ? 'resource' : 'resources'}</span>`;
}

function shareCell(step: StepReport, slot: string): string {
  const observed = step.observedShare[slot];
  const expected = step.expectedShare[slot];
  const interval = step.interval[slot];
  if (observed === undefined || expected === undefined || interval === undefined) {
    return '<span class="small">off</span>';
  }
  const chance = expected > 0 && expected < 1;
  const bounds = `${percentNumber(interval.low)} to ${percentNumber(interval.high)} %`;
  return `<span class="nowrap">${shareInWords(observed)}</span><br><span class="small nowrap">${chance ? `expected ${shareInWords(expected)}</span><br><span class="small nowrap">${bounds}` : `exactly ${shareInWords(expected)}`}</span>`;
}

function previewCell({ preview }: StepReport): string {
  return preview
    ? `${numberInWords(preview.requests)}<br><span class="small">${numberInWords(preview.failed)} failed</span>`
    : '';
}

function previewFailed({ preview }: StepReport): boolean {
  return (preview?.failed ?? 0) > 0;
}

// With one line, it is clear whose it is: that of the only slot that answered.
function latency({ latencyMs }: StepReport): string {
  const slots = Object.entries(latencyMs);
  return slots
    .map(([slot, { p50, p99 }]) => {
      const name = slots.length > 1 ? `<span class="small">${escapeHtml(shortened(slot, longestLabel))}</span> ` : '';
      return `${name}<span class="nowrap">${timeInWords(p50)}, ${timeInWords(p99)}</span>`;
    })
    .join('<br>');
}

function percentNumber(share: number): string {
  return `${Math.round(share * 1000) / 10}`;
}
