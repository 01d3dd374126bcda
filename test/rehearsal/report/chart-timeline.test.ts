import { chartTimeline, shareParts, stepSpans, timelineParts } from '../../../lib/rehearsal/report/chart-timeline';
import type { RehearsalReport, StepReport } from '../../../lib/rehearsal/report/report';
import { report } from './reports';

/** A step that begins at a moment, with the share of green and the number of failures of its 1000 requests. */
interface ShortStep {
  readonly at: number;
  readonly green: number;
  readonly failed?: number;

  /** None: a step that did not stand still. */
  readonly requests?: number;
}

/** A rehearsal of so many bins of 100 ms. */
function rehearsed(
  steps: readonly ShortStep[],
  counts: { readonly blue: readonly number[]; readonly green: readonly number[]; readonly failed?: readonly number[] },
): RehearsalReport {
  const shares = (green: number) => ({ blue: 1 - green, green });
  return {
    ...report,
    settings: { ...report.settings, rate: 1000 },
    totals: { ...report.totals, durationMs: counts.blue.length * 100 },
    steps: steps.map(({ at, green, failed = 0, requests = 1000 }) => ({
      ...(report.steps[1] as StepReport),
      requests,
      failed,
      observedShare: requests > 0 ? shares(green) : shares(0),
      expectedShare: shares(green),
      at: { begin: at - 5, routesMoved: at, hold: at + 5, end: at + 5 },
    })),
    timeline: {
      binMs: 100,
      ok: { blue: counts.blue, green: counts.green },
      failed: counts.failed ?? counts.blue.map(() => 0),
    },
  };
}

function partsOf(shown: RehearsalReport, drawn: 'bars' | 'shares' = 'bars') {
  const timeline = chartTimeline(shown);
  const parts = timelineParts(timeline, stepSpans(shown, timeline.durationMs));
  return (drawn === 'bars' ? parts : shareParts(parts, timeline)).map(({ from, to, ok, failed }) => [
    from,
    to,
    ...[...ok, failed].map((count) => Math.round(count * 100) / 100),
  ]);
}

test.each([
  {
    name: 'green that joins',
    steps: [
      { at: 0, green: 0 },
      { at: 140, green: 0.5 },
    ],
    counts: { blue: [100, 70], green: [0, 30] },
    parts: [
      [0, 100, 100, 0, 0],
      [100, 140, 40, 0, 0],
      [140, 200, 30, 30, 0],
    ],
  },
  {
    name: 'green that goes, most of the bin before',
    steps: [
      { at: 0, green: 0.5 },
      { at: 180, green: 0 },
    ],
    counts: { blue: [50, 60], green: [50, 40] },
    parts: [
      [0, 100, 50, 50, 0],
      [100, 180, 40, 40, 0],
      [180, 200, 20, 0, 0],
    ],
  },
  {
    name: 'failures that end with a jump',
    steps: [
      { at: 0, green: 0.5, failed: 500 },
      { at: 150, green: 0 },
    ],
    counts: { blue: [50, 75], green: [0, 0], failed: [50, 25] },
    parts: [
      [0, 100, 50, 0, 50],
      [100, 150, 25, 0, 25],
      [150, 200, 50, 0, 0],
    ],
  },
  {
    name: 'failures of the change alone, of which nobody knows on which side they were',
    steps: [
      { at: 0, green: 0 },
      { at: 150, green: 0 },
    ],
    counts: { blue: [100, 90], green: [0, 0], failed: [0, 10] },
    parts: [
      [0, 100, 100, 0, 0],
      [100, 150, 45, 0, 5],
      [150, 200, 45, 0, 5],
    ],
  },
  {
    name: 'three steps in one bin, the second without a pause',
    steps: [
      { at: 0, green: 1 },
      { at: 120, green: 1, requests: 0 },
      { at: 150, green: 0 },
    ],
    counts: { blue: [0, 50], green: [100, 50] },
    parts: [
      [0, 100, 0, 100, 0],
      [100, 120, 0, 20, 0],
      [120, 150, 0, 30, 0],
      [150, 200, 50, 0, 0],
    ],
  },
  {
    name: 'a bin without any request, which stays empty',
    steps: [
      { at: 0, green: 0 },
      { at: 150, green: 1 },
    ],
    counts: { blue: [100, 0], green: [0, 0] },
    parts: [
      [0, 100, 100, 0, 0],
      [100, 150, 0, 0, 0],
      [150, 200, 0, 0, 0],
    ],
  },
])('a bin in which two steps meet is cut there: $name', ({ steps, counts, parts }) => {
  expect(partsOf(rehearsed(steps, counts))).toEqual(parts);
});

test.each([
  {
    name: 'what is short goes with the same step',
    steps: [
      { at: 0, green: 0 },
      { at: 110, green: 0.5 },
      { at: 290, green: 0 },
    ],
    counts: { blue: [100, 55, 55, 100], green: [0, 45, 45, 0] },
    parts: [
      [0, 110, 110, 0, 0],
      [110, 200, 45, 45, 0],
      [200, 290, 45, 45, 0],
      [290, 400, 110, 0, 0],
    ],
  },
  {
    name: 'a step too short for a request looks as it should',
    steps: [
      { at: 0, green: 0 },
      { at: 100, green: 1, requests: 0 },
      { at: 101, green: 0 },
    ],
    counts: { blue: [100, 100], green: [0, 0] },
    parts: [
      [0, 100, 100, 0, 0],
      [100, 101, 0, 1, 0],
      [101, 200, 100, 0, 0],
    ],
  },
])('shares are those of enough requests: $name', ({ steps, counts, parts }) => {
  expect(partsOf(rehearsed(steps, counts), 'shares')).toEqual(parts);
});

test.each(['bars', 'shares'] as const)(
  'in a real run nothing is lost by it, and green has nothing before its first weight: %s',
  (drawn) => {
    const parts = partsOf(report, drawn);
    const all = (column: number) => Math.round(parts.reduce((sum, part) => sum + (part[column] ?? 0), 0));
    const counted = (slot: string) => (report.timeline.ok[slot] ?? []).reduce((sum, count) => sum + count, 0);
    expect([all(2), all(3)]).toEqual([counted('blue'), counted('green')]);

    const joined = report.steps[2]?.at.routesMoved ?? 0;
    const before = parts.filter(([, to = 0]) => to <= joined);
    expect(before.at(-1)?.[1]).toBe(joined);
    expect(joined % 100).toBeGreaterThan(0);
    expect(before.map(([, , , green]) => green)).toEqual(before.map(() => 0));
  },
);
