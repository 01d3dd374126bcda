import { numberInWords, shareInWords, shortened } from '../../terminal/words';
import { chartTimeline, type StepSpan, shareParts, stepSpans, type TimelinePart, timelineParts } from './chart-timeline';
import { escapeHtml } from './escape-html';
import type { RehearsalReport } from './report';
import { machineInWords } from './words';

/** Size of the picture in its own units, and where the two plots lie in it. */
const width = 1040;
const height = 412;
const left = 52;
const right = 12;
const shares = { top: 58, bottom: 300 };
const failures = { top: 334, bottom: 380 };

/** About the width of a bold letter, as a part of its size. */
const letterWidth = 0.65;

/** A name that is cut to fewer letters says less than the number of its step. */
const fewestLetters = 4;

/** What the page's script needs to show the numbers under the pointer. */
export interface ChartData {
  readonly width: number;
  readonly left: number;
  readonly plotWidth: number;
  readonly durationMs: number;
  readonly binMs: number;
  readonly slots: readonly string[];
  readonly ok: readonly (readonly number[])[];
  readonly failed: readonly number[];
  readonly steps: readonly { readonly name: string; readonly beginMs: number }[];
}

/** The share of each slot over time as a picture, the steps marked, and the failures below. */
export function chart(report: RehearsalReport): { svg: string; data: ChartData } {
  const timeline = chartTimeline(report);
  const plotWidth = width - left - right;
  const x = (milliseconds: number) => left + (Math.min(milliseconds, timeline.durationMs) / timeline.durationMs) * plotWidth;
  const bands = stepSpans(report, timeline.durationMs);
  const parts = timelineParts(timeline, bands);

  const svg = [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(description(report))}" id="chart">`,
    ...bands.map(({ index, from, to }) =>
      index % 2 === 0
        ? ''
        : `<rect class="band" x="${n(x(from))}" y="${shares.top - 40}" width="${n(x(to) - x(from))}" height="${failures.bottom - shares.top + 40}"/>`,
    ),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${n(shareY(share))}" y2="${n(shareY(share))}"/>` +
        `<text class="tick" x="${left - 8}" y="${n(shareY(share) + 4)}" text-anchor="end">${share * 100} %</text>`,
    ),
    ...areas(shareParts(parts, timeline), timeline.slots, x),
    ...bands.flatMap((band) => expectations(band, x, timeline.slots)),
    ...bands.map((band) => bandLabel(band, x, report)),
    ...failureBars(parts, Math.max(0, ...timeline.failed), x),
    ...ticks(timeline.durationMs, x),
    `<line class="crosshair" id="crosshair" y1="${shares.top}" y2="${failures.bottom}" x1="0" x2="0" visibility="hidden"/>`,
    '</svg>',
  ].join('\n');

  return {
    svg,
    data: {
      width,
      left,
      plotWidth,
      durationMs: timeline.durationMs,
      binMs: timeline.binMs,
      slots: timeline.slots,
      ok: timeline.ok,
      failed: timeline.failed,
      steps: bands.map(({ step, from }) => ({ name: step.name, beginMs: from })),
    },
  };
}

// The last slot at the bottom: the new version rises from there. Failed requests lie on it.
function areas(parts: readonly TimelinePart[], slots: readonly string[], x: (ms: number) => number): string[] {
  const slotAreas = slots
    .map((slot, index) => ({ kind: `slot${index}`, slot, counts: parts.map(({ ok }) => ok[index] ?? 0) }))
    .reverse();
  const stack = [
    ...slotAreas.slice(0, 1),
    { kind: 'failures', slot: '', counts: parts.map(({ failed }) => failed) },
    ...slotAreas.slice(1),
  ];
  let below = parts.map(() => 0);
  return stack.map(({ kind, slot, counts }) => {
    const above = below.map((base, part) => {
      const sum = stack.reduce((total, each) => total + (each.counts[part] ?? 0), 0);
      return sum === 0 ? base : base + (counts[part] ?? 0) / sum;
    });
    const edge = (levels: readonly number[]) =>
      parts.flatMap(({ from, to }, part) => {
        const y = n(shareY(levels[part] ?? 0));
        return [`${n(x(from))},${y}`, `${n(x(to))},${y}`];
      });
    const path = `M${edge(above).join('L')}L${edge(below).reverse().join('L')}Z`;
    const empty = counts.every((count) => count === 0);
    below = above;
    return empty ? '' : `<path class="area ${kind}" data-slot="${escapeHtml(slot)}" d="${path}"/>`;
  });
}

