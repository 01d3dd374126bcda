import type { EnvoyBinary } from '../../local/envoy/envoy-binary';
import { type EnvoyConfiguration, envoyConfiguration } from '../../local/envoy/envoy-configuration';
import { type ClusterCounters, EnvoyProcess } from '../../local/envoy/envoy-process';
import type { EnvoyResource } from '../../local/envoy/envoy-values';
import { validate } from '../../local/envoy/validate';
import type { TargetModel } from '../../local/routes/traffic-model';
import { phaseNumber } from '../findings';
import { type PlannedStep, stepOf } from '../plan';
import { type NotedRequests, notedRequests } from './noted-requests';

/** What an Envoy takes to go through the steps of a run. */
export interface StepEnvoyProps {
  readonly binary: EnvoyBinary;
  readonly steps: readonly PlannedStep[];

  /** The local port of a slot's app; `undefined` while none runs. */
  readonly port: (slot: string) => number | undefined;

  /** In words, that a slot's app is not there any more although nobody stopped it; `undefined` while it runs. */
  readonly lost: (slot: string) => string | undefined;

  /**
   * Writes a step's traffic model in Envoy's words.
   *
   * @default envoyConfiguration
   */
  readonly configure: typeof envoyConfiguration | undefined;

  /** How long a request may be under way to a target that goes, in milliseconds. */
  readonly patienceMs: number;

  /** Ends everything early that Envoy is waited for. */
  readonly signal: AbortSignal;
}

/** The Envoy of a run: it is told of one step after the other, in the order in which CloudFormation would change things. */
export class StepEnvoy {
  /** Envoy's own counters, by label of the slot. */
  readonly counters = new Map<string, ClusterCounters>();
  private process: EnvoyProcess | undefined;
  private lastClusters = '';

  constructor(private readonly props: StepEnvoyProps) {}

  /**
   * Lets Envoy look at every step before the first one runs: a mistake in the last step shows in the first second.
   *
   * @throws LocalError when it refuses one
   */
  async validateAll(): Promise<void> {
    for (const [index, { name }] of this.props.steps.entries()) {
      await validate(this.props.binary, this.configuration(index), name, this.props.signal);
    }
  }

  /** Starts Envoy as the first step has it. */
  async start(): Promise<void> {
    const first = this.configuration(0);
    this.lastClusters = JSON.stringify(first.clusters);
    this.process = await EnvoyProcess.start(this.props.binary, first, versionOf(0), this.props.signal);
  }

  /** The port on which requests come in. */
  get port(): number {
    return this.running.port;
  }

  /** Adds the targets of a step; those of the step before stay for now. */
  async addTargets(index: number): Promise<void> {
    const { clusters } = this.configuration(index);
    const before = this.configuration(index - 1).clusters;
    const gone = before.filter(({ name }) => !clusters.some((cluster) => cluster.name === name));
    await this.setClusters([...clusters, ...gone], versionOf(index));
  }

  /**
   * Waits until the targets of a step are healthy.
   *
   * @param broken the slot that was broken on purpose
   */
  async healthy(index: number, broken: string | undefined): Promise<void> {
    for (const { name, slot, healthCheck } of this.step(index).model.targets) {
      if (healthCheck && slot !== broken) {
        await this.running.healthy({
          cluster: name,
          slot,
          port: this.props.port(slot),
          path: healthCheck.path,
          lost: () => this.props.lost(slot),
        });
      }
    }
  }

  /**
   * Moves the routes of a step into place.
   *
   * @returns when they were moved, as `performance.now()`
   */
  moveRoutes(index: number): Promise<number> {
    return this.running.moveRoutes(this.configuration(index).routes, versionOf(index));
  }

  /** Waits until Envoy says that it routes by a step. */
  routesInForce(index: number): Promise<void> {
    return this.running.routesInForce(versionOf(index));
  }

  /**
   * Removes the targets that a step no longer has, when nothing is sent to them any more.
   *
   * @returns the slots behind them
   */
  async removeTargets(index: number): Promise<readonly string[]> {
    const kept = new Set(this.step(index).model.targets.map(({ slot }) => slot));
    const gone = this.step(index - 1).model.targets.filter(({ slot }) => !kept.has(slot));
    for (const target of gone) {
      await this.keepCounters(target);
    }
    await this.setClusters(this.configuration(index).clusters, `${versionOf(index)} without what is gone`);
    return gone.map(({ slot }) => slot);
  }

  /** Takes the counters of the last step's targets, and what Envoy noted of every request. */
  async count(): Promise<NotedRequests> {
    const { steps } = this.props;
    for (const target of steps.at(-1)?.model.targets ?? []) {
      await this.keepCounters(target);
    }
    const slotOf = new Map(steps.flatMap(({ model }) => model.targets).map(({ name, slot }) => [name, slot]));
    return notedRequests(this.running, phaseNumber(steps.length, 'change'), slotOf);
  }

  /** Ends Envoy. May be called at any time. */
  async end(): Promise<void> {
    await this.process?.stop();
  }

  private get running(): EnvoyProcess {
    if (this.process === undefined) {
      throw new Error('expected a started Envoy');
    }
    return this.process;
  }

  // A weight change leaves the clusters as they are, and this file alone.
  private async setClusters(clusters: readonly EnvoyResource[], version: string): Promise<void> {
    const content = JSON.stringify(clusters);
    if (content !== this.lastClusters) {
      this.lastClusters = content;
      await this.running.setClusters(clusters, version);
    }
  }

  // A cluster takes its counters along when it goes; it may come again later, and count from zero.
  private async keepCounters({ name, slot }: TargetModel): Promise<void> {
    await this.running.idle(name, this.props.patienceMs);
    const now = await this.running.clusterCounters(name);
    const before = this.counters.get(slot) ?? { ok: 0, underWay: 0 };
    this.counters.set(slot, {
      ok: before.ok + now.ok,
      underWay: before.underWay + now.underWay,
    });
  }

  private configuration(index: number): EnvoyConfiguration {
    const { model } = this.step(index);
    const configure = this.props.configure ?? envoyConfiguration;
    // Before a slot has started, any port will do: Envoy's check opens none.
    const ports = Object.fromEntries(model.targets.map(({ slot, port }) => [slot, this.props.port(slot) ?? port]));
    return configure(model, ports, versionOf(index));
  }

  private step(index: number): PlannedStep {
    return stepOf(this.props, index);
  }
}

/** The version that Envoy stamps on every answer while a step is in force. */
export function versionOf(index: number): string {
  return `step ${index}`;
}
