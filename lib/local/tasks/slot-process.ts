import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LocalError, TooSlowError } from '../local-error';
import { enginesIn } from './containers';
import { type AppCount, readCounters } from './counters';
import type { Fault, FaultMessage } from './fault';
import { healthOf } from './health';
import { ProcessOutput } from './process-output';
import { reaper, type StartedTask } from './reaper';
import { defaultStopPatienceMs, killTask, stopTask, takesConnections, taskVariable } from './task-processes';

/** What runs in a slot. */
export interface SlotApp {
  /** Label of the slot. */
  readonly slot: string;

  /** A shell command of the user's. `undefined`: the built-in demo app. */
  readonly command: string | undefined;

  /** Environment of the app, besides `PORT` and `SLOT`. */
  readonly environment: (port: number) => Readonly<Record<string, string>>;

  /** Path that answers 200 when the app is healthy. */
  readonly healthCheckPath: string;

  /**
   * How long the app may take until it is healthy, in milliseconds.
   *
   * @default 30 000
   */
  readonly startPatienceMs?: number;

  /**
   * How long the app has to end after SIGTERM, in milliseconds.
   *
   * @default 10 000
   */
  readonly stopPatienceMs?: number;
}

/** How long an app may take until it is healthy when nothing else is said, in milliseconds. */
const defaultStartPatienceMs = 30_000;

/** How long the port of an app that was broken may still take connections, in milliseconds. */
const faultPatienceMs = 5000;
const pollMs = 10;

/** An app that takes long to start is asked less often, so that it can start, in milliseconds. */
const longestPauseMs = 250;
const lastLines = 10;
const demoApp = require.resolve('./demo-app');
// Compiled it runs by itself. By its path, since the user may stand in any folder.
const typescript = demoApp.endsWith('.ts') ? ['-r', require.resolve('tsx/cjs')] : [];

/** The app of one slot, as processes on this machine. */
export class SlotProcess {
  private readonly output: ProcessOutput;
  private stopping: Promise<void> | undefined;
  private killed = false;

  private constructor(
    readonly slot: string,
    readonly port: number,
    private readonly started: StartedTask<ChildProcess>,
    private readonly countersFile: string | undefined,
  ) {
    this.output = new ProcessOutput(started.process);
  }

  /**
   * Starts the app on a free port and waits until it is healthy.
   *
   * @param folder where the demo app may keep its counters
   * @throws LocalError when it ends, or answers all the time that it is not healthy, TooSlowError when it does not answer in time
   */
  static async start(app: SlotApp, folder: string, signal: AbortSignal): Promise<SlotProcess> {
    const port = await freePort();
    signal.throwIfAborted();
    const countersFile = app.command === undefined ? join(folder, `${app.slot}-${port}.counters`) : undefined;
    const mark = randomUUID();
    const environment = { ...process.env, ...app.environment(port), PORT: `${port}`, SLOT: app.slot, [taskVariable]: mark };
    const known = { mark, startedAt: Date.now(), stopPatienceMs: app.stopPatienceMs };
    // The demo app starts nothing that could be elsewhere.
    const marks = app.command === undefined ? known : { ...known, port, engines: enginesIn(app.command) };
    // A group of its own, so that a shell and what it started end together, and not by a Ctrl-C that was meant for the rehearsal.
    const started = reaper.start<ChildProcess>(marks, () =>
      app.command === undefined
        ? spawn(process.execPath, [...typescript, demoApp], {
            env: { ...environment, COUNTERS: countersFile },
            stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
            detached: true,
          })
        : spawn(app.command, { shell: true, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true }),
    );
    const slot = new SlotProcess(app.slot, port, started, countersFile);
    try {
      await slot.healthy(app, signal);
      return slot;
    } catch (error) {
      await slot.stop();
      throw error;
    }
  }

  /** What the app counted, by number of the phase; `undefined` for a command of the user's. */
  counts(): ReadonlyMap<number, AppCount> | undefined {
    return this.countersFile === undefined ? undefined : readCounters(this.countersFile);
  }

  /**
   * Makes the app misbehave.
   *
   * @param delayMs for `slow`: how much later answers come, in milliseconds
   * @returns what shows that it does not; `undefined` when nothing does
   */
  async misbehave({ name }: Fault, delayMs: number): Promise<string | undefined> {
    // The demo app kills itself, between two requests; else its counters could miss the last one.
    if (this.child.connected) {
      const message: FaultMessage = { fault: name, delayMs };
      this.child.send(message);
    } else {
      await killTask(this.started.task);
    }
    return name === 'crash' || name === 'refuse' ? this.connections() : undefined;
  }

  /** Asks the app to finish what it is doing and to end, as a container would be asked, and ends it when it does not. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  /** What was odd about the app although it did its work. */
  get remarks(): readonly string[] {
    const { stopPatienceMs = defaultStopPatienceMs } = this.started.task;
    return this.killed ? [`its app did not end within ${stopPatienceMs / 1000} s after SIGTERM, and was killed`] : [];
  }

  /** Why the app is not there any more although nobody stopped it; `undefined` while it runs. */
  get lost(): string | undefined {
    return this.stopping !== undefined || this.running ? undefined : `ended with ${this.how}${this.said}`;
  }

  private get child(): ChildProcess {
    return this.started.process;
  }

  private get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private get how(): string {
    return `${this.child.exitCode ?? this.child.signalCode}`;
  }

  private async end(): Promise<void> {
    this.killed = !(await stopTask(this.started.task));
    // What they wrote last has come by now.
    this.output.close();
    this.started.release();
  }

  private async healthy(app: SlotApp, signal: AbortSignal): Promise<void> {
    const { healthCheckPath: path, startPatienceMs = defaultStartPatienceMs } = app;
    const deadline = performance.now() + startPatienceMs;
    let last = 'no answer';
    let pauseMs = pollMs;
    while (performance.now() < deadline) {
      signal.throwIfAborted();
      if (!this.running) {
        await this.output.complete();
        const advice = this.child.exitCode === 0 ? '; let it stay in the foreground, without & or --daemon' : '';
        throw new LocalError(`slot ${this.slot}: its app ended with ${this.how} before it was healthy${advice}${this.said}`);
      }
      const health = await healthOf(this.port, path, signal);
      if (health === 'status 200') {
        return;
      }
      last = health === 'no answer' ? last : health;
      await wait(pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * 1.25);
    }
    // One that answered, but not that it is healthy, is not slow.
    const Cause = last === 'no answer' ? TooSlowError : LocalError;
    throw new Cause(
      `slot ${this.slot}: got ${last} from http://127.0.0.1:${this.port}${path}, expected status 200 within ${startPatienceMs / 1000} s; ` +
        `let the app listen on PORT, or set healthcheckPath${this.said}`,
    );
  }

  private get said(): string {
    return this.output.said(lastLines);
  }

  private async connections(): Promise<string | undefined> {
    const deadline = performance.now() + faultPatienceMs;
    while (await takesConnections(this.port)) {
      if (performance.now() > deadline) {
        return 'its port still takes connections';
      }
      await wait(pollMs);
    }
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') {
    throw new Error('expected a port');
  }
  return address.port;
}
