import { setTimeout as wait } from 'node:timers/promises';
import type { TargetHealth } from '../emulator/follower';
import type { HealthCheckModel, TrafficModel } from '../routes/traffic-model';
import type { WayIn } from '../routes/way-in';
import { connectionsTo } from './connections';
import { EntryRequests, type RequestListener } from './entry-requests';
import type { EnvoyBinary } from './envoy-binary';
import { type AccessLogLine, type EnvoyStamps, envoyConfiguration } from './envoy-configuration';
import { EnvoyProcess } from './envoy-process';
import type { EnvoyResource } from './envoy-values';

/** The local ports on which the instances of each target listen. */
export type Endpoints = Readonly<Record<string, readonly number[]>>;

/** What an entry is started with. */
export interface EntryProps extends RequestListener {
  readonly binary: EnvoyBinary;
  readonly wayIn: WayIn;

  /** Ends everything early that Envoy is waited for. */
  readonly signal: AbortSignal;

  /**
   * Headers that are stamped on answers.
   *
   * @default - `x-slot`, with the label of the slot
   */
  readonly stamps?: EnvoyStamps;

  /**
   * Whether it notes every request, for `accessLog`.
   *
   * @default false
   */
  readonly notes?: boolean;

  /** Told when what the health check says of an instance has changed. */
  readonly onHealth?: (target: string, port: number, health: TargetHealth) => void;
}

/** New routes of a way in. */
export interface EntryMove {
  /** As it is stamped on answers. */
  readonly version: string;

  /** When they were moved into place, as `performance.now()`. */
  readonly at: number;
  readonly model: TrafficModel;
}

/** What is to be in force. */
interface State {
  readonly wayIn: WayIn;
  readonly endpoints: Endpoints;
}

interface Caller {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How often the health checks are looked at while something changes, and at rest, in milliseconds. */
const changingMs = 50;
const restMs = 1000;

/** How often it is looked whether a connection is still there, in milliseconds. */
const drainPollMs = 20;

/** A way in with the Envoy that stands there. */
export class Entry {
  /** All moves of its routes, the newest last. */
  readonly routeMoves: EntryMove[] = [];
  private next: State | undefined;
  private callers: Caller[] = [];
  private bringing = false;
  private moves = 0;
  private routes = '';
  private clusters: ReadonlyMap<string, EnvoyResource> = new Map();

  /** Whether Envoy has these clusters and no others. */
  private hasClusters = true;
  private readonly ports = new Map<string, readonly number[]>();
  private readonly seen = new Map<string, Map<number, TargetHealth>>();
  private checks: ReadonlyMap<string, HealthCheckModel> = new Map();

  /** When each instance came that was never healthy yet, by target and port. */
  private readonly unproven = new Map<string, number>();
  private readonly end = new AbortController();
  private wake = () => {};

  private constructor(
    private readonly envoy: EnvoyProcess,
    private readonly props: EntryProps,
    private readonly asked: EntryRequests,
  ) {}

  /**
   * Starts an Envoy that answers as the way in does without any route. `apply` gives it the routes.
   *
   * @throws LocalError when it does not start, TooSlowError when it does not do so in time
   */
  static async start(props: EntryProps): Promise<Entry> {
    const nowhere = { ...props.wayIn.model, routes: [], targets: [] };
    const configuration = envoyConfiguration(nowhere, {}, 'start', { stamps: props.stamps ?? localStamps });
    const asked = new EntryRequests(props.wayIn, props);
    const envoy = await EnvoyProcess.start(props.binary, configuration, 'start', props.signal, {
      notes: props.notes ?? false,
      onRequest: asked.onLine,
    });
    const entry = new Entry(envoy, props, asked);
    void entry.watch();
    return entry;
  }

  /** The port on which requests come in. */
  get port(): number {
    return this.envoy.port;
  }

  /** Label of the slot behind each cluster that it has had. */
  get slots(): ReadonlyMap<string, string> {
    return this.asked.slots;
  }

  /** How many requests came in and are over. */
  requests(): Promise<number> {
    return this.envoy.requests();
  }

  /** What was noted of every request, as `EnvoyProcess.accessLog`. */
  accessLog(): AsyncGenerator<AccessLogLine> {
    return this.envoy.accessLog();
  }

  /** Waits until Envoy has ended, and says how. */
  ended(): Promise<string> {
    return this.envoy.ended();
  }

  /** What the health check of a target says of an instance. */
  health(target: string, port: number): TargetHealth {
    return this.seen.get(target)?.get(port) ?? 'initial';
  }

  /**
   * Brings a state into force. Of several that wait for their turn only the newest one counts.
   *
   * @returns when it, or a newer one, holds for every request
   * @throws RefusedError when Envoy refuses it: the routes before stay in force
   */
  apply(wayIn: WayIn, endpoints: Endpoints): Promise<void> {
    this.next = { wayIn, endpoints };
    const done = new Promise<void>((resolve, reject) => this.callers.push({ resolve, reject }));
    if (!this.bringing) {
      void this.bringAll();
    }
    return done;
  }

  /**
   * Waits until no request is under way to an instance that was taken out.
   *
   * @param patienceMs how long at most, in milliseconds
   */
  async drained(port: number, patienceMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!this.end.signal.aborted && performance.now() < deadline && (await connectionsTo(port, this.envoy.pid)) > 0) {
      await wait(drainPollMs, undefined, { signal });
    }
  }

