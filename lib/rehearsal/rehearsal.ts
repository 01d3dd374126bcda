import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readAccessLog } from '../local/envoy/access-log';
import type { EnvoyBinary } from '../local/envoy/envoy-binary';
import { type EnvoyConfiguration, type EnvoyResource, envoyConfiguration } from '../local/envoy/envoy-configuration';
import { type ClusterCounters, EnvoyProcess, validate } from '../local/envoy/envoy-process';
import type { AppCount } from '../local/tasks/counters';
import { SlotProcess } from '../local/tasks/slot-process';
import { type Findings, phaseNumber, type StepFindings } from './findings';
import { LoadGenerator, type RequestResult } from './load/load-generator';
import { failed, PhaseTally, SettleWatch, Timeline } from './load/tally';
import type { RehearsalPlan } from './plan';
import { RehearsalError } from './rehearsal-error';
import { buildReport } from './report/build-report';
import type { RehearsalReport } from './report/report';

/** How a rehearsal runs, apart from what it rehearses. */
export interface RehearsalOptions {
  readonly envoy: EnvoyBinary;

  /** Ends the rehearsal early; nothing stays behind. */
  readonly signal?: AbortSignal;

  /** Told whenever something changed, and some times a second while requests are sent. */
  readonly onProgress?: (progress: RehearsalProgress) => void;

  /**
   * Writes a step's traffic model in Envoy's words.
   *
   * @default envoyConfiguration
   */
  readonly configure?: typeof envoyConfiguration;
}

/** How far a rehearsal is. */
export interface RehearsalProgress {
  /** What it does right now. */
  readonly activity: 'checking' | 'starting' | 'changing' | 'holding' | 'counting';

  /** Index of the step. */
  readonly step: number;

  /** Requests of this step while its split stands still. */
  readonly sent: number;

  /** Of these, answers by slot, so far. */
  readonly observed: Readonly<Record<string, number>>;

  /** Failures of this step, so far. */
  readonly failed: number;
  readonly settleMs: number | undefined;

  /** Since the first request. */
  readonly total: { readonly requests: number; readonly failed: number; readonly elapsedMs: number };
}

/** What Envoy's main thread tells its worker takes a moment after the main thread has confirmed it. */
const workerDelayMs = 100;
const progressMs = 100;
const binMs = 100;
const previewRequests = 20;

/**
 * Runs a release on this machine: a real Envoy, real requests, one step after the other.
 *
 * @throws RehearsalError when it cannot be run; what did not hold in a run is in the report
 */
export async function rehearse(plan: RehearsalPlan, options: RehearsalOptions): Promise<RehearsalReport> {
  const run = new Run(plan, options);
  try {
    return buildReport(await run.run());
  } finally {
    await run.end();
  }
}

