import { escapeHtml } from './escape-html';
import type { RehearsalReport, StepReport } from './report';
import { machineInWords, numberInWords, shareInWords } from './words';

/** Size of the picture in its own units, and where the two plots lie in it. */
const width = 1040;
const height = 412;
const left = 52;
const right = 12;
const shares = { top: 58, bottom: 300 };
const failures = { top: 334, bottom: 380 };

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
  const timeline = coarser(report);
  const plotWidth = width - left - right;
  const x = (milliseconds: number) => left + (Math.min(milliseconds, timeline.durationMs) / timeline.durationMs) * plotWidth;
  const bands = report.steps.map((step, index) => ({
    step,
    index,
    from: index === 0 ? 0 : (step.at.routesMoved ?? step.at.begin),
    to: nextBegin(report.steps, index) ?? timeline.durationMs,
  }));

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
    ...areas(timeline, x),
    ...bands.flatMap((band) => expectations(band.step, x, timeline.slots)),
    ...bands.map((band) => bandLabel(band, x, report)),
    ...failureBars(timeline, x),
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

interface CoarseTimeline {
  readonly durationMs: number;
  readonly binMs: number;
  readonly slots: readonly string[];
  readonly ok: readonly (readonly number[])[];
  readonly failed: readonly number[];
}

// Bins of at least some dozens of requests, and not more of them than a screen can show: else one sees the noise and not the split.
function coarser(report: RehearsalReport): CoarseTimeline {
  const { timeline, totals, settings } = report;
  const slots = report.slots.map(({ slot }) => slot);
  const enough = Math.ceil(60_000 / settings.rate / timeline.binMs);
  const fits = Math.ceil(totals.durationMs / timeline.binMs / 160);
  const factor = Math.max(1, Math.min(enough, Math.ceil(totals.durationMs / timeline.binMs / 20)), fits);
  const merge = (bins: readonly number[]) =>
    Array.from({ length: Math.ceil(bins.length / factor) }, (_, index) =>
      bins.slice(index * factor, (index + 1) * factor).reduce((sum, count) => sum + count, 0),
    );
  return {
    durationMs: Math.max(1, totals.durationMs),
    binMs: timeline.binMs * factor,
    slots,
    ok: slots.map((slot) => merge(timeline.ok[slot] ?? [])),
    failed: merge(timeline.failed),
  };
}

// The last slot at the bottom: the new version rises from there. Failed requests lie on it.
function areas({ slots, ok, failed, binMs, durationMs }: CoarseTimeline, x: (ms: number) => number): string[] {
  const slotAreas = slots.map((slot, index) => ({ kind: `slot${index}`, slot, counts: ok[index] ?? [] })).reverse();
  const stack = [...slotAreas.slice(0, 1), { kind: 'failures', slot: '', counts: failed }, ...slotAreas.slice(1)];
  let below = failed.map(() => 0);
  return stack.map(({ kind, slot, counts }) => {
    const above = below.map((base, bin) => {
      const sum = stack.reduce((total, each) => total + (each.counts[bin] ?? 0), 0);
      return sum === 0 ? base : base + (counts[bin] ?? 0) / sum;
    });
    const edge = (levels: readonly number[]) =>
      levels.flatMap((level, bin) => {
        const y = n(shareY(level));
        return [`${n(x(bin * binMs))},${y}`, `${n(x(Math.min((bin + 1) * binMs, durationMs)))},${y}`];
      });
    const path = `M${edge(above).join('L')}L${edge(below).reverse().join('L')}Z`;
    const empty = counts.every((count) => count === 0);
    below = above;
    return empty ? '' : `<path class="area ${kind}" data-slot="${escapeHtml(slot)}" d="${path}"/>`;
  });
}

// The dashed line is what the template says; the areas are what happened.
function expectations(step: StepReport, x: (ms: number) => number, slots: readonly string[]): string[] {
  let level = 0;
  return [...slots].reverse().flatMap((slot) => {
    const share = step.expectedShare[slot] ?? 0;
    level += share;
    if (level <= 0 || level >= 1) {
      return [];
    }
    const y = n(shareY(level));
    return [`<line class="expected" x1="${n(x(step.at.hold))}" x2="${n(x(step.at.end))}" y1="${y}" y2="${y}"/>`];
  });
}

interface Band {
  readonly step: StepReport;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

function bandLabel({ step, index, from, to }: Band, x: (ms: number) => number, report: RehearsalReport): string {
  const room = x(to) - x(from);
  const middle = n((x(from) + x(to)) / 2);
  // About the width of a letter at this size.
  const fits = (text: string, size: number) => text.length * size * 0.6 < room - 8;
  const weights = report.slots.map(({ slot }) => step.weights[slot] ?? 'off').join(' : ');
  const name = fits(step.name, 13) ? step.name : `${index}`;
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

function failureBars({ failed, binMs, durationMs }: CoarseTimeline, x: (ms: number) => number): string[] {
  const most = Math.max(0, ...failed);
  const room = failures.bottom - failures.top;
  return [
    `<text class="tick" x="${left}" y="${failures.top - 8}">failed requests</text>`,
    `<line class="axis" x1="${left}" x2="${width - right}" y1="${failures.bottom}" y2="${failures.bottom}"/>`,
    most === 0
      ? `<text class="none" x="${n((left + width - right) / 2)}" y="${(failures.top + failures.bottom) / 2 + 5}" text-anchor="middle">none</text>`
      : `<text class="tick" x="${left - 8}" y="${failures.top + 8}" text-anchor="end">${numberInWords(most)}</text>`,
    ...failed.map((count, bin) => {
      if (count === 0) {
        return '';
      }
      const barHeight = Math.max(2, (count / most) * room);
      const from = x(bin * binMs);
      const to = x(Math.min((bin + 1) * binMs, durationMs));
      return `<rect class="failed" x="${n(from)}" y="${n(failures.bottom - barHeight)}" width="${n(Math.max(1.5, to - from - 0.6))}" height="${n(barHeight)}"/>`;
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

function nextBegin(steps: readonly StepReport[], index: number): number | undefined {
  const next = steps[index + 1];
  return next && (next.at.routesMoved ?? next.at.begin);
}

function shareY(share: number): number {
  return shares.bottom - share * (shares.bottom - shares.top);
}

function n(number: number): string {
  return `${Math.round(number * 10) / 10}`;
}
