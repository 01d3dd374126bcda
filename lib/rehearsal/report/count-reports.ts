import { noPhase, PhaseLog } from '../../local/envoy/access-log';
import { type Findings, phases } from '../findings';
import type { PhaseTally } from '../load/tally';
import { logOf, sum, tallyOf, total } from './phase-counts';
import type { CountReport } from './report';

/** What the client, Envoy and the apps counted, each for itself: per step, and over the whole run. */
export function countReports(findings: Findings): readonly CountReport[] {
  const { plan } = findings;
  return [...plan.steps.flatMap((_, index) => ofStep(findings, index)), ...ofRun(findings)];
}

/** A count that does not agree, in words. */
export function disagreement({ what, client, envoy, apps, unsure }: CountReport): string {
  const within = unsure === 0 ? 'the same' : `the same but for ${unsure} of which one gave up while another one still answered`;
  return `${what}: got ${client} by the client, ${envoy} by Envoy${apps === null ? '' : ` and ${apps} by the app`}, expected ${within}`;
}

function ofStep(findings: Findings, index: number): CountReport[] {
  const tallies = phases.map((phase) => tallyOf(findings, index, phase));
  const logs = phases.map((phase) => logOf(findings, index, phase));
  const name = findings.plan.steps[index]?.name;
  const unknown = unknownEnds(tallies, logs);
  const slots = findings.plan.steps[index]?.model.targets.map(({ slot }) => slot) ?? [];
  return [
    // What Envoy does not know of may never have reached it, or was answered by it in the same moment.
    compared({
      what: `${name}: requests`,
      client: sum(tallies, ({ requests }) => requests),
      envoy: sum(logs, ({ requests }) => requests),
      fewer: unknown,
    }),
    compared({
      what: `${name}: failed`,
      client: sum(tallies, ({ failed }) => failed),
      envoy: sum(logs, ({ notOk }) => total(notOk)),
      fewer: unknown,
    }),
    ...slots.map((slot) => {
      return compared({
        what: `${name}: answers of ${slot}`,
        client: sum(tallies, ({ ok }) => ok.get(slot) ?? 0),
        envoy: sum(logs, ({ ok }) => ok.get(slot) ?? 0),
        apps: appSum(findings, slot, (phase) => Math.floor(phase / phases.length) === index),
        more: unknown,
        abandoned: sum(logs, (log) => lateAt(log, slot)),
      });
    }),
  ];
}

function ofRun(findings: Findings): CountReport[] {
  const { plan, accessLog, envoyAnswers } = findings;
  const tallies = [...findings.tallies.values()];
  const logs = [...accessLog].filter(([phase]) => phase !== noPhase).map(([, log]) => log);
  const foreign = accessLog.get(noPhase) ?? new PhaseLog();
  const unknown = unknownEnds(tallies, logs);
  return [
    compared({
      what: 'whole run: requests',
      client: sum(tallies, ({ requests }) => requests),
      envoy: findings.envoyRequests - foreign.requests,
      fewer: unknown,
    }),
    ...plan.apps.map(({ slot }) => {
      // Envoy's own counters know neither who asked nor whether an answer was complete.
      const { ok, underWay } = envoyAnswers.get(slot) ?? { ok: undefined, underWay: 0 };
      const foreignOrBroken = (foreign.ok.get(slot) ?? 0) + sum([foreign, ...logs], ({ broken }) => broken.get(slot) ?? 0);
      const noted = sum(logs, (log) => log.ok.get(slot) ?? 0);
      return compared({
        what: `whole run: answers of ${slot}`,
        client: sum(tallies, ({ ok }) => ok.get(slot) ?? 0),
        envoy: ok === undefined ? noted : ok - foreignOrBroken,
        apps: appSum(findings, slot, () => true),
        more: unknown,
        // Ours are over: these are of somebody else, who may have the head of an answer already.
        foreign: underWay,
        abandoned: sum(logs, (log) => lateAt(log, slot)),
      });
    }),
  ];
}

// Requests that the client gave up and of which Envoy noted something else, or nothing.
function unknownEnds(tallies: readonly PhaseTally[], logs: readonly PhaseLog[]): number {
  return Math.max(0, sum(tallies, ({ gaveUp }) => gaveUp) - sum(logs, ({ gaveUp }) => total(gaveUp)));
}

// Requests for which Envoy did not wait any longer: the app may have answered them all the same.
function lateAt({ reasons }: PhaseLog, slot: string): number {
  const late = [...(reasons.get(slot)?.values() ?? [])].filter((reason) => reason.late);
  return sum(late, ({ count }) => count);
}

interface Counted {
  readonly what: string;
  readonly client: number;
  readonly envoy: number;
  readonly apps?: number | null;

  /** By so many Envoy may have counted fewer than the client, or more; or more of somebody else's. */
  readonly fewer?: number;
  readonly more?: number;
  readonly foreign?: number;

  /** By so many the app may have counted more, besides. */
  readonly abandoned?: number;
}

function compared({ what, client, envoy, apps = null, fewer = 0, more = 0, foreign = 0, abandoned = 0 }: Counted): CountReport {
  const ofEnvoy = envoy >= client - fewer && envoy <= client + more + foreign;
  const ofApps = apps === null || (apps >= client && apps <= client + more + abandoned);
  const unsure = fewer + more + foreign + (apps === null ? 0 : abandoned);
  return { what, client, envoy, apps, unsure, agree: ofEnvoy && ofApps };
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
