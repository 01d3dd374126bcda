import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LocalError, RefusedError, TooSlowError } from '../local-error';
import { healthOf } from '../tasks/health';
import { ProcessOutput } from '../tasks/process-output';
import { reaper, type StartedTask } from '../tasks/reaper';
import { stopTask, taskVariable } from '../tasks/task-processes';
import { TemporaryFolder } from '../tasks/temporary-folder';
import { accessLogLines } from './access-log-file';
import { clusterEndpoints } from './cluster-configuration';
import { type ClusterHealth, readClusterHealth } from './cluster-health';
import type { EnvoyBinary } from './envoy-binary';
import { type AccessLogLine, bootstrap, discoveryResponse, type EnvoyConfiguration, envoyNames } from './envoy-configuration';
import { withoutPlace } from './envoy-log';
import type { EnvoyResource } from './envoy-values';
import { type RequestLine, RequestLines } from './request-lines';

/** How long Envoy may take to start, to answer, or to confirm a change, in milliseconds. */
const patienceMs = 60_000;

/** How long Envoy may take to find an app healthy that answers, in milliseconds. */
const healthPatienceMs = 30_000;
const pollMs = 5;
const lastLines = 3;

/** Time in which a line that Envoy wrote arrives here. */
const logDelayMs = 100;

/** Twice the interval at which Envoy writes its access log. */
const accessLogDelayMs = 200;

/** The counters of a cluster that a rehearsal looks at. */
export interface ClusterCounters {
  /** Answers of the app with a status below 400, the last try only. */
  readonly ok: number;

  /** Requests that are not over. */
  readonly underWay: number;
}

/** An app to which requests of a cluster go. */
export interface ClusterApp {
  /** Name of the cluster. */
  readonly cluster: string;

  /** Label of its slot. */
  readonly slot: string;

  /** The local port of the app. */
  readonly port: number | undefined;

  /** Path of the health check. */
  readonly path: string;

  /** In words, that the app is not there any more; `undefined` while it runs. */
  readonly lost: () => string | undefined;
}

/** What an Envoy tells of the requests that come in. */
export interface EnvoyProcessOptions {
  /**
   * Whether it notes every request, for `accessLog`.
   *
   * @default true
   */
  readonly notes?: boolean;

  /** Told of every request when it is over, within 100 milliseconds or so, and of every try in a mesh. */
  readonly onRequest?: ((line: RequestLine) => void) | undefined;
}

/** A running Envoy whose configuration is in files that are moved into place, as a control plane would push them. */
export class EnvoyProcess {
  private readonly output: ProcessOutput;
  private readonly refusals = new Map<string, number>();

  /** The ports from which `settled` has asked: what Envoy tells of that is no request of anybody. */
  private readonly ownPorts = new Set<number>();
  private adminPort = 0;
  private entryPort = 0;

  private constructor(
    private readonly folder: TemporaryFolder,
    private readonly startedTask: StartedTask<ChildProcess>,
    private readonly signal: AbortSignal,
    private readonly onRequest: EnvoyProcessOptions['onRequest'],
  ) {
    const { stdout, stderr } = startedTask.process;
    this.output = new ProcessOutput(
      startedTask.process,
      [stderr].filter((stream) => stream !== null),
    );
    const lines = new RequestLines((line) => this.tell(line));
    stdout?.setEncoding('utf8').on('data', (text: string) => lines.take(text));
  }

