import { noPhase, PhaseLog } from '../../local/envoy/access-log';
import { sharesOf, weightsOf } from '../../local/routes/traffic-model';
import { faults } from '../../local/tasks/fault';
import { type Findings, phaseNumber, phases, type StepFindings } from '../findings';
import { PhaseTally, quantile } from '../load/tally';
import { exactInterval, falseAlarmRate, highestRateWithoutFailure, withinChance } from '../statistics/binomial';
import type { CountReport, FailureReport, FaultReport, PerSlot, RehearsalReport, StepReport, TotalsReport } from './report';
import { shareInWords } from './words';

/** Makes the report of what was counted, and judges it. */
export function buildReport(findings: Findings): RehearsalReport {
  const { plan, timeline } = findings;
  const steps = plan.steps.map((_, index) => stepReport(findings, index));
  const counts = countReports(findings);
  const problems = [
    ...steps.flatMap((step) => step.problems.map((problem) => `${step.name}: ${problem}`)),
    ...counts.filter(({ agree }) => !agree).map(disagreement),
    ...findings.lost,
    ...(findings.unsent > 0
      ? [`${findings.unsent} requests could not be sent at the rate of ${plan.rate} per second; lower it with --rate`]
      : []),
  ];
  return {
    plane: plan.plane,
    entry: plan.steps[0]?.model.entry ?? '',
    verdict: problems.length === 0 ? 'held' : 'did not hold',
    problems,
    unmeasured: [],
    remarks: [],
    startedAt: findings.startedAt.toISOString(),
    settings: { rate: plan.rate, requestsPerStep: plan.requestsPerStep, timeoutMs: plan.timeoutMs, path: plan.path },
    slots: plan.apps.map(({ slot, command }) => ({ slot, app: command ?? 'demo app', counts: command === undefined })),
    steps,
    fault: faultReport(findings, steps),
    totals: totalsReport(findings, steps),
    counts,
    timeline: {
      binMs: timeline.binMs,
      ok: perSlot(
        plan.apps.map(({ slot }) => slot),
        (slot) => filled(timeline.ok.get(slot), bins(findings)),
      ),
      failed: filled(timeline.failed, bins(findings)),
    },
    notShown: notShown(findings),
  };
}

function stepReport(findings: Findings, index: number): StepReport {
  const { plan, firstRequestAt } = findings;
  const planned = plan.steps[index];
  const step = findings.steps[index];
  if (planned === undefined || step === undefined) {
    throw new Error(`step ${index} was not run`);
  }
  const hold = tallyOf(findings, index, 'hold');
  const change = tallyOf(findings, index, 'change');
  const weights = weightsOf(planned.model);
  const labels = Object.keys(weights);
  const expectedShare = sharesOf(weights);
  const observed = observedIn(findings, index, labels);
  const attributed = Object.values(observed).reduce((sum, count) => sum + count, 0);
  const logs = phases.map((phase) => logOf(findings, index, phase));
  const report = {
    name: planned.name,
    description: planned.description,
    weights,
    changedResources: planned.changedResources,
    requests: hold.requests,
    failed: hold.failed,
    observed,
    expectedShare,
    observedShare: perSlot(labels, (slot) => (attributed === 0 ? 0 : (observed[slot] ?? 0) / attributed)),
    interval: perSlot(labels, (slot) => exactInterval(observed[slot] ?? 0, attributed)),
    settleMs: step.settleMs === undefined ? null : round(step.settleMs),
    change: { requests: change.requests, failed: change.failed },
    preview: previewReport(step),
    retried: {
      requests: logs.reduce((sum, log) => sum + log.retried, 0),
      ok: logs.reduce((sum, log) => sum + log.retriedOk, 0),
    },
    failures: failureReports(findings, index),
    machine: { busy: null, lateMs: 0 },
    latencyMs: Object.fromEntries(
      labels.flatMap((slot) => {
        const latencies = hold.latencies.get(slot) ?? [];
        const p50 = quantile(latencies, 0.5);
        const p99 = quantile(latencies, 0.99);
        return p50 === undefined || p99 === undefined ? [] : [[slot, { p50: round(p50), p99: round(p99) }]];
      }),
    ),
    at: {
      begin: round(step.beginAt - firstRequestAt),
      routesMoved: step.routesMovedAt === undefined ? null : round(step.routesMovedAt - firstRequestAt),
      hold: round(step.holdAt - firstRequestAt),
      end: round(step.endAt - firstRequestAt),
    },
  };
  return { ...report, problems: stepProblems(findings, index, report) };
}

