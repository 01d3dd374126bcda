import { noPhase, PhaseLog } from '../../../lib/local/envoy/access-log';
import { type Findings, phaseNumber } from '../../../lib/rehearsal/findings';
import type { RequestResult } from '../../../lib/rehearsal/load/load-generator';
import { PhaseTally } from '../../../lib/rehearsal/load/tally';
import { countReports, disagreement } from '../../../lib/rehearsal/report/count-reports';
import { onlySteps, planOf } from '../short-plan';

const plan = onlySteps(planOf(), 'blue only');
const phase = phaseNumber(0, 'hold');

/** A hundred requests to blue, as each of three saw them. */
interface Seen {
  readonly client: { readonly ok: number; readonly gaveUp?: number; readonly reset?: number };
  readonly envoy: {
    readonly ok: number;
    readonly gaveUp?: number;
    readonly broken?: number;
    readonly foreign?: number;
    readonly underWay?: number;
  };
  readonly app: number;
}

function countsOf({ client, envoy, app }: Seen) {
  const tally = new PhaseTally();
  const log = new PhaseLog();
  const foreign = new PhaseLog();
  const times = (count: number | undefined, act: () => void) => Array.from({ length: count ?? 0 }).forEach(act);
  const result = (given: Partial<RequestResult>) =>
    tally.add({
      phase,
      sentAt: 0,
      endedAt: 1,
      status: 200,
      problem: undefined,
      slot: 'blue',
      route: '',
      appSlot: 'blue',
      ...given,
    });
  const line = (to: PhaseLog, code: number, flags: string) =>
    to.add({ phase: `${phase}`, code, flags, details: '', cluster: 'blue', attempts: 1 });
  times(client.ok, () => result({}));
  times(client.gaveUp, () => result({ status: undefined, problem: 'timeout' }));
  times(client.reset, () => result({ status: undefined, problem: 'ECONNRESET' }));
  times(envoy.ok, () => line(log, 200, '-'));
  times(envoy.gaveUp, () => line(log, 0, 'DC'));
  times(envoy.broken, () => line(log, 200, 'UC'));
  times(envoy.foreign, () => line(foreign, 200, '-'));
  const { underWay = 0 } = envoy;
  const noted = envoy.ok + (envoy.broken ?? 0) + (envoy.foreign ?? 0);
  const counted = noted + underWay;
  const findings: Pick<Findings, 'plan' | 'tallies' | 'accessLog' | 'envoyAnswers' | 'envoyRequests' | 'apps'> = {
    plan,
    tallies: new Map([[phase, tally]]),
    accessLog: new Map([
      [phase, log],
      [noPhase, foreign],
    ]),
    envoyAnswers: new Map([['blue', { ok: counted, underWay }]]),
    envoyRequests: noted + (envoy.gaveUp ?? 0),
    apps: new Map([['blue', new Map([[phase, { received: app, ok: app, error: 0 }]])]]),
  };
  return countReports(findings as Findings);
}

test.each<Seen & { readonly what: string }>([
  { what: 'all saw the same', client: { ok: 100 }, envoy: { ok: 100 }, app: 100 },
  { what: 'requests of somebody else', client: { ok: 100 }, envoy: { ok: 100, foreign: 7 }, app: 100 },
  { what: 'answers that broke off', client: { ok: 90, reset: 10 }, envoy: { ok: 90, broken: 10 }, app: 90 },
  { what: 'the client gave up, and so did Envoy', client: { ok: 90, gaveUp: 10 }, envoy: { ok: 90, gaveUp: 10 }, app: 90 },
  {
    what: 'the client gave up in the moment of the answer',
    client: { ok: 90, gaveUp: 10 },
    envoy: { ok: 94, gaveUp: 6 },
    app: 94,
  },
  { what: 'the app answered nobody', client: { ok: 90, gaveUp: 10 }, envoy: { ok: 90, gaveUp: 10 }, app: 98 },
  { what: 'somebody else is in the middle of an answer', client: { ok: 100 }, envoy: { ok: 100, underWay: 2 }, app: 100 },
  { what: 'a request that never reached Envoy', client: { ok: 90, gaveUp: 10 }, envoy: { ok: 90, gaveUp: 8 }, app: 90 },
])('$what: the counts agree', (seen) => {
  expect(countsOf(seen).filter(({ agree }) => !agree)).toEqual([]);
});

test.each<Seen & { readonly what: string; readonly wrong: readonly string[] }>([
  {
    what: 'Envoy sent some twice',
    client: { ok: 100 },
    envoy: { ok: 101 },
    app: 101,
    wrong: ['blue only: requests', 'blue only: answers of blue', 'whole run: requests', 'whole run: answers of blue'],
  },
  {
    what: 'the app answered less than arrived',
    client: { ok: 100 },
    envoy: { ok: 100 },
    app: 99,
    wrong: ['blue only: answers of blue', 'whole run: answers of blue'],
  },
  {
    what: 'answers were lost behind Envoy',
    client: { ok: 90, reset: 10 },
    envoy: { ok: 100 },
    app: 100,
    wrong: ['blue only: failed', 'blue only: answers of blue', 'whole run: answers of blue'],
  },
  {
    what: 'Envoy knows of all that were given up, and answered more',
    client: { ok: 85, gaveUp: 10, reset: 5 },
    envoy: { ok: 90, gaveUp: 10 },
    app: 90,
    wrong: ['blue only: failed', 'blue only: answers of blue', 'whole run: answers of blue'],
  },
  {
    what: 'the app answered more than were given up',
    client: { ok: 90, gaveUp: 10 },
    envoy: { ok: 90, gaveUp: 10 },
    app: 101,
    wrong: ['blue only: answers of blue', 'whole run: answers of blue'],
  },
  {
    what: 'more answers than were given up',
    client: { ok: 95, gaveUp: 5 },
    envoy: { ok: 100, gaveUp: 0 },
    app: 101,
    wrong: ['blue only: answers of blue', 'whole run: answers of blue'],
  },
])('$what: $wrong do not agree', (seen) => {
  expect(countsOf(seen).flatMap(({ agree, what }) => (agree ? [] : [what]))).toEqual(seen.wrong);
});

test('a disagreement names what each of them counted', () => {
  const [, , answers] = countsOf({ client: { ok: 95, gaveUp: 5 }, envoy: { ok: 100 }, app: 101 });
  expect(answers && disagreement(answers)).toBe(
    'blue only: answers of blue: got 95 by the client, 100 by Envoy and 101 by the app, expected the same but for 5 of which one gave up while another one still answered',
  );
});