  /**
   * Starts Envoy and waits until it takes requests.
   *
   * @param signal ends everything early that Envoy is waited for
   * @throws LocalError when it does not start, TooSlowError when it does not do so in time
   */
  static async start(
    binary: EnvoyBinary,
    configuration: EnvoyConfiguration,
    version: string,
    signal: AbortSignal,
    { notes = true, onRequest }: EnvoyProcessOptions = {},
  ): Promise<EnvoyProcess> {
    const folder = TemporaryFolder.make('rehearsal-envoy-');
    let envoy: EnvoyProcess | undefined;
    try {
      const file = (name: string) => join(folder.path, name);
      const listener = configuration.listener({
        routes: file('routes.json'),
        accessLog: notes ? file('access.log') : undefined,
        tells: onRequest !== undefined,
      });
      const listeners = discoveryResponse('1', [listener]);
      await writeFile(file('access.log'), '');
      await writeFile(file('listeners.json'), JSON.stringify(listeners));
      await writeFile(file('clusters.json'), JSON.stringify(discoveryResponse(version, configuration.clusters)));
      await writeFile(file('routes.json'), JSON.stringify(discoveryResponse(version, [configuration.routes])));
      await writeFile(
        file('bootstrap.json'),
        JSON.stringify(bootstrap({ listeners: file('listeners.json'), clusters: file('clusters.json') })),
      );
      signal.throwIfAborted();
      const mark = randomUUID();
      const startedTask = reaper.start({ mark, startedAt: Date.now() }, () =>
        spawn(
          binary.path,
          [
            ...['-c', file('bootstrap.json'), '--admin-address-path', file('admin'), '-l', 'warning'],
            ...['--concurrency', '1', '--disable-hot-restart', '--reject-unknown-dynamic-fields'],
            ...['--file-flush-interval-msec', '100'],
          ],
          // A group of its own, so that Ctrl-C in a terminal does not end Envoy before the requests are answered.
          {
            stdio: ['ignore', onRequest ? 'pipe' : 'ignore', 'pipe'],
            detached: true,
            env: { ...process.env, [taskVariable]: mark },
          },
        ),
      );
      envoy = new EnvoyProcess(folder, startedTask, signal, onRequest);
      await envoy.started();
      return envoy;
    } catch (error) {
      await envoy?.stop();
      folder.remove();
      throw error;
    }
  }

  /** Number of the process. */
  get pid(): number {
    return this.startedTask.process.pid ?? 0;
  }

  /** The file from which the instances of a cluster are read. */
  endpointsFile(cluster: string): string {
    return join(this.folder.path, endpointsName(cluster));
  }

  /** The port on which requests come in. */
  get port(): number {
    return this.entryPort;
  }

  /**
   * Moves the file with the routes into place, so that the weights change without a restart.
   *
   * @returns when the file was moved, as `performance.now()`
   */
  async moveRoutes(routes: EnvoyResource, version: string): Promise<number> {
    return this.move('routes.json', discoveryResponse(version, [routes]));
  }

  /**
   * Waits until Envoy says that it routes by this version.
   *
   * @throws RefusedError when Envoy refuses the file
   */
  async routesInForce(version: string): Promise<void> {
    await this.confirmed(`http.${envoyNames.statPrefix}.rds.${envoyNames.routes}`, version);
  }

  /**
   * Moves the file with the clusters into place, and waits until Envoy has taken it.
   *
   * @throws RefusedError when Envoy refuses the file
   */
  async setClusters(clusters: readonly EnvoyResource[], version: string): Promise<void> {
    await this.move('clusters.json', discoveryResponse(version, clusters));
    await this.confirmed('cluster_manager.cds', version);
  }

  /**
   * Moves the file with the instances of a cluster into place.
   *
   * @param ports where they listen
   */
  async moveEndpoints(cluster: string, ports: readonly number[], version: string): Promise<void> {
    await this.move(endpointsName(cluster), discoveryResponse(version, [clusterEndpoints(cluster, ports)]));
  }

  /**
   * Moves the file with the instances of a cluster into place, and waits until Envoy has taken it.
   *
   * @throws RefusedError when Envoy refuses the file
   */
  async setEndpoints(cluster: string, ports: readonly number[], version: string): Promise<void> {
    await this.moveEndpoints(cluster, ports, version);
    await this.confirmed(`cluster.${cluster}`, version);
  }

  /** Waits until every cluster can take requests: the first check of its instances is over. */
  async warmed(): Promise<void> {
    const name = 'cluster_manager.warming_clusters';
    await this.poll(async () => (Number((await this.stats(name)).get(name)) === 0 ? true : undefined));
  }

  /**
   * Waits until what Envoy has confirmed holds for requests too. What it confirms is passed on to the thread that has the requests; when
   * that thread has answered twice, it has come by there.
   */
  async settled(): Promise<void> {
    for (let time = 1; time <= 2; time += 1) {
      await answered(this.entryPort, this.signal, (from) => this.onRequest && this.ownPorts.add(from));
    }
  }