/** Every phase of a step that says something about it. */
function stepProblems(findings: Findings, index: number, report: Omit<StepReport, 'problems'>): string[] {
  const { plan } = findings;
  const hold = tallyOf(findings, index, 'hold');
  const version = findings.steps[index]?.version;
  const sum = Object.values(report.observed).reduce((total, count) => total + count, 0);
  const problems: string[] = [];

  for (const [slot, share] of Object.entries(report.expectedShare)) {
    const count = report.observed[slot] ?? 0;
    if (!withinChance(count, sum, share)) {
      problems.push(
        `got ${count} of ${sum} requests at ${slot} (${shareInWords(count / sum)}), expected ${shareInWords(share)}` +
          `${share > 0 && share < 1 ? `, as far off as chance brings it in fewer than 1 of ${Math.round(1 / falseAlarmRate)} runs` : ' exactly'}`,
      );
    }
  }
  for (const [slot, count] of hold.ok) {
    if (report.weights[slot] === undefined) {
      problems.push(`got ${count} answers of ${slot}, which the template does not have in this step`);
    }
  }
  for (const [route, count] of hold.routes) {
    if (route !== version) {
      problems.push(`got ${count} requests routed by "${route}", expected "${version}", which Envoy had confirmed`);
    }
  }
  for (const phase of phases) {
    const tally = tallyOf(findings, index, phase);
    for (const [swap, count] of tally.swapped) {
      const [chosen, answered] = swap.split(' -> ');
      problems.push(`got ${count} answers in which the app of ${chosen} calls itself ${answered}`);
    }
    for (const [slot, count] of tally.unmarked) {
      if (plan.apps.some((app) => app.slot === slot && app.command === undefined)) {
        problems.push(`got ${count} answers of ${slot} that do not say which slot they are from`);
      }
    }
  }
  const preview =
    findings.steps[index]?.previews.filter(({ slot, result }) => result.slot !== slot && result.status === 200) ?? [];
  if (preview.length > 0) {
    problems.push(`got ${preview.length} answers of another slot than the preview header asked for`);
  }
  return [...problems, ...failureProblems(findings, index, report)];
}

function failureProblems({ plan }: Findings, index: number, report: Omit<StepReport, 'problems'>): string[] {
  const { fault, backAt, steps } = plan;
  const expected = (slot: string | null) => fault !== undefined && index >= fault.step && slot === fault.slot;
  const unexpected = report.failures.filter(({ slot }) => !expected(slot));
  const problems = unexpected.map(
    ({ slot, reason, count }) => `${count} requests failed${slot === null ? '' : ` at ${slot}`} (${reason}), expected none`,
  );
  if (backAt !== undefined && index === steps.length - 1 && report.failed > 0 && unexpected.length === 0) {
    problems.push(`${report.failed} requests still failed after going back, expected none`);
  }
  return problems;
}

// A failed request bears no stamp; Envoy's log tells for which slot it was meant.
function observedIn(findings: Findings, index: number, labels: readonly string[]): PerSlot {
  const hold = tallyOf(findings, index, 'hold');
  const log = logOf(findings, index, 'hold');
  return perSlot(labels, (slot) => (hold.ok.get(slot) ?? 0) + (log.notOk.get(clusterOf(findings, index, slot) ?? '') ?? 0));
}

