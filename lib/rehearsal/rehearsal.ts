// A release under load on this machine, with a verdict.

import type { EnvoyBinary } from '../local/envoy/envoy-binary';
import type { envoyConfiguration } from '../local/envoy/envoy-configuration';
import { TooSlowError } from '../local/local-error';
import { type Findings, phaseNumber, type StepFindings } from './findings';
import { LoadGenerator } from './load/load-generator';
import type { RehearsalPlan } from './plan';
import type { RehearsalProgress } from './progress';
import { NotMeasuredError } from './rehearsal-error';
import { buildReport } from './report/build-report';
import { userPhases } from './report/phase-counts';
import type { RehearsalReport } from './report/report';
import { MachineWatch } from './run/machine-watch';
import { preview } from './run/previews';
import { RunRecord } from './run/run-record';
import { SlotProcesses } from './run/slot-processes';
import { StepEnvoy, versionOf } from './run/step-envoy';
import { tooBusy, whenTooBusy } from './run/too-busy';

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

/** A change that Envoy has confirmed is in force a moment later; what takes longer than this shows in the counts. */
const followPatienceMs = 5000;

/** Whoever says that something took too long has waited so long at least. */
const waitedMs = 30_000;
const progressMs = 100;

/**
 * Runs a release on this machine: a real Envoy, real requests, one step after the other.
 *
 * @throws RehearsalError, LocalError when it cannot be run; what did not hold in a run is in the report
 * @throws NotMeasuredError when something took too long on a machine that was too busy
 */
export async function rehearse(plan: RehearsalPlan, options: RehearsalOptions): Promise<RehearsalReport> {
  const run = new Run(plan, options);
  try {
    return buildReport(await run.run());
  } catch (error) {
    throw run.judged(error);
  } finally {
    await run.end();
  }
}

