// A release under load on this machine, with a verdict.

import type { EnvoyBinary } from '../local/envoy/envoy-binary';
import type { envoyConfiguration } from '../local/envoy/envoy-configuration';
import { TooSlowError } from '../local/local-error';
import type { TrafficModel } from '../local/routes/traffic-model';
import { type Findings, phaseNumber, type StepFindings } from './findings';
import { LoadGenerator } from './load/load-generator';
import type { RehearsalPlan } from './plan';
import type { RehearsalProgress } from './progress';
import { NotMeasuredError } from './rehearsal-error';
import { buildReport } from './report/build-report';
import { userPhases } from './report/phase-counts';
import type { RehearsalReport } from './report/report';
import { DeployedStand } from './run/deployed-stand';
import { ImitatedStand } from './run/imitated-stand';
import { MachineWatch } from './run/machine-watch';
import { preview } from './run/previews';
import { RunRecord } from './run/run-record';
import type { Stand, StepChange } from './run/stand';
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
  private readonly stand: Stand;
  private load: LoadGenerator | undefined;
  private activity: RehearsalProgress['activity'] = 'checking';
  private step = 0;
  private readonly machine = new MachineWatch();
  private faultBeganAt: number | undefined;
  private notBitten: string | undefined;
  private ticker: NodeJS.Timeout | undefined;

  constructor(
    private readonly plan: RehearsalPlan,
    private readonly options: RehearsalOptions,
  ) {
    this.signal = options.signal ?? new AbortController().signal;
    const { envoy, configure } = options;
    this.stand =
      plan.deploy === undefined
        ? new ImitatedStand({ plan, envoy, configure, signal: this.signal })
        : new DeployedStand({ plan, deploy: plan.deploy, envoy, signal: this.signal });
  }

  async run(): Promise<Findings> {
    const { plan, record, stand } = this;
    this.machine.start();
    this.progress('checking');
    await stand.check();

    this.progress('starting');
    const first = await stand.start();
    this.signal.throwIfAborted();

    const load = new LoadGenerator({
      port: stand.port,
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
      const step = await this.runStep(index, load, index === 0 ? async () => first : () => stand.change(index));
      steps.push(step);
      if (step.deploy?.problem !== undefined) {
        break;
      }
    }
    clearInterval(this.ticker);
    await load.stop();
    const endedAt = performance.now();

    this.progress('counting');
    return {
      ...(await stand.finish()),
      plan: { ...plan, steps: plan.steps.slice(0, steps.length) },
      envoyVersion: this.options.envoy.version,
      startedAt: record.startedAt,
      firstRequestAt: record.firstRequestAt,
      endedAt,
      steps,
      tallies: record.tallies,
      timeline: record.timeline,
      faultBeganAt: this.faultBeganAt,
      notBitten: this.notBitten,
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
    await this.stand.end();
  }

  private async runStep(index: number, load: LoadGenerator, change: () => Promise<StepChange>): Promise<StepFindings> {
    const beginAt = performance.now();
    this.step = index;
    this.record.watchNext();
    load.phase = phaseNumber(index, 'change');
    this.progress('changing');
    const { version, model, moved, deploy } = await change();
    if (moved !== undefined) {
      this.record.moved(moved);
      await this.record.following(followPatienceMs, this.signal);
      await this.stand.settle(index);
    }

    const hold = phaseNumber(index, 'hold');
    const holdAt = performance.now();
    load.phase = hold;
    this.progress('holding');
    const failed = deploy?.problem !== undefined;
    // What the template of a failed deploy says is not in force.
    const previews = failed ? [] : await this.preview(index, model, load);
    this.signal.throwIfAborted();
    await this.holdStill(index, load);
    const endAt = performance.now();
    // What comes now belongs to the next change already; the routes stay until the last request of this step is answered.
    load.phase = phaseNumber(index + 1, 'change');
    if (failed || index === this.plan.steps.length - 1) {
      await load.stop();
    }
    await load.ended(hold);
    await load.ended(phaseNumber(index, 'broken'));
    this.progress();
    const { settleMs } = this.record;
    const unsent = userPhases.reduce((sum, phase) => sum + load.unsentIn(phaseNumber(index, phase)), 0);
    const machine = this.machine.between(beginAt, performance.now());
    return { version, beginAt, routesMovedAt: moved?.at, holdAt, endAt, settleMs, deploy, unsent, machine, previews };
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
    this.faultBeganAt = performance.now();
    this.notBitten = await this.stand.misbehave?.(fault, this.plan.timeoutMs * 1.5);
    await load.sentAtLeast(broken, requests - load.sentIn(hold), this.signal);
  }

  private async preview(index: number, model: TrafficModel, load: LoadGenerator): Promise<StepFindings['previews']> {
    const send = async (headers: Readonly<Record<string, string>>) => {
      const result = await load.one(phaseNumber(index, 'preview'), headers);
      this.record.notePreview(result);
      return result;
    };
    return preview(model, this.broken, send);
  }

  // The slot that was broken on purpose, from then on.
  private get broken(): string | undefined {
    return this.faultBeganAt === undefined ? undefined : this.plan.fault?.slot;
  }

  private progress(activity: RehearsalProgress['activity'] = this.activity): void {
    this.activity = activity;
    const slots = this.plan.apps.map(({ slot }) => slot);
    const port = this.load?.port;
    this.options.onProgress?.({ ...this.record.progress(activity, this.step, slots), port });
  }
}