function failureReports(findings: Findings, index: number): readonly FailureReport[] {
  const failures = new Map<string, FailureReport>();
  const add = (slot: string | null, reason: string, count: number) => {
    const key = `${slot} ${reason}`;
    failures.set(key, { slot, reason, count: (failures.get(key)?.count ?? 0) + count });
  };
  for (const phase of phases) {
    const log = logOf(findings, index, phase);
    const tally = tallyOf(findings, index, phase);
    const slots = new Map(findings.plan.steps.flatMap(({ model }) => model.targets).map(({ name, slot }) => [name, slot]));
    let noted = 0;
    for (const [cluster, reasons] of log.reasons) {
      for (const [reason, count] of reasons) {
        noted += count;
        add(slots.get(cluster) ?? null, reason, count);
      }
    }
    // Envoy calls it done when the status went out; what broke after that only the client knows.
    if (tally.failed > noted) {
      add(
        null,
        `${[...tally.reasons.keys()].join(', ')} between Envoy and the client, or within an answer`,
        tally.failed - noted,
      );
    }
  }
  return [...failures.values()];
}

function previewReport({ previews }: StepFindings): StepReport['preview'] {
  if (previews.length === 0) {
    return null;
  }
  // A map, since a slot may be called like what every object has.
  const reached = new Map<string, number>();
  for (const { result } of previews) {
    if (result.slot !== undefined && result.status === 200) {
      reached.set(result.slot, (reached.get(result.slot) ?? 0) + 1);
    }
  }
  return {
    requests: previews.length,
    failed: previews.filter(({ result }) => result.status !== 200).length,
    reached: Object.fromEntries(reached),
  };
}

function countReports(findings: Findings): readonly CountReport[] {
  const { plan } = findings;
  const perStep = plan.steps.flatMap((step, index) => {
    const tallies = phases.map((phase) => tallyOf(findings, index, phase));
    const logs = phases.map((phase) => logOf(findings, index, phase));
    const labels = step.model.targets.map(({ slot }) => slot);
    return [
      count(
        `${step.name}: requests`,
        sum(tallies, ({ requests }) => requests),
        sum(logs, ({ requests }) => requests),
        null,
      ),
      count(
        `${step.name}: failed`,
        sum(tallies, ({ failed }) => failed),
        sum(logs, ({ notOk }) => [...notOk.values()].reduce((a, b) => a + b, 0)),
        null,
      ),
      ...labels.map((slot) =>
        count(
          `${step.name}: answers of ${slot}`,
          sum(tallies, ({ ok }) => ok.get(slot) ?? 0),
          sum(logs, ({ ok }) => ok.get(clusterOf(findings, index, slot) ?? '') ?? 0),
          appSum(findings, slot, (phase) => Math.floor(phase / phases.length) === index),
        ),
      ),
    ];
  });
  const foreign = findings.accessLog.get(noPhase)?.requests ?? 0;
  const all = [...findings.tallies.values()];
  return [
    ...perStep,
    count(
      'whole run: requests',
      sum(all, ({ requests }) => requests),
      findings.envoyRequests - foreign,
      null,
    ),
    ...plan.apps.map(({ slot }) => {
      const clusters = new Set(
        plan.steps.flatMap(({ model }) => model.targets.filter((each) => each.slot === slot)).map(({ name }) => name),
      );
      return count(
        `whole run: answers of ${slot}`,
        sum(all, ({ ok }) => ok.get(slot) ?? 0),
        sum([...clusters], (name) => findings.clusters.get(name)?.ok ?? 0),
        appSum(findings, slot, () => true),
      );
    }),
  ];
}

function count(what: string, client: number, envoy: number, apps: number | null): CountReport {
  return { what, client, envoy, apps, unsure: 0, agree: client === envoy && (apps === null || apps === client) };
}