  /** What the health checks say of every instance, by name of the cluster and by port. */
  async health(): Promise<ClusterHealth> {
    return readClusterHealth(await this.admin('/clusters?format=json'));
  }

  /** Waits until Envoy has ended, and says how. */
  async ended(): Promise<string> {
    const { process } = this.startedTask;
    if (process.exitCode === null && process.signalCode === null) {
      await once(process, 'exit');
    }
    await this.output.complete();
    return `envoy: ended with ${process.exitCode ?? process.signalCode}${this.said}`;
  }

  /**
   * Waits until the health check of a cluster found all its instances healthy.
   *
   * @param patience how long that may take, in milliseconds
   * @throws LocalError when the app ends before, or says itself that it is not healthy, TooSlowError when it takes too long
   */
  async healthy({ cluster, slot, port, path, lost }: ClusterApp, patience = healthPatienceMs): Promise<void> {
    const look = async () => {
      const end = lost();
      if (end !== undefined) {
        throw new LocalError(end);
      }
      const stats = await this.stats(`cluster.${cluster}.`);
      const total = stats.get(`cluster.${cluster}.membership_total`);
      return total === stats.get(`cluster.${cluster}.membership_healthy`) && Number(total) > 0 ? true : undefined;
    };
    await this.poll(look, patience, async () => {
      const health = port === undefined ? 'no port' : await healthOf(port, path, this.signal);
      // An app that says that it is not healthy is not slow.
      const Cause = health.startsWith('status ') && health !== 'status 200' ? LocalError : TooSlowError;
      return new Cause(
        `slot ${slot}: got ${health} from http://127.0.0.1:${port}${path} at last, ` +
          `expected that Envoy finds it healthy within ${patience / 1000} s; let the app answer its health check all the time`,
      );
    });
  }

  /** Waits until no request is under way to a cluster, for a while. */
  async idle(cluster: string, patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    const name = `cluster.${cluster}.upstream_rq_active`;
    while (Number((await this.stats(name)).get(name) ?? 0) > 0 && performance.now() < deadline) {
      await wait(pollMs, undefined, { signal: this.signal });
    }
  }

  async clusterCounters(cluster: string): Promise<ClusterCounters> {
    const stats = await this.stats(`cluster.${cluster}.upstream_rq`);
    const counter = (name: string) => Number(stats.get(`cluster.${cluster}.${name}`) ?? 0);
    return {
      ok: counter('upstream_rq_2xx') + counter('upstream_rq_3xx'),
      underWay: counter('upstream_rq_active'),
    };
  }

  /** How many requests came in since the start and are over. */
  async requests(): Promise<number> {
    const stats = await this.stats(`http.${envoyNames.statPrefix}.downstream_rq_`);
    const count = (name: string) => Number(stats.get(`http.${envoyNames.statPrefix}.downstream_rq_${name}`) ?? 0);
    return count('total') - count('active');
  }

  /**
   * Waits until the access log is written, which Envoy does some times a second, and reads it from the start. A last line that is not
   * complete yet is left out.
   */
  async *accessLog(): AsyncGenerator<AccessLogLine> {
    await wait(accessLogDelayMs, undefined, { signal: this.signal });
    yield* accessLogLines(join(this.folder.path, 'access.log'));
  }

  /** Ends Envoy and removes its files. What it has told of requests is read to the end. */
  async stop(): Promise<void> {
    await stopTask(this.startedTask.task);
    await this.output.complete();
    this.output.close();
    this.startedTask.process.stdout?.destroy();
    this.startedTask.release();
    this.folder.remove();
  }

  private tell(line: RequestLine): void {
    // Another one may have the port next.
    if (line.method !== null || !this.ownPorts.delete(line.from ?? 0)) {
      this.onRequest?.(line);
    }
  }

  // Envoy looks at moves only, and only within one folder.
  private async move(name: string, content: EnvoyResource): Promise<number> {
    const path = join(this.folder.path, name);
    await writeFile(`${path}.new`, JSON.stringify(content));
    const movedAt = performance.now();
    await rename(`${path}.new`, path);
    return movedAt;
  }