/** The run of the steps, one after the other. */
class Run {
  private readonly signal: AbortSignal;
  private readonly record = new RunRecord();
  private readonly slots: SlotProcesses;
  private readonly envoy: StepEnvoy;
  private load: LoadGenerator | undefined;
  private activity: RehearsalProgress['activity'] = 'checking';
  private step = 0;
  private readonly machine = new MachineWatch();
  private faultBeganAt: number | undefined;
  private notBitten: string | undefined;
  private lostBefore: string | undefined;
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    private readonly plan: RehearsalPlan,
    private readonly options: RehearsalOptions,
  ) {
    this.signal = options.signal ?? new AbortController().signal;
    this.slots = new SlotProcesses(plan.apps, this.signal);
    this.envoy = new StepEnvoy({
      binary: options.envoy,
      steps: plan.steps,
      port: (slot) => this.slots.port(slot),
      lost: (slot) => this.slots.lostOf(slot),
      configure: options.configure,
      patienceMs: plan.timeoutMs,
      signal: this.signal,
    });
  }

  async run(): Promise<Findings> {
    const { plan, envoy, record, slots } = this;
    this.machine.start();
    this.progress('checking');
    await envoy.validateAll();

    this.progress('starting');
    await slots.start(this.slotsOf(0));
    this.signal.throwIfAborted();
    await envoy.start();
    await envoy.healthy(0, undefined);

    const load = new LoadGenerator({
      port: envoy.port,
      path: plan.path,
      host: plan.steps[0]?.model.host,
      rate: plan.rate,
      timeoutMs: plan.timeoutMs,
      onResult: (result) => record.note(result),
    });
    this.load = load;
    record.begin();
    load.start();
    this.ticker = setInterval(() => this.progress(), progressMs);

    const steps: StepFindings[] = [];
    for (const index of plan.steps.keys()) {
      steps.push(await this.runStep(index, load));
    }
    clearInterval(this.ticker);
    await load.stop();
    const endedAt = performance.now();

    this.progress('counting');
    const { accessLog, requests } = await envoy.count();
    const lost = [...slots.lost(plan.fault?.slot), ...(this.lostBefore === undefined ? [] : [this.lostBefore])];
    // Whether the apps end as they should is known when they have; not as long as Envoy keeps connections to them.
    await envoy.end();
    await slots.stopAll();
    return {
      plan,
      envoyVersion: this.options.envoy.version,
      startedAt: record.startedAt,
      firstRequestAt: record.firstRequestAt,
      endedAt,
      steps,
      tallies: record.tallies,
      timeline: record.timeline,
      accessLog,
      clusters: envoy.counters,
      envoyRequests: requests,
      apps: slots.counts(),
      lost,
      faultBeganAt: this.faultBeganAt,
      notBitten: this.notBitten,
      remarks: slots.remarks(),
      lastFailureAt: record.lastFailureAt,
    };
  }

  /** What took too long on a machine that was too busy says nothing of who was slow. */
  judged(error: unknown): unknown {
    if (!(error instanceof TooSlowError)) {
      return error;
    }
    const now = performance.now();
    const busy = tooBusy(this.machine.between(now - waitedMs, now), this.plan.timeoutMs);
    return busy === undefined
      ? error
      : new NotMeasuredError([`not measured: ${busy}; ${whenTooBusy}`, `what took too long: ${error.message}`]);
  }

  /** Ends everything that was started. May be called at any time. */
  async end(): Promise<void> {
    this.machine.stop();
    clearInterval(this.ticker);
    this.load?.abort();
    await Promise.allSettled([this.envoy.end(), this.slots.end()]);
  }

  private async runStep(index: number, load: LoadGenerator): Promise<StepFindings> {
    const beginAt = performance.now();
    this.step = index;
    this.record.watchNone();
    load.phase = phaseNumber(index, 'change');
    this.progress('changing');
    const routesMovedAt = index === 0 ? undefined : await this.change(index);
    await this.record.following(followPatienceMs, this.signal);
    // As CloudFormation would do it: what the template no longer has goes last, when nothing is sent to it any more.
    for (const slot of index === 0 ? [] : await this.envoy.removeTargets(index)) {
      await this.slots.stop(slot);
    }

    const hold = phaseNumber(index, 'hold');
    const holdAt = performance.now();
    load.phase = hold;
    this.progress('holding');
    const previews = await this.preview(index, load);
    this.signal.throwIfAborted();
    await this.holdStill(index, load);
    const endAt = performance.now();
    // What comes now belongs to the next change already; the routes stay until the last request of this step is answered.
    load.phase = phaseNumber(index + 1, 'change');
    if (index === this.plan.steps.length - 1) {
      await load.stop();
    }
    await load.ended(hold);
    await load.ended(phaseNumber(index, 'broken'));
    this.progress();
    const { settleMs } = this.record;
    const unsent = userPhases.reduce((sum, phase) => sum + load.unsentIn(phaseNumber(index, phase)), 0);
    const machine = this.machine.between(beginAt, performance.now());
    return { version: versionOf(index), beginAt, routesMovedAt, holdAt, endAt, settleMs, unsent, machine, previews };
  }

  private async holdStill(index: number, load: LoadGenerator): Promise<void> {
    const { fault, leaving, requestsPerStep } = this.plan;
    const hold = phaseNumber(index, 'hold');
    // On the way out of a release nobody looks at a step before the jump.
    const onTheWay = leaving !== undefined && index >= leaving.step && index < leaving.jump;
    const requests = onTheWay ? 1 : requestsPerStep;
    if (fault?.step !== index) {
      await load.sentAtLeast(hold, requests, this.signal);
      return;
    }
    // Some requests first, so that a reader sees what it was like before. They are answered before it begins: what failed by the fault, and what
    // failed before, must not be mixed.
    await load.sentAtLeast(hold, Math.floor(requests / 3), this.signal);
    const broken = phaseNumber(index, 'broken');
    load.phase = broken;
    await load.ended(hold);
    this.signal.throwIfAborted();
    this.lostBefore = this.slots.lostOf(fault.slot);
    this.faultBeganAt = performance.now();
    this.notBitten = await this.slots.misbehave(fault, this.plan.timeoutMs * 1.5);
    await load.sentAtLeast(broken, requests - load.sentIn(hold), this.signal);
  }

  // As CloudFormation would do it: what is new first, then the route.
  private async change(index: number): Promise<number> {
    await this.slots.start(this.slotsOf(index));
    await this.envoy.addTargets(index);
    await this.envoy.healthy(index, this.broken);

    const watch = this.record.watchFor(versionOf(index));
    const movedAt = await this.envoy.moveRoutes(index);
    watch.movedAt = movedAt;
    await this.envoy.routesInForce(index);
    return movedAt;
  }

  private async preview(index: number, load: LoadGenerator): Promise<StepFindings['previews']> {
    const model = this.plan.steps[index]?.model;
    const send = async (headers: Readonly<Record<string, string>>) => {
      const result = await load.one(phaseNumber(index, 'preview'), headers);
      this.record.notePreview(result);
      return result;
    };
    return model === undefined ? [] : preview(model, this.broken, send);
  }

  // The slot that was broken on purpose, from then on.
  private get broken(): string | undefined {
    return this.faultBeganAt === undefined ? undefined : this.plan.fault?.slot;
  }

  private slotsOf(index: number): readonly string[] {
    return this.plan.steps[index]?.model.targets.map(({ slot }) => slot) ?? [];
  }

  private progress(activity: RehearsalProgress['activity'] = this.activity): void {
    this.activity = activity;
    const slots = this.plan.apps.map(({ slot }) => slot);
    const port = this.load?.port;
    this.options.onProgress?.({ ...this.record.progress(activity, this.step, slots), port });
  }
}
