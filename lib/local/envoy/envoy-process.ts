import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LocalError } from '../local-error';
import type { EnvoyBinary } from './envoy-binary';
import {
  type AccessLogLine,
  bootstrap,
  discoveryResponse,
  type EnvoyConfiguration,
  type EnvoyResource,
  envoyNames,
} from './envoy-configuration';

const run = promisify(execFile);

/** How long Envoy may take to start, to confirm a change, or to end, in milliseconds. */
const patienceMs = 15_000;
const pollMs = 5;

/** Time in which a line that Envoy wrote arrives here. */
const logDelayMs = 100;

/** Twice the interval at which Envoy writes its access log. */
const accessLogDelayMs = 200;

/** The counters of a cluster that a rehearsal looks at. */
export interface ClusterCounters {
  /** Tries that were sent, retries included. */
  readonly tries: number;

  /** Answers of the app with a status below 400, the last try only. */
  readonly ok: number;
  readonly retries: number;
}

/** A running Envoy whose configuration is in files that are moved into place, as a control plane would push them. */
export class EnvoyProcess {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    private readonly adminPort: number,
    readonly port: number,
    private readonly log: () => string,
  ) {}

  /**
   * Starts Envoy and waits until it takes requests.
   *
   * @throws LocalError when it does not start
   */
  static async start(binary: EnvoyBinary, configuration: EnvoyConfiguration, version: string): Promise<EnvoyProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'rehearsal-envoy-'));
    let child: ChildProcess | undefined;
    try {
      const file = (name: string) => join(folder, name);
      const listener = configuration.listener({ routes: file('routes.json'), accessLog: file('access.log') });
      const listeners = discoveryResponse('1', [listener]);
      await writeFile(file('access.log'), '');
      await writeFile(file('listeners.json'), JSON.stringify(listeners));
      await writeFile(file('clusters.json'), JSON.stringify(discoveryResponse(version, configuration.clusters)));
      await writeFile(file('routes.json'), JSON.stringify(discoveryResponse(version, [configuration.routes])));
      await writeFile(
        file('bootstrap.json'),
        JSON.stringify(bootstrap({ listeners: file('listeners.json'), clusters: file('clusters.json') })),
      );
      child = spawn(
        binary.path,
        [
          ...['-c', file('bootstrap.json'), '--admin-address-path', file('admin'), '-l', 'warning'],
          ...['--concurrency', '1', '--disable-hot-restart', '--reject-unknown-dynamic-fields'],
          ...['--file-flush-interval-msec', '100'],
        ],
        // A group of its own, so that Ctrl-C in a terminal does not end Envoy before the requests are answered.
        { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
      );
      killAtExit(child);
      const log = collect(child);
      const adminPort = await poll(child, log, async () => {
        const address = await readFile(file('admin'), 'utf8');
        return Number(address.slice(address.lastIndexOf(':') + 1)) || undefined;
      });
      const port = await poll(child, log, async () => {
        const ready = await admin(adminPort, '/ready');
        if (!ready.startsWith('LIVE')) {
          return undefined;
        }
        const { listener_statuses: statuses = [] } = JSON.parse(
          await admin(adminPort, '/listeners?format=json'),
        ) as ListenersAnswer;
        return statuses.find(({ name }) => name === envoyNames.listener)?.local_address.socket_address.port_value;
      });
      return new EnvoyProcess(folder, child, adminPort, port, log);
    } catch (error) {
      await end(child);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
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
   * @throws LocalError when Envoy refuses the file
   */
  async routesInForce(version: string): Promise<void> {
    await this.confirmed(`http.${envoyNames.statPrefix}.rds.${envoyNames.routes}`, version);
  }

  /**
   * Moves the file with the clusters into place, and waits until Envoy has taken it.
   *
   * @throws LocalError when Envoy refuses the file
   */
  async setClusters(clusters: readonly EnvoyResource[], version: string): Promise<void> {
    await this.move('clusters.json', discoveryResponse(version, clusters));
    await this.confirmed('cluster_manager.cds', version);
  }

  /** Waits until the health check of a cluster found all its instances healthy. */
  async healthy(cluster: string): Promise<void> {
    await poll(this.process, this.log, async () => {
      const stats = await this.stats(`cluster.${cluster}.`);
      const total = stats.get(`cluster.${cluster}.membership_total`);
      return total === stats.get(`cluster.${cluster}.membership_healthy`) && Number(total) > 0 ? true : undefined;
    });
  }

  /** Waits until no request is under way to a cluster, for a while. */
  async idle(cluster: string, patience: number): Promise<void> {
    const deadline = performance.now() + patience;
    const name = `cluster.${cluster}.upstream_rq_active`;
    while (Number((await this.stats(name)).get(name) ?? 0) > 0 && performance.now() < deadline) {
      await wait(pollMs);
    }
  }

  async clusterCounters(cluster: string): Promise<ClusterCounters> {
    const stats = await this.stats(`cluster.${cluster}.upstream_rq`);
    const counter = (name: string) => Number(stats.get(`cluster.${cluster}.${name}`) ?? 0);
    return {
      tries: counter('upstream_rq_total'),
      ok: counter('upstream_rq_2xx') + counter('upstream_rq_3xx'),
      retries: counter('upstream_rq_retry'),
    };
  }

  /** How many requests came in since the start. */
  async requests(): Promise<number> {
    const stats = await this.stats(`http.${envoyNames.statPrefix}.downstream_rq_`);
    return Number(stats.get(`http.${envoyNames.statPrefix}.downstream_rq_total`) ?? 0);
  }

  /** Waits until the access log is written, which Envoy does some times a second, and reads it from the start. */
  async *accessLog(): AsyncGenerator<AccessLogLine> {
    await wait(accessLogDelayMs);
    const lines = createInterface({ input: createReadStream(join(this.folder, 'access.log')) });
    for await (const line of lines) {
      yield JSON.parse(line) as AccessLogLine;
    }
  }

  /** Ends Envoy and removes its files. */
  async stop(): Promise<void> {
    await end(this.process);
    await rm(this.folder, { recursive: true, force: true });
  }

  // Envoy looks at moves only, and only within one folder.
  private async move(name: string, content: EnvoyResource): Promise<number> {
    const path = join(this.folder, name);
    const file = await open(`${path}.new`, 'w');
    try {
      await file.writeFile(JSON.stringify(content));
      await file.sync();
    } finally {
      await file.close();
    }
    const movedAt = performance.now();
    await rename(`${path}.new`, path);
    return movedAt;
  }

  private async confirmed(prefix: string, version: string): Promise<void> {
    await poll(this.process, this.log, async () => {
      const stats = await this.stats(prefix);
      // A rehearsal ends at the first refusal, so there is none from before.
      if (Number(stats.get(`${prefix}.update_rejected`) ?? 0) + Number(stats.get(`${prefix}.update_failure`) ?? 0) > 0) {
        await wait(logDelayMs);
        throw new LocalError(`${version}: Envoy refused the configuration and kept the one before: ${lastLine(this.log())}`);
      }
      return stats.get(`${prefix}.version_text`) === version ? true : undefined;
    });
  }

  private async stats(prefix: string): Promise<ReadonlyMap<string, number | string>> {
    const filter = encodeURIComponent(`^${prefix.replaceAll('.', '\\.')}`);
    const text = await admin(this.adminPort, `/stats?filter=${filter}`).catch(async () => {
      await wait(logDelayMs);
      throw new LocalError(ended(this.process, this.log) ?? `envoy: got no answer about itself: ${lastLine(this.log())}`);
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

interface ListenersAnswer {
  readonly listener_statuses?: readonly {
    readonly name: string;
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}

/**
 * Has Envoy itself check a whole configuration, without starting it.
 *
 * @param step name of the step, for the message
 * @throws LocalError with Envoy's reason
 */
export async function validate(binary: EnvoyBinary, configuration: EnvoyConfiguration, step: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-validate-'));
  try {
    const file = join(folder, 'static.json');
    await writeFile(file, JSON.stringify(configuration.static));
    await run(binary.path, ['--mode', 'validate', '-c', file, '-l', 'error', '--disable-hot-restart']);
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const reason = stderr.trim() === '' ? message : lastLine(stderr).replaceAll(folder, '');
    throw new LocalError(`step ${step}: Envoy refused the configuration: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function admin(port: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(patienceMs) });
  return answer.text();
}

async function poll<T>(child: ChildProcess, log: () => string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const end = ended(child, log);
    if (end !== undefined) {
      throw new LocalError(end);
    }
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
      throw new LocalError(`envoy: expected an answer within ${patienceMs / 1000} s, got none: ${lastLine(log())}`);
    }
    await wait(pollMs);
  }
}

// How Envoy ended although nobody had asked it to; `undefined` while it runs.
function ended(child: ChildProcess, log: () => string): string | undefined {
  const how = child.exitCode ?? child.signalCode;
  return how === null ? undefined : `envoy: ended with ${how}: ${lastLine(log())}`;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-20_000);
  });
  return () => text;
}

// Without the time, the thread and the place in Envoy's source.
function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) || 'it said nothing';
  return line.replace(/^(\[[^\]]*\] ?)+/, '');
}

// The last resort, if this process ends by an error that nobody caught.
function killAtExit(child: ChildProcess): void {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(timer);
}
