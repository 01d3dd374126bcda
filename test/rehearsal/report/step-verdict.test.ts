import { PhaseLog } from '../../../lib/local/envoy/access-log';
import { type Findings, phaseNumber, type StepFindings } from '../../../lib/rehearsal/findings';
import { PhaseTally, Timeline } from '../../../lib/rehearsal/load/tally';
import { buildReport } from '../../../lib/rehearsal/report/build-report';
import { onlySteps, planOf } from '../short-plan';

const plan = onlySteps(planOf('--deploy'), '50/50');
const phase = phaseNumber(0, 'hold');
const deploy = { created: 0, updated: 2, deleted: 0, replaced: 0, seconds: 2.72, problem: undefined };

/** A step for which a hundred requests went to blue alone, by the routes that were in force before it. */
function reportOf(step: Partial<StepFindings>) {
  const tally = new PhaseTally();
  const log = new PhaseLog();
  for (let request = 0; request < 100; request += 1) {
    const answer = { sentAt: request, endedAt: request + 1, status: 200, problem: undefined };
    tally.add({ ...answer, phase, slot: 'blue', route: 'before', appSlot: undefined });
    log.add({ phase: `${phase}`, code: 200, flags: '-', details: '', cluster: 'blue', attempts: 1 });
  }
  const findings: Findings = {
    plan,
    envoyVersion: '1.2.3',
    startedAt: new Date(),
    firstRequestAt: 0,
    endedAt: 100,
    steps: [
      {
        version: 'after',
        beginAt: 0,
        routesMovedAt: undefined,
        holdAt: 0,
        endAt: 100,
        settleMs: undefined,
        deploy,
        unsent: 0,
        machine: { busy: 0, lateMs: 0 },
        previews: [],
        ...step,
      },
    ],
    tallies: new Map([[phase, tally]]),
    timeline: new Timeline(100, 0),
    accessLog: new Map([[phase, log]]),
    envoyAnswers: new Map(),
    envoyRequests: 100,
    apps: new Map(),
    lost: [],
    faultBeganAt: undefined,
    notBitten: undefined,
    remarks: [],
    lastFailureAt: undefined,
  };
  return buildReport(findings);
}

test('a deploy that went through must move the requests', () => {
  const report = reportOf({});
  expect(report.problems).toEqual([
    expect.stringMatching(/^50\/50: got 100 of 100 requests at blue \(100 %\), expected 50 %/),
    expect.stringMatching(/^50\/50: got 0 of 100 requests at green \(0 %\), expected 50 %/),
    '50/50: got 100 requests routed by "before", expected "after", which Envoy had confirmed',
  ]);
  expect(report.steps[0]?.deploy).toEqual({ created: 0, updated: 2, deleted: 0, replaced: 0, seconds: 2.7 });
});

test('a deploy that failed is the problem, and not that its weights are not in force', () => {
  const report = reportOf({ deploy: { ...deploy, problem: 'release guard: got no' } });
  expect(report.verdict).toBe('did not hold');
  expect(report.problems).toEqual(['50/50: its deploy failed, and the release ended there: release guard: got no']);
});

test('where nothing is deployed the report has no word about a deploy', () => {
  expect(reportOf({ deploy: undefined }).steps[0]).not.toHaveProperty('deploy');
});

test('apps that do not count are in no count, and Envoy is taken at its notes', () => {
  const report = reportOf({});
  expect(report.slots.map(({ counts }) => counts)).toEqual([false, false]);
  expect(report.counts.map(({ what, client, envoy, apps, agree }) => [what, client, envoy, apps, agree])).toEqual([
    ['50/50: requests', 100, 100, null, true],
    ['50/50: failed', 0, 0, null, true],
    ['50/50: answers of blue', 100, 100, null, true],
    ['50/50: answers of green', 0, 0, null, true],
    ['whole run: requests', 100, 100, null, true],
    ['whole run: answers of blue', 100, 100, null, true],
    ['whole run: answers of green', 0, 0, null, true],
  ]);
});