class Run {
  private readonly signal: AbortSignal;
  private readonly startedAt = new Date();
  private readonly slots = new Map<string, SlotProcess>();
  private readonly stopped: SlotProcess[] = [];
  private readonly tallies = new Map<number, PhaseTally>();
  private readonly clusterCounters = new Map<string, ClusterCounters>();
  private readonly total = { requests: 0, failed: 0 };
  private folder = '';
  private envoy: EnvoyProcess | undefined;
  private load: LoadGenerator | undefined;
  private timeline = new Timeline(binMs, 0);
  private watch: SettleWatch | undefined;
  private activity: RehearsalProgress['activity'] = 'checking';
  private step = 0;
  private lastClusters = '';
  private firstRequestAt = Number.NaN;
  private faultBeganAt: number | undefined;
  private lastFailureAt: number | undefined;
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    private readonly plan: RehearsalPlan,
    private readonly options: RehearsalOptions,
  ) {
    this.signal = options.signal ?? new AbortController().signal;
  }

  async run(): Promise<Findings> {
    const { plan } = this;
    this.progress('checking');
    this.folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
    await this.validateAll();

    this.progress('starting');
    await this.startSlots(0);
    const first = this.configuration(0);
    this.signal.throwIfAborted();
    this.envoy = await EnvoyProcess.start(this.options.envoy, first, this.version(0));
    await this.allHealthy(0);

    this.load = new LoadGenerator({
      port: this.envoy.port,
      path: plan.path,
      rate: plan.rate,
      timeoutMs: plan.timeoutMs,
      onResult: (result) => this.note(result),
    });
    this.firstRequestAt = performance.now();
    this.timeline = new Timeline(binMs, this.firstRequestAt);
    this.load.start();
    this.ticker = setInterval(() => this.progress(), progressMs);

    const steps: StepFindings[] = [];
    for (const index of plan.steps.keys()) {
      steps.push(await this.runStep(index, this.envoy, this.load));
    }
    clearInterval(this.ticker);
    await this.load.stop();
    const endedAt = performance.now();

    this.progress('counting');
    for (const target of plan.steps.at(-1)?.model.targets ?? []) {
      await this.keepCounters(target.name, this.envoy);
    }
    return {
      plan,
      envoyVersion: this.options.envoy.version,
      startedAt: this.startedAt,
      firstRequestAt: this.firstRequestAt,
      endedAt,
      steps,
      tallies: this.tallies,
      timeline: this.timeline,
      accessLog: await readAccessLog(this.envoy.accessLog()),
      clusters: this.clusterCounters,
      envoyRequests: await this.envoy.requests(),
      apps: this.appCounts(),
      lost: [...this.slots.values()]
        .filter(({ slot }) => plan.fault?.slot !== slot)
        .flatMap((slot) => (slot.lost === undefined ? [] : [`slot ${slot.slot}: its app ${slot.lost}`])),
      unsent: this.load.unsent,
      faultBeganAt: this.faultBeganAt,
      lastFailureAt: this.lastFailureAt,
    };
  }

  /** Ends everything that was started. May be called at any time. */
  async end(): Promise<void> {
    clearInterval(this.ticker);
    this.load?.abort();
    await Promise.allSettled([this.envoy?.stop(), ...[...this.slots.values()].map((slot) => slot.stop())]);
    if (this.folder !== '') {
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  // Envoy looks at every step before the first one runs: a mistake in the last step shows in the first second.
  private async validateAll(): Promise<void> {
    for (const [index, { name }] of this.plan.steps.entries()) {
      this.signal.throwIfAborted();
      await validate(this.options.envoy, this.configuration(index), name);
    }
  }

  private async runStep(index: number, envoy: EnvoyProcess, load: LoadGenerator): Promise<StepFindings> {
    const beginAt = performance.now();
    this.step = index;
    this.watch = undefined;
    load.phase = phaseNumber(index, 'change');
    this.progress('changing');
    const routesMovedAt = index === 0 ? undefined : await this.change(index, envoy);
    await wait(workerDelayMs, undefined, { signal: this.signal });
    if (index > 0) {
      await this.removeGone(index, envoy);
    }

    const hold = phaseNumber(index, 'hold');
    const holdAt = performance.now();
    load.phase = hold;
    this.progress('holding');
    const previews = await this.preview(index, load);
    const { fault } = this.plan;
    if (fault?.step === index) {
      // Some requests first, so that a reader sees what it was like before.
      await load.sentAtLeast(hold, Math.floor(this.plan.requestsPerStep / 3), this.signal);
      this.faultBeganAt = performance.now();
      await this.slots.get(fault.slot)?.misbehave(fault, this.plan.timeoutMs * 1.5);
    }
    await load.sentAtLeast(hold, this.plan.requestsPerStep, this.signal);
    const endAt = performance.now();
    // What comes now belongs to the next change already; the routes stay until the last request of this step is answered.
    load.phase = phaseNumber(index + 1, 'change');
    if (index === this.plan.steps.length - 1) {
      await load.stop();
    }
    await load.ended(hold);
    this.progress();
    return { version: this.version(index), beginAt, routesMovedAt, holdAt, endAt, settleMs: this.settleMs(), previews };
  }

  // As CloudFormation would do it: what is new first, then the route.
  private async change(index: number, envoy: EnvoyProcess): Promise<number> {
    const version = this.version(index);
    await this.startSlots(index);
    const configuration = this.configuration(index);
    const gone = this.configuration(index - 1).clusters.filter(
      ({ name }) => !configuration.clusters.some((cluster) => cluster.name === name),
    );
    await this.setClusters(envoy, [...configuration.clusters, ...gone], version);
    await this.allHealthy(index);

    const watch = new SettleWatch(version);
    this.watch = watch;
    watch.movedAt = await envoy.moveRoutes(configuration.routes, version);
    await envoy.routesInForce(version);
    return watch.movedAt;
  }

  // As CloudFormation would do it: what the template no longer has goes last, when nothing is sent to it any more.
  private async removeGone(index: number, envoy: EnvoyProcess): Promise<void> {
    const configuration = this.configuration(index);
    const kept = new Set(this.plan.steps[index]?.model.targets.map(({ slot }) => slot));
    const gone = this.plan.steps[index - 1]?.model.targets.filter(({ slot }) => !kept.has(slot)) ?? [];
    for (const { name } of gone) {
      await this.keepCounters(name, envoy);
    }
    await this.setClusters(envoy, configuration.clusters, `${this.version(index)} without what is gone`);
    for (const { slot } of gone) {
      const process = this.slots.get(slot);
      if (process) {
        await process.stop();
        this.slots.delete(slot);
        this.stopped.push(process);
      }
    }
  }

  // A weight change leaves the clusters as they are, and this file alone.
  private async setClusters(envoy: EnvoyProcess, clusters: readonly EnvoyResource[], version: string): Promise<void> {
    const content = JSON.stringify(clusters);
    if (this.lastClusters === '') {
      this.lastClusters = JSON.stringify(this.configuration(0).clusters);
    }
    if (content !== this.lastClusters) {
      this.lastClusters = content;
      await envoy.setClusters(clusters, version);
    }
  }

  // A cluster takes its counters along when it goes; it may come again later, and count from zero.
  private async keepCounters(cluster: string, envoy: EnvoyProcess): Promise<void> {
    await envoy.idle(cluster, this.plan.timeoutMs);
    const now = await envoy.clusterCounters(cluster);
    const before = this.clusterCounters.get(cluster) ?? { tries: 0, ok: 0, retries: 0 };
    this.clusterCounters.set(cluster, {
      tries: before.tries + now.tries,
      ok: before.ok + now.ok,
      retries: before.retries + now.retries,
    });
  }

  private async startSlots(index: number): Promise<void> {
    const labels = this.plan.steps[index]?.model.targets.map(({ slot }) => slot) ?? [];
    await Promise.all(
      labels
        .filter((label) => !this.slots.has(label))
        .map(async (label) => {
          const app = this.plan.apps.find(({ slot }) => slot === label);
          if (app === undefined) {
            throw new RehearsalError(`slot ${label}: got no app for it`);
          }
          this.slots.set(label, await SlotProcess.start(app, this.folder, this.signal));
        }),
    );
  }

  private async allHealthy(index: number): Promise<void> {
    const { fault } = this.plan;
    for (const { name, slot, healthCheck } of this.plan.steps[index]?.model.targets ?? []) {
      const broken = fault?.slot === slot && this.faultBeganAt !== undefined;
      if (healthCheck && !broken) {
        await this.envoy?.healthy(name);
      }
    }
  }

  private async preview(index: number, load: LoadGenerator): Promise<StepFindings['previews']> {
    const { model } = this.plan.steps[index] ?? {};
    const phase = phaseNumber(index, 'preview');
    const previews: { slot: string; result: RequestResult }[] = [];
    for (const route of model?.routes.filter(({ production }) => !production) ?? []) {
      const slot = model?.targets.find(({ name }) => name === route.targets[0]?.target)?.slot ?? '';
      const headers = Object.fromEntries(route.match.headers.map(({ name, value }) => [name, value]));
      for (let count = 0; count < previewRequests; count += 1) {
        const result = await load.one(phase, headers);
        this.note(result);
        previews.push({ slot, result });
      }
    }
    return previews;
  }

  private configuration(index: number): EnvoyConfiguration {
    const step = this.plan.steps[index];
    if (step === undefined) {
      throw new RehearsalError(`step ${index}: got no such step`);
    }
    const configure = this.options.configure ?? envoyConfiguration;
    // Before a slot has started, any port will do: Envoy's check opens none.
    const ports = Object.fromEntries(step.model.targets.map(({ slot, port }) => [slot, this.slots.get(slot)?.port ?? port]));
    return configure(step.model, ports, this.version(index));
  }

  private version(index: number): string {
    return `step ${index}`;
  }

  private note(result: RequestResult): void {
    const tally = this.tallies.get(result.phase) ?? new PhaseTally();
    this.tallies.set(result.phase, tally);
    tally.add(result);
    this.timeline.add(result);
    this.watch?.add(result);
    this.total.requests += 1;
    if (failed(result)) {
      this.total.failed += 1;
      this.lastFailureAt = Math.max(this.lastFailureAt ?? 0, result.sentAt);
    }
  }

  private appCounts(): Findings['apps'] {
    const apps = new Map<string, Map<number, AppCount>>();
    for (const process of [...this.stopped, ...this.slots.values()]) {
      const counts = process.counts();
      if (counts === undefined) {
        continue;
      }
      const sums = apps.get(process.slot) ?? new Map<number, AppCount>();
      apps.set(process.slot, sums);
      for (const [phase, { received, ok, error }] of counts) {
        const sum = sums.get(phase) ?? { received: 0, ok: 0, error: 0 };
        sums.set(phase, { received: sum.received + received, ok: sum.ok + ok, error: sum.error + error });
      }
    }
    return apps;
  }

  private settleMs(): number | undefined {
    return this.watch?.settleMs;
  }

  private progress(activity: RehearsalProgress['activity'] = this.activity): void {
    this.activity = activity;
    const hold = this.tallies.get(phaseNumber(this.step, 'hold'));
    const change = this.tallies.get(phaseNumber(this.step, 'change'));
    this.options.onProgress?.({
      activity,
      step: this.step,
      sent: hold?.requests ?? 0,
      observed: Object.fromEntries(
        this.plan.apps.flatMap(({ slot }) => {
          const count = hold?.ok.get(slot);
          return count === undefined ? [] : [[slot, count]];
        }),
      ),
      failed: (hold?.failed ?? 0) + (change?.failed ?? 0),
      settleMs: this.settleMs(),
      total: {
        requests: this.total.requests,
        failed: this.total.failed,
        elapsedMs: Number.isNaN(this.firstRequestAt) ? 0 : performance.now() - this.firstRequestAt,
      },
    });
  }
}