// The dashed line is what the template says; the areas are what happened. While the next step is deployed, the split is still this one.
function expectations({ step, to }: StepSpan, x: (ms: number) => number, slots: readonly string[]): string[] {
  let level = 0;
  return [...slots].reverse().flatMap((slot) => {
    const share = step.expectedShare[slot] ?? 0;
    level += share;
    if (level <= 0 || level >= 1) {
      return [];
    }
    const y = n(shareY(level));
    return [`<line class="expected" x1="${n(x(step.at.hold))}" x2="${n(x(to))}" y1="${y}" y2="${y}"/>`];
  });
}

function bandLabel({ step, index, from, to }: StepSpan, x: (ms: number) => number, report: RehearsalReport): string {
  const room = x(to) - x(from);
  const middle = n((x(from) + x(to)) / 2);
  const letters = (size: number) => Math.floor((room - 8) / (size * letterWidth));
  const fits = (text: string, size: number) => text.length <= letters(size);
  const weights = report.slots.map(({ slot }) => step.weights[slot] ?? 'off').join(' : ');
  const name = letters(13) > fewestLetters ? shortened(step.name, letters(13)) : `${index}`;
  const inner = report.slots.map(({ slot }, slotIndex) => {
    const share = step.observedShare[slot] ?? 0;
    const text = fits(`${slot} ${shareInWords(share)}`, 13) ? `${slot} ${shareInWords(share)}` : shareInWords(share);
    // Where the area is thin, the text would not stand in it.
    if (share < 0.12 || !fits(text, 13)) {
      return '';
    }
    const below = report.slots.slice(slotIndex + 1).reduce((sum, other) => sum + (step.observedShare[other.slot] ?? 0), 0);
    return `<text class="inner" x="${middle}" y="${n(shareY(below + share / 2) + 5)}" text-anchor="middle">${escapeHtml(text)}</text>`;
  });
  return [
    `<g class="step"><title>${escapeHtml(`${step.name}: ${step.description}; ${machineInWords(step.machine)}`)}</title>`,
    index === 0
      ? ''
      : `<line class="move" x1="${n(x(from))}" x2="${n(x(from))}" y1="${shares.top - 40}" y2="${failures.bottom}"/>`,
    `<text class="name" x="${middle}" y="${shares.top - 24}" text-anchor="middle">${escapeHtml(name)}</text>`,
    fits(weights, 12)
      ? `<text class="weights" x="${middle}" y="${shares.top - 9}" text-anchor="middle">${escapeHtml(weights)}</text>`
      : '',
    ...inner,
    '</g>',
  ].join('');
}

function failureBars(parts: readonly TimelinePart[], most: number, x: (ms: number) => number): string[] {
  const room = failures.bottom - failures.top;
  return [
    `<text class="tick" x="${left}" y="${failures.top - 8}">failed requests</text>`,
    `<line class="axis" x1="${left}" x2="${width - right}" y1="${failures.bottom}" y2="${failures.bottom}"/>`,
    most === 0
      ? `<text class="none" x="${n((left + width - right) / 2)}" y="${(failures.top + failures.bottom) / 2 + 5}" text-anchor="middle">none</text>`
      : `<text class="tick" x="${left - 8}" y="${failures.top + 8}" text-anchor="end">${numberInWords(most)}</text>`,
    ...parts.map(({ failed, from, to }) => {
      if (failed === 0) {
        return '';
      }
      const barHeight = Math.max(2, (failed / most) * room);
      return `<rect class="failed" x="${n(x(from))}" y="${n(failures.bottom - barHeight)}" width="${n(Math.max(1.5, x(to) - x(from) - 0.6))}" height="${n(barHeight)}"/>`;
    }),
  ];
}

function ticks(durationMs: number, x: (ms: number) => number): string[] {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find((seconds) => durationMs / 1000 / seconds <= 10) ?? 7200;
  const count = Math.floor(durationMs / 1000 / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step).map(
    (seconds) =>
      `<text class="tick" x="${n(x(seconds * 1000))}" y="${failures.bottom + 20}" text-anchor="middle">${seconds === 0 ? '0' : `${seconds} s`}</text>`,
  );
}

function description(report: RehearsalReport): string {
  const steps = report.steps.map(
    (step) =>
      `${step.name}: ${Object.entries(step.observedShare)
        .map(([slot, share]) => `${slot} ${shareInWords(share)}`)
        .join(', ')}`,
  );
  return `Share of requests per slot over time. ${steps.join('; ')}. Failed requests: ${report.totals.failed}.`;
}

function shareY(share: number): number {
  return shares.bottom - share * (shares.bottom - shares.top);
}

function n(number: number): string {
  return `${Math.round(number * 10) / 10}`;
}
