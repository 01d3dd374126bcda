import { noPhase } from '../../local/envoy/access-log';
import { faults } from '../../local/tasks/fault';
import type { Findings } from '../findings';
import { whenTooBusy } from '../run/too-busy';
import { highestRateWithoutFailure } from '../statistics/binomial';
import { countReports, disagreement } from './count-reports';
import { sum, tallyOf, userPhases } from './phase-counts';
import type { FaultReport, RehearsalReport, StepReport, TotalsReport, Verdict } from './report';
import { perSlot, stepReport } from './step-report';
import { round } from './words';

/** Makes the report of what was counted, and judges it. */
export function buildReport(findings: Findings): RehearsalReport {
  const { plan, timeline } = findings;
  const steps = plan.steps.map((_, index) => stepReport(findings, index));
  const counts = countReports(findings);
  const fault = faultReport(findings, steps);
  const problems = [
    ...steps.flatMap((step) => step.problems.map((problem) => `${step.name}: ${problem}`)),
    ...counts.filter(({ agree }) => !agree).map(disagreement),
    ...findings.lost,
    ...(fault?.bit === false
      ? [`fault: ${fault.slot} ${fault.description}: ${findings.notBitten ?? 'no request noticed it'}`]
      : []),
  ];
  const unmeasured = [
    ...steps.flatMap((step) => step.unmeasured.map((cause) => `${step.name}: ${cause}`)),
    ...(findings.unsent > 0
      ? [`${findings.unsent} requests could not be sent at the rate of ${plan.rate} per second, with so many still under way`]
      : []),
  ];
  return {
    plane: plan.plane,
    entry: plan.steps[0]?.model.entry ?? '',
    verdict: verdictOf(problems, unmeasured),
    problems,
    unmeasured: unmeasured.length === 0 ? [] : [...unmeasured, whenTooBusy],
    remarks: remarks(findings),
    startedAt: findings.startedAt.toISOString(),
    settings: { rate: plan.rate, requestsPerStep: plan.requestsPerStep, timeoutMs: plan.timeoutMs, path: plan.path },
    slots: plan.apps.map(({ slot, command }) => ({ slot, app: command ?? 'demo app', counts: command === undefined })),
    steps,
    fault,
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

// What is known to be wrong stays wrong on a busy machine.
function verdictOf(problems: readonly string[], unmeasured: readonly string[]): Verdict {
  if (problems.length > 0) {
    return 'did not hold';
  }
  return unmeasured.length > 0 ? 'not measured' : 'held';
}

function remarks({ accessLog, remarks: ofApps }: Findings): readonly string[] {
  const foreign = accessLog.get(noPhase)?.requests ?? 0;
  return [...ofApps, ...(foreign > 0 ? [`${foreign} requests came from somebody else; they are in no number here`] : [])];
}

function faultReport(findings: Findings, steps: readonly StepReport[]): FaultReport | null {
  const { plan, faultBeganAt, firstRequestAt, notBitten } = findings;
  const { fault, leaving } = plan;
  if (fault === undefined || faultBeganAt === undefined) {
    return null;
  }
  const leftAt = leaving === undefined ? undefined : findings.steps[leaving.jump]?.routesMovedAt;
  const after = steps.slice(fault.step);
  const failed = sum(after, ({ failures }) => sum(failures, (failure) => failure.count));
  const gone = fault.name === 'crash' || fault.name === 'refuse';
  return {
    slot: fault.slot,
    name: fault.name,
    description: faults[fault.name],
    step: plan.steps[fault.step]?.name ?? '',
    beganMs: round(faultBeganAt - firstRequestAt),
    bit: notBitten === undefined && (gone || failed + sum(after, ({ retried }) => retried.requests) > 0),
    failed,
    hiddenByRetries: sum(after, ({ retried }) => retried.ok),
    wayOut: leaving?.going ?? 'back',
    leftAtMs: leftAt === undefined ? null : round(leftAt - firstRequestAt),
    recoveryMs:
      leftAt === undefined || steps.slice(leaving?.jump).some((step) => step.failed > 0) ? null : recoveryMs(findings, leftAt),
  };
}

function recoveryMs({ lastFailureAt }: Findings, leftAt: number): number {
  return round(Math.max(0, (lastFailureAt ?? leftAt) - leftAt));
}

function totalsReport(findings: Findings, steps: readonly StepReport[]): TotalsReport {
  const tallies = steps.flatMap((_, index) => userPhases.map((phase) => tallyOf(findings, index, phase)));
  const requests = sum(tallies, (tally) => tally.requests);
  const failed = sum(tallies, (tally) => tally.failed);
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

function bins(findings: Findings): number {
  return Math.ceil((findings.endedAt - findings.firstRequestAt) / findings.timeline.binMs);
}

// A bin without a request has no entry.
function filled(values: readonly (number | undefined)[] | undefined, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => values?.[index] ?? 0);
}
