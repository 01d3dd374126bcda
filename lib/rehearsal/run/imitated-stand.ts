import type { EnvoyBinary } from '../../local/envoy/envoy-binary';
import type { envoyConfiguration } from '../../local/envoy/envoy-configuration';
import type { Fault } from '../../local/tasks/fault';
import { type PlannedStep, type RehearsalPlan, stepOf } from '../plan';
import { SlotProcesses } from './slot-processes';
import type { Stand, StandCounts, StepChange } from './stand';
import { StepEnvoy, versionOf } from './step-envoy';

/** What a stand takes that imitates deploys. */
export interface ImitatedStandProps {
  readonly plan: RehearsalPlan;
  readonly envoy: EnvoyBinary;

  /**
   * Writes a step's traffic model in Envoy's words.
   *
   * @default envoyConfiguration
   */
  readonly configure: typeof envoyConfiguration | undefined;

  /** Ends everything early that is waited for. */
  readonly signal: AbortSignal;
}

/** Apps and an Envoy that are told of each step in the order in which CloudFormation would change things: nothing is deployed. */
export class ImitatedStand implements Stand {
  private readonly plan: RehearsalPlan;
  private readonly slots: SlotProcesses;
  private readonly envoy: StepEnvoy;

  /** The slot that was broken on purpose. */
  private broken: string | undefined;
  private lostBefore: string | undefined;

  constructor({ plan, envoy, configure, signal }: ImitatedStandProps) {
    this.plan = plan;
    this.slots = new SlotProcesses(plan.apps, signal);
    this.envoy = new StepEnvoy({
      binary: envoy,
      steps: plan.steps,
      port: (slot) => this.slots.port(slot),
      lost: (slot) => this.slots.lostOf(slot),
      configure,
      patienceMs: plan.timeoutMs,
      signal,
    });
  }

  async check(): Promise<void> {
    await this.envoy.validateAll();
  }

  async start(): Promise<StepChange> {
    await this.slots.start(this.slotsOf(0));
    await this.envoy.start();
    await this.envoy.healthy(0, undefined);
    return { version: versionOf(0), model: this.step(0).model, moved: undefined, deploy: undefined };
  }

  get port(): number {
    return this.envoy.port;
  }

  // As CloudFormation would do it: what is new first, then the route.
  async change(index: number): Promise<StepChange> {
    await this.slots.start(this.slotsOf(index));
    await this.envoy.addTargets(index);
    await this.envoy.healthy(index, this.broken);
    const at = await this.envoy.moveRoutes(index);
    await this.envoy.routesInForce(index);
    const version = versionOf(index);
    return { version, model: this.step(index).model, moved: { at, versions: new Set([version]) }, deploy: undefined };
  }

  // As CloudFormation would do it: what the template no longer has goes last.
  async settle(index: number): Promise<void> {
    for (const slot of await this.envoy.removeTargets(index)) {
      await this.slots.stop(slot);
    }
  }

  async misbehave(fault: Fault, delayMs: number): Promise<string | undefined> {
    this.broken = fault.slot;
    this.lostBefore = this.slots.lostOf(fault.slot);
    return this.slots.misbehave(fault, delayMs);
  }

  async finish(): Promise<StandCounts> {
    const { accessLog, requests } = await this.envoy.count();
    const lost = [...this.slots.lost(this.broken), ...(this.lostBefore === undefined ? [] : [this.lostBefore])];
    // Whether the apps end as they should is known when they have; not as long as Envoy keeps connections to them.
    await this.envoy.end();
    await this.slots.stopAll();
    return {
      accessLog,
      envoyAnswers: this.envoy.counters,
      envoyRequests: requests,
      apps: this.slots.counts(),
      lost,
      remarks: this.slots.remarks(),
    };
  }

  async end(): Promise<void> {
    await Promise.allSettled([this.envoy.end(), this.slots.end()]);
  }

  private slotsOf(index: number): readonly string[] {
    return this.step(index).model.targets.map(({ slot }) => slot);
  }

  private step(index: number): PlannedStep {
    return stepOf(this.plan, index);
  }
}
