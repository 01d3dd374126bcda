import { sharesOf, weightsOf } from '../../local/routes/traffic-model';
import type { Findings, StepDeploy, StepFindings } from '../findings';
import { failed, PhaseTally, quantile } from '../load/tally';
import { exactInterval } from '../statistics/binomial';
import { brokenIn, holdPhases, logOf, perSlot, sum, tallyOf, total, userPhases } from './phase-counts';
import type { DeployReport, FailureReport, PerSlot, StepReport } from './report';
import { judgeStep } from './step-verdict';
import { round } from './words';

/** What was counted in one step, and what it says. */
export function stepReport(findings: Findings, index: number): StepReport {
  const { plan, firstRequestAt } = findings;
  const planned = plan.steps[index];
  const step = findings.steps[index];
  if (planned === undefined || step === undefined) {
    throw new Error(`step ${index} was not run`);
  }
  const hold = PhaseTally.sum(holdPhases.map((phase) => tallyOf(findings, index, phase)));
  const change = tallyOf(findings, index, 'change');
  const weights = weightsOf(planned.model);
  const labels = Object.keys(weights);
  const observed = observedIn(findings, index, labels);
  const attributed = sum(Object.values(observed), (count) => count);
  const logs = userPhases.map((phase) => logOf(findings, index, phase));
  const report = {
    name: planned.name,
    description: planned.description,
    weights,
    changedResources: planned.changedResources,
    ...(step.deploy === undefined ? {} : { deploy: deployReport(step.deploy) }),
    requests: hold.requests,
    failed: hold.failed,
    observed,
    expectedShare: sharesOf(weights),
    observedShare: perSlot(labels, (slot) => (attributed === 0 ? 0 : (observed[slot] ?? 0) / attributed)),
    interval: perSlot(labels, (slot) => exactInterval(observed[slot] ?? 0, attributed)),
    settleMs: step.settleMs === undefined ? null : round(step.settleMs),
    change: { requests: change.requests, failed: change.failed },
    preview: previewReport(step),
    retried: { requests: sum(logs, ({ retried }) => total(retried)), ok: sum(logs, ({ retriedOk }) => total(retriedOk)) },
    failures: failureReports(findings, index),
    machine: {
      busy: step.machine.busy === undefined ? null : Math.round(step.machine.busy * 1000) / 1000,
      lateMs: round(step.machine.lateMs),
    },
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
  return { ...report, ...judgeStep(findings, index, report) };
}

function deployReport({ created, updated, deleted, replaced, seconds }: StepDeploy): DeployReport {
  return { created, updated, deleted, replaced, seconds: round(seconds) };
}

// By Envoy's log: it tells of failed requests too for which slot they were meant. Without those that the client gave up, the shares would
// be those of the faster slot. That the client saw the same is one of the counts.
function observedIn(findings: Findings, index: number, labels: readonly string[]): PerSlot {
  const logs = holdPhases.map((phase) => logOf(findings, index, phase));
  return perSlot(labels, (slot) => sum(logs, ({ ok, notOk }) => (ok.get(slot) ?? 0) + (notOk.get(slot) ?? 0)));
}

function failureReports(findings: Findings, index: number): readonly FailureReport[] {
  const failures = new Map<string, FailureReport>();
  const add = (failure: FailureReport) => {
    const key = `${failure.slot} ${failure.meant} ${failure.reason}`;
    failures.set(key, { ...failure, count: (failures.get(key)?.count ?? 0) + failure.count });
  };
  const slots = new Set(findings.plan.apps.map(({ slot }) => slot));
  for (const phase of userPhases) {
    const tally = tallyOf(findings, index, phase);
    const log = logOf(findings, index, phase);
    let noted = 0;
    for (const [chosen, reasons] of log.reasons) {
      const slot = slots.has(chosen) ? chosen : null;
      for (const [reason, { count, late }] of reasons) {
        noted += count;
        add({ slot, reason, late, meant: brokenIn(findings, index, phase, slot), count });
      }
    }
    // Envoy calls it done when the answer went out; what broke after that only the client knows.
    if (tally.failed > noted) {
      const reasons = [...tally.reasons.keys()].filter((reason) => !reason.startsWith('status '));
      add({
        slot: null,
        reason: `${reasons.join(', ')} between Envoy and the client`,
        late: tally.failed - noted <= tally.gaveUp - total(log.gaveUp),
        meant: false,
        count: tally.failed - noted,
      });
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
    if (result.slot !== undefined && !failed(result)) {
      reached.set(result.slot, (reached.get(result.slot) ?? 0) + 1);
    }
  }
  return {
    requests: previews.length,
    failed: previews.filter(({ result }) => failed(result)).length,
    reached: Object.fromEntries(reached),
  };
}
