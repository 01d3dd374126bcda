import { shareInWords } from '../../terminal/words';
import { type Findings, phases } from '../findings';
import { maxUnderWay } from '../load/load-generator';
import { failed, PhaseTally } from '../load/tally';
import { tooBusy } from '../run/too-busy';
import { falseAlarmRate, withinChance } from '../statistics/binomial';
import { holdPhases, logOf, perSlot, sum, tallyOf } from './phase-counts';
import type { PerSlot, StepReport } from './report';

type Judged = Pick<StepReport, 'problems' | 'unmeasured'>;
type Unjudged = Omit<StepReport, keyof Judged>;

/** Judges what was counted in one step. */
export function judgeStep(findings: Findings, index: number, report: Unjudged): Judged {
  const failures = [...requestFailures(findings, index, report), ...previewFailures(findings, index)];
  const step = findings.steps[index];
  const busy = step && tooBusy(step.machine, findings.plan.timeoutMs);
  // Where the machine has no time to spare, an answer that came too late says nothing about who was slow.
  const unclear = busy === undefined ? [] : failures.filter(({ late, alone }) => late && !alone);
  const unsent = step?.unsent ?? 0;
  // What a template says whose deploy failed is not in force.
  const deployProblem = step?.deploy?.problem;
  const clear = failures.filter((failure) => !unclear.includes(failure));
  return {
    problems: [
      ...(deployProblem === undefined
        ? [...shareProblems(report), ...routeProblems(findings, index, report)]
        : [`its deploy failed, and the release ended there: ${deployProblem}`]),
      ...originProblems(findings, index),
      ...clear.map(({ words }) => words),
      ...leavingProblems(findings, index, report, failures),
    ],
    unmeasured: [
      ...(unclear.length === 0 ? [] : [`${sum(unclear, ({ count }) => count)} requests had no answer in time, while ${busy}`]),
      ...(unsent === 0
        ? []
        : [
            `${unsent} requests could not be sent at the rate of ${findings.plan.rate} per second, with ${maxUnderWay} still under way` +
              (busy === undefined ? '' : `, while ${busy}`),
          ]),
    ],
  };
}

/** Fewer requests than these say nothing about a slot. */
const enough = 20;

/** A machine that is too busy does not choose: what fails half of the time at one slot, and next to never at another, is that slot. */
function failsAlone(slot: string, all: PerSlot, failed: PerSlot): boolean {
  const share = (each: string) => ((all[each] ?? 0) < enough ? undefined : (failed[each] ?? 0) / (all[each] ?? 1));
  const others = Object.keys(all).filter((each) => each !== slot);
  return (share(slot) ?? 0) >= 0.5 && others.some((each) => (share(each) ?? 1) <= 0.05);
}

interface Failure {
  readonly words: string;
  readonly count: number;
  readonly late: boolean;

  /** Whether this slot failed often, and another one next to never. */
  readonly alone: boolean;
}

function shareProblems({ observed, expectedShare }: Unjudged): string[] {
  const all = sum(Object.values(observed), (count) => count);
  return Object.entries(expectedShare).flatMap(([slot, share]) => {
    const count = observed[slot] ?? 0;
    const chance = share > 0 && share < 1;
    return withinChance(count, all, share)
      ? []
      : [
          `got ${count} of ${all} requests at ${slot} (${shareInWords(count / all)}), expected ${shareInWords(share)}` +
            `${chance ? `, as far off as chance brings it in fewer than 1 of ${Math.round(1 / falseAlarmRate)} runs` : ' exactly'}`,
        ];
  });
}

// Every answer is by the routes of this step.
function routeProblems(findings: Findings, index: number, { weights }: Unjudged): string[] {
  const hold = PhaseTally.sum(holdPhases.map((phase) => tallyOf(findings, index, phase)));
  const version = findings.steps[index]?.version;
  return [
    ...[...hold.ok]
      .filter(([slot]) => weights[slot] === undefined)
      .map(([slot, count]) => `got ${count} answers of ${slot}, which the template does not have in this step`),
    ...[...hold.routes]
      .filter(([route]) => route !== version)
      .map(([route, count]) => `got ${count} requests routed by "${route}", expected "${version}", which Envoy had confirmed`),
  ];
}

// Every answer is from the slot that Envoy chose.
function originProblems(findings: Findings, index: number): string[] {
  const tallies = phases.map((phase) => tallyOf(findings, index, phase));
  const previews = findings.steps[index]?.previews ?? [];
  const elsewhere = previews.filter(({ slot, result }) => result.slot !== slot && !failed(result));
  return [
    ...tallies.flatMap(({ swapped }) =>
      [...swapped].map(([swap, count]) => {
        const [chosen, answered] = swap.split(' -> ');
        return `got ${count} answers in which the app of ${chosen} calls itself ${answered}`;
      }),
    ),
    ...tallies.flatMap(({ unmarked }) =>
      [...unmarked]
        // An app that counts says so too.
        .filter(([slot]) => findings.apps.has(slot))
        .map(([slot, count]) => `got ${count} answers of ${slot} that do not say which slot they are from`),
    ),
    ...(elsewhere.length === 0 ? [] : [`got ${elsewhere.length} answers of another slot than the preview header asked for`]),
  ];
}

function requestFailures(findings: Findings, index: number, { failures, observed, weights }: Unjudged): Failure[] {
  const logs = holdPhases.map((phase) => logOf(findings, index, phase));
  const failedAt = perSlot(Object.keys(weights), (slot) => sum(logs, ({ notOk }) => notOk.get(slot) ?? 0));
  return failures
    .filter(({ meant }) => !meant)
    .map(({ slot, reason, count, late }) => ({
      words: `${count} requests failed${slot === null ? '' : ` at ${slot}`} (${reason}), expected none`,
      count,
      late,
      alone: slot !== null && failsAlone(slot, observed, failedAt),
    }));
}

function previewFailures({ steps }: Findings, index: number): Failure[] {
  const previews = steps[index]?.previews ?? [];
  const slots = [...new Set(previews.map(({ slot }) => slot))];
  const count = (wanted: (preview: (typeof previews)[number]) => boolean) => previews.filter(wanted).length;
  const all = perSlot(slots, (slot) => count((preview) => preview.slot === slot));
  const failedAt = perSlot(slots, (slot) => count((preview) => preview.slot === slot && failed(preview.result)));
  const reasonOf = ({ result }: (typeof previews)[number]) => result.problem ?? `status ${result.status}`;
  return slots.flatMap((slot) => {
    const failures = previews.filter((preview) => preview.slot === slot && failed(preview.result));
    return [...new Set(failures.map(reasonOf))].map((reason) => {
      const so = failures.filter((preview) => reasonOf(preview) === reason).length;
      return {
        words: `${so} requests by the preview header failed at ${slot} (${reason}), expected none`,
        count: so,
        late: reason === 'timeout',
        alone: failsAlone(slot, all, failedAt),
      };
    });
  });
}

// The healthy slot answers everything: now nothing is meant to fail any more.
function leavingProblems(
  { plan: { leaving } }: Findings,
  index: number,
  report: Unjudged,
  failures: readonly Failure[],
): string[] {
  return leaving !== undefined && index >= leaving.jump && report.failed > 0 && failures.length === 0
    ? [`${report.failed} requests still failed after going ${leaving.going}, expected none`]
    : [];
}
