import type { RehearsalReport, StepReport } from './report';

/** Requests over time, in bins that are wide enough to show a split. */
export interface ChartTimeline {
  readonly durationMs: number;
  readonly binMs: number;
  readonly slots: readonly string[];

  /** Answers of each slot, by bin. */
  readonly ok: readonly (readonly number[])[];

  /** By bin. */
  readonly failed: readonly number[];
}

/** The time in which the routes of a step were in place, in milliseconds since the first request. */
export interface StepSpan {
  readonly step: StepReport;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** A bin, or as much of it as lies within one step. */
export interface TimelinePart {
  readonly step: StepReport;

  /** In milliseconds since the first request. */
  readonly from: number;
  readonly to: number;

  /** Answers of each slot. */
  readonly ok: readonly number[];
  readonly failed: number;
}

/** The timeline of a report in bins of at least some dozens of requests, and in not more of them than a screen can show. */
export function chartTimeline({ timeline, totals, settings, ...report }: RehearsalReport): ChartTimeline {
  const slots = report.slots.map(({ slot }) => slot);
  const enough = Math.ceil(60_000 / settings.rate / timeline.binMs);
  const fits = Math.ceil(totals.durationMs / timeline.binMs / 160);
  const factor = Math.max(1, Math.min(enough, Math.ceil(totals.durationMs / timeline.binMs / 20)), fits);
  const merge = (bins: readonly number[]) =>
    Array.from({ length: Math.ceil(bins.length / factor) }, (_, index) => sum(bins.slice(index * factor, (index + 1) * factor)));
  return {
    durationMs: Math.max(1, totals.durationMs),
    binMs: timeline.binMs * factor,
    slots,
    ok: slots.map((slot) => merge(timeline.ok[slot] ?? [])),
    failed: merge(timeline.failed),
  };
}

/** From when to when each step went, without a gap. */
export function stepSpans({ steps }: RehearsalReport, durationMs: number): readonly StepSpan[] {
  const begins = steps.map(({ at }, index) => (index === 0 ? 0 : (at.routesMoved ?? at.begin)));
  return steps.map((step, index) => ({ step, index, from: begins[index] ?? 0, to: begins[index + 1] ?? durationMs }));
}

/** The bins, cut where the steps part: what only one step has is not drawn in its neighbour. */
export function timelineParts(
  { failed, ok, slots, binMs, durationMs }: ChartTimeline,
  spans: readonly StepSpan[],
): TimelinePart[] {
  return failed.flatMap((failures, bin) => {
    const parts = spans
      .map(({ step, from, to }) => ({
        step,
        from: Math.max(from, bin * binMs),
        to: Math.min(to, (bin + 1) * binMs, durationMs),
      }))
      .filter(({ from, to }) => to > from);
    // A bin says only how many there were in all of it. Of that each step gets as much as it makes likely.
    const divided = (count: number, share: (step: StepReport) => number) => {
      const lengths = parts.map(({ from, to }) => to - from);
      const likely = parts.map(({ step, from, to }) => (to - from) * share(step));
      const by = sum(likely) > 0 ? likely : lengths;
      return by.map((part) => (count * part) / sum(by));
    };
    const failedParts = divided(failures, ({ requests, failed }) => failed / Math.max(1, requests));
    const okParts = slots.map((slot, index) => divided(ok[index]?.[bin] ?? 0, (step) => shareOf(step, slot)));
    return parts.map((part, index) => ({
      ...part,
      ok: okParts.map((each) => each[index] ?? 0),
      failed: failedParts[index] ?? 0,
    }));
  });
}

/** The same for shares: too few requests show chance and no share, so what is short goes with its neighbour of the same step. */
export function shareParts(parts: readonly TimelinePart[], { slots, binMs }: ChartTimeline): readonly TimelinePart[] {
  const isShort = ({ from, to }: TimelinePart) => to - from < binMs / 2;
  const joined: TimelinePart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.step === part.step && (isShort(last) || isShort(part))) {
      const ok = last.ok.map((count, index) => count + (part.ok[index] ?? 0));
      joined[joined.length - 1] = { ...last, to: part.to, ok, failed: last.failed + part.failed };
    } else {
      joined.push(part);
    }
  }
  // A step may be too short for a request of its own: it looks as it should.
  return joined.map((part) =>
    isShort(part) && sum(part.ok) + part.failed === 0 ? { ...part, ok: slots.map((slot) => shareOf(part.step, slot)) } : part,
  );
}

function shareOf({ requests, observedShare, expectedShare }: StepReport, slot: string): number {
  return (requests > 0 ? observedShare : expectedShare)[slot] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
