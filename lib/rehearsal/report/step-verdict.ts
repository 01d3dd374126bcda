import { type Findings, phases } from '../findings';
import { failed } from '../load/tally';
import { tooBusy } from '../run/too-busy';
import { falseAlarmRate, withinChance } from '../statistics/binomial';
import { sum, tallyOf } from './phase-counts';
import type { StepReport } from './report';
import { shareInWords } from './words';

type Judged = Pick<StepReport, 'problems' | 'unmeasured'>;
type Unjudged = Omit<StepReport, keyof Judged>;

/** Judges what was counted in one step. */
export function judgeStep(findings: Findings, index: number, report: Unjudged): Judged {
  const failures = [...requestFailures(findings, index, report), ...previewFailures(findings, index)];
  const machine = findings.steps[index]?.machine;
  const busy = machine && tooBusy(machine, findings.plan.timeoutMs);
  // Where the machine has no time to spare, an answer that came too late says nothing about who was slow.
  const unclear = busy === undefined ? [] : failures.filter(({ late }) => late);
  const clear = failures.filter((failure) => !unclear.includes(failure));
  return {
    problems: [
      ...shareProblems(report),
      ...originProblems(findings, index, report),
      ...clear.map(({ words }) => words),
      ...leavingProblems(findings, index, report, failures),
    ],
    unmeasured:
      unclear.length === 0 ? [] : [`${sum(unclear, ({ count }) => count)} requests had no answer in time, while ${busy}`],
  };
}

interface Failure {
  readonly words: string;
  readonly count: number;
  readonly late: boolean;
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

// Every answer is from the slot that Envoy chose, by the routes of this step.
function originProblems(findings: Findings, index: number, { weights }: Unjudged): string[] {
  const { plan, steps } = findings;
  const hold = tallyOf(findings, index, 'hold');
  const version = steps[index]?.version;
  const tallies = phases.map((phase) => tallyOf(findings, index, phase));
  const demo = new Set(plan.apps.filter(({ command }) => command === undefined).map(({ slot }) => slot));
  const elsewhere = (steps[index]?.previews ?? []).filter(({ slot, result }) => result.slot !== slot && !failed(result));
  return [
    ...[...hold.ok]
      .filter(([slot]) => weights[slot] === undefined)
      .map(([slot, count]) => `got ${count} answers of ${slot}, which the template does not have in this step`),
    ...[...hold.routes]
      .filter(([route]) => route !== version)
      .map(([route, count]) => `got ${count} requests routed by "${route}", expected "${version}", which Envoy had confirmed`),
    ...tallies.flatMap(({ swapped }) =>
      [...swapped].map(([swap, count]) => {
        const [chosen, answered] = swap.split(' -> ');
        return `got ${count} answers in which the app of ${chosen} calls itself ${answered}`;
      }),
    ),
    ...tallies.flatMap(({ unmarked }) =>
      [...unmarked]
        .filter(([slot]) => demo.has(slot))
        .map(([slot, count]) => `got ${count} answers of ${slot} that do not say which slot they are from`),
    ),
    ...(elsewhere.length === 0 ? [] : [`got ${elsewhere.length} answers of another slot than the preview header asked for`]),
  ];
}

function requestFailures({ plan: { fault } }: Findings, index: number, { failures }: Unjudged): Failure[] {
  const meant = (slot: string | null) => fault !== undefined && index >= fault.step && slot === fault.slot;
  return failures
    .filter(({ slot }) => !meant(slot))
    .map(({ slot, reason, count, late }) => ({
      words: `${count} requests failed${slot === null ? '' : ` at ${slot}`} (${reason}), expected none`,
      count,
      late,
    }));
}

function previewFailures({ steps }: Findings, index: number): Failure[] {
  const found = new Map<string, Failure>();
  for (const { slot, result } of steps[index]?.previews ?? []) {
    if (failed(result)) {
      const reason = result.problem ?? `status ${result.status}`;
      const count = (found.get(`${slot} ${reason}`)?.count ?? 0) + 1;
      found.set(`${slot} ${reason}`, {
        words: `${count} requests by the preview header failed at ${slot} (${reason}), expected none`,
        count,
        late: result.problem === 'timeout' || result.status === 504,
      });
    }
  }
  return [...found.values()];
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