  /** Ends Envoy. */
  async stop(): Promise<void> {
    this.end.abort();
    this.wake();
    await this.envoy.stop();
  }

  // Nothing may happen between the last look at what is next and the end.
  private async bringAll(): Promise<void> {
    this.bringing = true;
    while (this.next) {
      const [state, callers] = [this.next, this.callers];
      this.next = undefined;
      this.callers = [];
      try {
        await this.bring(state);
        for (const { resolve } of callers) {
          resolve();
        }
      } catch (error) {
        for (const { reject } of callers) {
          reject(error);
        }
      }
    }
    this.bringing = false;
  }

  // Whatever a route needs is there before it, and goes after it.
  private async bring({ wayIn, endpoints }: State): Promise<void> {
    const { model } = wayIn;
    const moves = this.moves;
    const configuration = (version: string) =>
      envoyConfiguration(model, {}, version, {
        stamps: this.props.stamps ?? localStamps,
        endpointsFile: (cluster) => this.envoy.endpointsFile(cluster),
      });
    this.checks = new Map(model.targets.flatMap(({ name, healthCheck }) => (healthCheck ? [[name, healthCheck] as const] : [])));
    const wanted = configuration('');
    const clusters = new Map(wanted.clusters.map((cluster) => [`${cluster.name}`, cluster]));
    const portsOf = (target: string) => endpoints[target] ?? [];
    this.asked.follow(wayIn);

    for (const target of [...clusters.keys()].filter((name) => !this.clusters.has(name))) {
      await this.envoy.moveEndpoints(target, portsOf(target), this.version());
      this.tookPorts(target, portsOf(target));
    }
    await this.setClusters(new Map([...this.clusters, ...clusters]));

    const routes = JSON.stringify(wanted.routes);
    if (routes !== this.routes) {
      for (const target of clusters.keys()) {
        await this.setPorts(target, [...new Set([...(this.ports.get(target) ?? []), ...portsOf(target)])]);
      }
      const version = this.version();
      const at = await this.envoy.moveRoutes(configuration(version).routes, version);
      this.routeMoves.push({ version, at, model });
      await this.envoy.routesInForce(version);
      this.routes = routes;
    }
    for (const target of clusters.keys()) {
      await this.setPorts(target, portsOf(target));
    }
    await this.setClusters(clusters);
    if (this.moves > moves) {
      await this.envoy.settled();
      await this.look();
      this.wake();
    }
  }

  private async setClusters(clusters: ReadonlyMap<string, EnvoyResource>): Promise<void> {
    if (this.hasClusters && JSON.stringify([...clusters]) === JSON.stringify([...this.clusters])) {
      return;
    }
    // Of what it refuses Envoy may have taken a part: the next ones are told whole.
    this.hasClusters = false;
    await this.envoy.setClusters([...clusters.values()], this.version());
    await this.envoy.warmed();
    this.hasClusters = true;
    this.clusters = clusters;
    for (const target of [...this.ports.keys()].filter((name) => !clusters.has(name))) {
      this.tookPorts(target, []);
      this.ports.delete(target);
      this.seen.delete(target);
    }
  }

  private async setPorts(target: string, ports: readonly number[]): Promise<void> {
    if (`${ports}` !== `${this.ports.get(target)}`) {
      await this.envoy.setEndpoints(target, ports, this.version());
      this.tookPorts(target, ports);
    }
  }

  private version(): string {
    this.moves += 1;
    return `change ${this.moves}`;
  }

  private async watch(): Promise<void> {
    while (!this.end.signal.aborted) {
      // Envoy may be about to end: whoever waits for that is told.
      await this.look().catch(() => {});
      const changing =
        this.bringing || [...this.ports].some(([target, ports]) => ports.some((port) => this.health(target, port) === 'initial'));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, changing ? changingMs : restMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  // Envoy takes the first bad answer of a new instance for the end of it; AWS waits for as many as make any other one unhealthy.
  private judged(target: string, port: number, health: TargetHealth): TargetHealth {
    const key = `${target} ${port}`;
    const cameAt = this.unproven.get(key);
    if (cameAt === undefined || health === 'initial') {
      return health;
    }
    const { unhealthyThreshold = 1, intervalMs = 0 } = this.checks.get(target) ?? {};
    if (health === 'unhealthy' && performance.now() < cameAt + (unhealthyThreshold - 1) * intervalMs) {
      return 'initial';
    }
    this.unproven.delete(key);
    return health;
  }

  private tookPorts(target: string, ports: readonly number[]): void {
    const before = this.ports.get(target) ?? [];
    for (const port of ports.filter((each) => !before.includes(each))) {
      this.unproven.set(`${target} ${port}`, performance.now());
    }
    for (const port of before.filter((each) => !ports.includes(each))) {
      this.unproven.delete(`${target} ${port}`);
      // Whoever comes to this port next is somebody else.
      this.seen.get(target)?.delete(port);
    }
    this.ports.set(target, ports);
  }

  private async look(): Promise<void> {
    const found = await this.envoy.health();
    for (const [target, ports] of this.ports) {
      const before = this.seen.get(target);
      const now = new Map(ports.map((port) => [port, this.judged(target, port, found.get(target)?.get(port) ?? 'initial')]));
      this.seen.set(target, now);
      for (const [port, health] of now) {
        if (before?.get(port) !== health && !this.end.signal.aborted) {
          this.props.onHealth?.(target, port, health);
        }
      }
    }
  }
}

const localStamps: EnvoyStamps = { slot: ['x-slot'], route: [] };
