import { noPhase, PhaseLog } from '../../local/envoy/access-log';
import { type Findings, phases } from '../findings';
import { clusterOf, logOf, sum, tallyOf } from './phase-counts';
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
  const gaveUp = sum(tallies, (tally) => tally.gaveUp);
  const slots = findings.plan.steps[index]?.model.targets.map(({ slot }) => slot) ?? [];
  return [
    // What the client gave up may never have reached Envoy, or may have been answered by it in the same moment.
    atMost(
      `${name}: requests`,
      sum(tallies, ({ requests }) => requests),
      sum(logs, ({ requests }) => requests),
      gaveUp,
    ),
    atMost(
      `${name}: failed`,
      sum(tallies, ({ failed }) => failed),
      sum(logs, ({ notOk }) => sum([...notOk.values()], (count) => count)),
      gaveUp,
    ),
    ...slots.map((slot) => {
      const cluster = clusterOf(findings, index, slot) ?? '';
      return atLeast(`${name}: answers of ${slot}`, {
        client: sum(tallies, ({ ok }) => ok.get(slot) ?? 0),
        envoy: sum(logs, ({ ok }) => ok.get(cluster) ?? 0),
        apps: appSum(findings, slot, (phase) => Math.floor(phase / phases.length) === index),
        gaveUp,
        abandoned: sum(logs, (log) => abandonedIn(log, cluster)),
      });
    }),
  ];
}

function ofRun(findings: Findings): CountReport[] {
  const { plan, accessLog, clusters } = findings;
  const tallies = [...findings.tallies.values()];
  const logs = [...accessLog].filter(([phase]) => phase !== noPhase).map(([, log]) => log);
  const foreign = accessLog.get(noPhase) ?? new PhaseLog();
  const gaveUp = sum(tallies, (tally) => tally.gaveUp);
  return [
    atMost(
      'whole run: requests',
      sum(tallies, ({ requests }) => requests),
      findings.envoyRequests - foreign.requests,
      gaveUp,
    ),
    ...plan.apps.map(({ slot }) => {
      const names = [
        ...new Set(plan.steps.flatMap(({ model }) => model.targets.filter((each) => each.slot === slot)).map(({ name }) => name)),
      ];
      // Envoy's own counters know neither who asked nor whether an answer was complete.
      const counted = sum(names, (name) => clusters.get(name)?.ok ?? 0);
      const foreignOrBroken = sum(
        names,
        (name) => (foreign.ok.get(name) ?? 0) + sum([foreign, ...logs], ({ broken }) => broken.get(name) ?? 0),
      );
      return atLeast(`whole run: answers of ${slot}`, {
        client: sum(tallies, ({ ok }) => ok.get(slot) ?? 0),
        envoy: counted - foreignOrBroken,
        apps: appSum(findings, slot, () => true),
        gaveUp,
        abandoned: sum(logs, (log) => sum(names, (name) => abandonedIn(log, name))),
      });
    }),
  ];
}

// Answers that an app may have sent although Envoy did not wait for them any more.
function abandonedIn({ reasons, again }: PhaseLog, cluster: string): number {
  const late = [...(reasons.get(cluster)?.values() ?? [])].filter((reason) => reason.late);
  return sum(late, ({ count }) => count) + (again.get(cluster) ?? 0);
}

function atMost(what: string, client: number, envoy: number, unsure: number): CountReport {
  return { what, client, envoy, apps: null, unsure, agree: envoy <= client && envoy >= client - unsure };
}

interface Answers {
  readonly client: number;
  readonly envoy: number;
  readonly apps: number | null;
  readonly gaveUp: number;
  readonly abandoned: number;
}

function atLeast(what: string, { client, envoy, apps, gaveUp, abandoned }: Answers): CountReport {
  const unsure = gaveUp + (apps === null ? 0 : abandoned);
  const agree =
    envoy >= client && envoy <= client + gaveUp && (apps === null || (apps >= client && apps <= client + gaveUp + abandoned));
  return { what, client, envoy, apps, unsure, agree };
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