  private async started(): Promise<void> {
    this.adminPort = await this.poll(async () => {
      const address = await readFile(join(this.folder.path, 'admin'), 'utf8');
      return Number(address.slice(address.lastIndexOf(':') + 1)) || undefined;
    });
    this.entryPort = await this.poll(async () => {
      const ready = await this.admin('/ready');
      if (!ready.startsWith('LIVE')) {
        return undefined;
      }
      const { listener_statuses: statuses = [] } = JSON.parse(await this.admin('/listeners?format=json')) as ListenersAnswer;
      return statuses.find(({ name }) => name === envoyNames.listener)?.local_address.socket_address.port_value;
    });
  }

  private async confirmed(prefix: string, version: string): Promise<void> {
    await this.poll(async () => {
      const stats = await this.stats(`${prefix}.`);
      const refusals = Number(stats.get(`${prefix}.update_rejected`) ?? 0) + Number(stats.get(`${prefix}.update_failure`) ?? 0);
      const before = this.refusals.get(prefix) ?? 0;
      // A cluster that comes again counts from zero.
      this.refusals.set(prefix, refusals);
      if (refusals > before) {
        await wait(logDelayMs);
        throw new RefusedError(version, this.lastLine);
      }
      return stats.get(`${prefix}.version_text`) === version ? true : undefined;
    });
  }

  private async poll<T>(
    look: () => Promise<T | undefined>,
    patience = patienceMs,
    tooSlow = async () => new TooSlowError(`envoy: expected an answer within ${patience / 1000} s, got none${this.said}`),
  ): Promise<T> {
    const deadline = performance.now() + patience;
    for (;;) {
      this.signal.throwIfAborted();
      await this.throwIfEnded();
      try {
        const found = await look();
        if (found !== undefined) {
          return found;
        }
      } catch (error) {
        if (error instanceof LocalError) {
          throw error;
        }
        // not yet there
      }
      if (performance.now() > deadline) {
        throw await tooSlow();
      }
      await wait(pollMs);
    }
  }

  private async throwIfEnded(): Promise<void> {
    const { exitCode, signalCode } = this.startedTask.process;
    const how = exitCode ?? signalCode;
    if (how !== null) {
      await this.output.complete();
      throw new LocalError(`envoy: ended with ${how}${this.said}`);
    }
  }

  private get lastLine(): string {
    return this.output.lastLines(1).map(withoutPlace).join('') || 'it said nothing';
  }

  private get said(): string {
    return this.output.said(lastLines, withoutPlace);
  }

  private async admin(path: string): Promise<string> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(patienceMs)]);
    const answer = await fetch(`http://127.0.0.1:${this.adminPort}${path}`, { signal });
    return answer.text();
  }

  private async stats(prefix: string): Promise<ReadonlyMap<string, number | string>> {
    const filter = encodeURIComponent(`^${prefix.replaceAll('.', '\\.')}`);
    const text = await this.admin(`/stats?filter=${filter}`).catch(async () => {
      this.signal.throwIfAborted();
      // Its end takes a moment to be known here.
      await wait(logDelayMs);
      await this.throwIfEnded();
      throw new LocalError(`envoy: got no answer about itself${this.said}`);
    });
    return new Map(
      text
        .split('\n')
        .filter((line) => line.includes(': '))
        .map((line) => {
          const separator = line.indexOf(': ');
          const value = line.slice(separator + 2).replace(/^"(.*)"$/, '$1');
          return [line.slice(0, separator), value] as const;
        }),
    );
  }
}

function endpointsName(cluster: string): string {
  return `endpoints-${cluster}.json`;
}

// What is no request at all is answered with 400, whatever the routes.
async function answered(port: number, signal: AbortSignal, onConnect: (from: number) => void): Promise<void> {
  const socket = connect(port, '127.0.0.1', () => onConnect(socket.localPort ?? 0));
  try {
    socket.write('no request\r\n\r\n');
    await once(socket, 'data', { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
  } finally {
    socket.destroy();
  }
}

interface ListenersAnswer {
  readonly listener_statuses?: readonly {
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}