function disagreement({ what, client, envoy, apps }: CountReport): string {
  return `${what}: got ${client} by the client, ${envoy} by Envoy${apps === null ? '' : ` and ${apps} by the app`}, expected the same`;
}

function appSum({ apps }: Findings, slot: string, wanted: (phase: number) => boolean): number | null {
  const counts = apps.get(slot);
  return counts === undefined
    ? null
    : sum(
        [...counts].filter(([phase]) => wanted(phase)),
        ([, { ok }]) => ok,
      );
}

function faultReport(findings: Findings, steps: readonly StepReport[]): FaultReport | null {
  const { plan, faultBeganAt, firstRequestAt, lastFailureAt } = findings;
  const { fault, backAt } = plan;
  if (fault === undefined || faultBeganAt === undefined) {
    return null;
  }
  const wentBackAt = backAt === undefined ? undefined : findings.steps[backAt]?.routesMovedAt;
  const after = steps.slice(fault.step);
  return {
    slot: fault.slot,
    name: fault.name,
    description: faults[fault.name],
    step: plan.steps[fault.step]?.name ?? '',
    beganMs: round(faultBeganAt - firstRequestAt),
    failed: sum(after, ({ failures }) => sum(failures, (failure) => failure.count)),
    hiddenByRetries: sum(after, ({ retried }) => retried.ok),
    bit: true,
    wayOut: 'back' as const,
    leftAtMs: wentBackAt === undefined ? null : round(wentBackAt - firstRequestAt),
    recoveryMs: wentBackAt === undefined ? null : round(Math.max(0, (lastFailureAt ?? 0) - wentBackAt)),
  };
}

function totalsReport(findings: Findings, steps: readonly StepReport[]): TotalsReport {
  const all = [...findings.tallies.values()];
  const requests = sum(all, (tally) => tally.requests);
  const failed = sum(all, (tally) => tally.failed);
  return {
    requests,
    failed,
    durationMs: round(findings.endedAt - findings.firstRequestAt),
    envoyVersion: findings.envoyVersion,
    retried: sum(steps, (step) => step.retried.requests),
    failureRateBelow: failed === 0 ? highestRateWithoutFailure(requests) : null,
  };
}

function notShown({ plan }: Findings): readonly string[] {
  const own = plan.apps.filter(({ command }) => command !== undefined).map(({ slot }) => slot);
  return [
    ...(plan.steps[0]?.model.notShown ?? []),
    ...plan.notShown,
    ...(own.length > 0
      ? [
          `the app of ${own.join(' and ')} is your own command and does not count: there the client is compared with Envoy only, and which slot answered ` +
            'is what Envoy says, unless the app answers with the header x-slot',
        ]
      : []),
  ];
}

function clusterOf({ plan }: Findings, index: number, slot: string): string | undefined {
  const model = plan.steps[index]?.model;
  return model?.targets.find((target) => target.slot === slot)?.name;
}

function tallyOf({ tallies }: Findings, index: number, phase: (typeof phases)[number]): PhaseTally {
  return tallies.get(phaseNumber(index, phase)) ?? new PhaseTally();
}

function logOf({ accessLog }: Findings, index: number, phase: (typeof phases)[number]): PhaseLog {
  return accessLog.get(phaseNumber(index, phase)) ?? new PhaseLog();
}

function bins(findings: Findings): number {
  return Math.ceil((findings.endedAt - findings.firstRequestAt) / findings.timeline.binMs);
}

// A bin without a request has no entry.
function filled(values: readonly (number | undefined)[] | undefined, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => values?.[index] ?? 0);
}

function perSlot<T>(slots: readonly string[], value: (slot: string) => T): PerSlot<T> {
  return Object.fromEntries(slots.map((slot) => [slot, value(slot)]));
}

function sum<T>(values: readonly T[], number: (value: T) => number): number {
  return values.reduce((total, value) => total + number(value), 0);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
