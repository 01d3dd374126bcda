import { noPhase } from '../../local/envoy/access-log';
import { faults } from '../../local/tasks/fault';
import type { Findings } from '../findings';
import { tooBusy, whenTooBusy } from '../run/too-busy';
import { highestRateWithoutFailure } from '../statistics/binomial';
import { countReports, disagreement } from './count-reports';
import { brokenIn, logOf, perSlot, sum, tallyOf, userPhases } from './phase-counts';
import type { FaultReport, RehearsalReport, StepReport, TotalsReport, Verdict } from './report';
import { stepReport } from './step-report';
import { round } from './words';

/** Makes the report of what was counted, and judges it. */
export function buildReport(findings: Findings): RehearsalReport {
  const { plan, timeline } = findings;
  const steps = plan.steps.map((_, index) => stepReport(findings, index));
  const counts = countReports(findings);
  const fault = faultReport(findings);
  const problems = [
    ...steps.flatMap((step) => step.problems.map((problem) => `${step.name}: ${problem}`)),
    ...counts.filter(({ agree }) => !agree).map(disagreement),
    ...findings.lost,
    ...(fault?.bit === false
      ? [`fault: ${fault.slot} ${fault.description}: ${findings.notBitten ?? 'no request noticed it'}`]
      : []),
  ];
  const unmeasured = [...steps.flatMap((step) => step.unmeasured.map((cause) => `${step.name}: ${cause}`))];
  return {
    plane: plan.plane,
    entry: plan.steps[0]?.model.entry ?? '',
    verdict: verdictOf(problems, unmeasured),
    problems,
    unmeasured: unmeasured.length === 0 ? [] : [...unmeasured, advice(findings, steps)],
    remarks: remarks(findings),
    startedAt: findings.startedAt.toISOString(),
    settings: { rate: plan.rate, requestsPerStep: plan.requestsPerStep, timeoutMs: plan.timeoutMs, path: plan.path },
    slots: plan.apps.map(({ slot, command }) => ({ slot, app: command ?? 'demo app', counts: findings.apps.has(slot) })),
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

// A machine with time to spare is asked for too many requests at a time.
function advice({ plan, steps }: Findings, reports: readonly StepReport[]): string {
  const busy = steps.some(({ machine }, index) => reports[index]?.unmeasured.length !== 0 && tooBusy(machine, plan.timeoutMs));
  return busy ? whenTooBusy : 'lower --rate, and try again';
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

function faultReport(findings: Findings): FaultReport | null {
  const { plan, faultBeganAt, firstRequestAt, notBitten } = findings;
  const { fault, leaving } = plan;
  if (fault === undefined || faultBeganAt === undefined) {
    return null;
  }
  const logs = plan.steps.flatMap((_, index) =>
    userPhases.filter((phase) => brokenIn(findings, index, phase, fault.slot)).map((phase) => logOf(findings, index, phase)),
  );
  const failed = sum(logs, ({ notOk }) => notOk.get(fault.slot) ?? 0);
  const again = sum(logs, ({ retried }) => retried.get(fault.slot) ?? 0);
  // That these two are as they should be was looked at when they began.
  const gone = fault.name === 'crash' || fault.name === 'refuse';
  const leftAt = leftAtOf(findings);
  return {
    slot: fault.slot,
    name: fault.name,
    description: faults[fault.name],
    step: plan.steps[fault.step]?.name ?? '',
    beganMs: round(faultBeganAt - firstRequestAt),
    bit: notBitten === undefined && (gone || failed + again > 0),
    failed,
    hiddenByRetries: sum(logs, ({ retriedOk }) => retriedOk.get(fault.slot) ?? 0),
    wayOut: leaving?.going ?? 'back',
    leftAtMs: leftAt === undefined ? null : round(leftAt - firstRequestAt),
    recoveryMs: leftAt === undefined ? null : recoveryMs(findings, leftAt),
  };
}

// Where the healthy slot has to start first, users wait for that too.
function leftAtOf({ plan: { leaving }, steps }: Findings): number | undefined {
  if (leaving === undefined) {
    return undefined;
  }
  return leaving.step === leaving.jump ? steps[leaving.jump]?.routesMovedAt : steps[leaving.step]?.beginAt;
}

function recoveryMs({ plan: { leaving }, steps, lastFailureAt }: Findings, leftAt: number): number | null {
  const over = steps[leaving?.jump ?? 0]?.holdAt ?? Number.POSITIVE_INFINITY;
  const last = lastFailureAt ?? leftAt;
  return last >= over ? null : round(Math.max(0, last - leftAt));
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
    ...(plan.deploy === undefined
      ? ['the tasks of a slot are one local process: deregistration, slow start and fail-over between zones are not shown']
      : [
          'all tasks are on this machine: slow start and fail-over between zones are not shown',
          'CloudFormation, ECS and the other services are emulated on this machine: a deploy does what it does in AWS, in seconds instead of minutes',
          'what a deploy starts does not count its requests: the client is compared with Envoy only',
        ]),
    ...(own.length > 0 && plan.deploy === undefined
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
