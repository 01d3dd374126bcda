import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LocalError, TooSlowError } from '../local-error';
import { type AppCount, readCounters } from './counters';
import type { Fault, FaultMessage } from './fault';
import { type FreePort, freePort } from './free-port';
import { healthOf } from './health';
import { TaskProcess } from './task-process';
import { takesConnections } from './task-processes';

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
  private stopping: Promise<void> | undefined;
  private killed = false;

  private constructor(
    readonly slot: string,
    private readonly listensOn: FreePort,
    private readonly process: TaskProcess,
    private readonly countersFile: string | undefined,
  ) {}

  /**
   * Starts the app on a free port and waits until it is healthy.
   *
   * @param folder where the demo app may keep its counters
   * @throws LocalError when it ends, or answers all the time that it is not healthy, TooSlowError when it does not answer in time
   */
  static async start(app: SlotApp, folder: string, signal: AbortSignal): Promise<SlotProcess> {
    const listensOn = await freePort();
    const { port } = listensOn;
    if (signal.aborted) {
      listensOn.release();
      throw signal.reason;
    }
    const countersFile = app.command === undefined ? join(folder, `${app.slot}-${port}.counters`) : undefined;
    const environment = { ...process.env, ...app.environment(port), PORT: `${port}`, SLOT: app.slot };
    const { stopPatienceMs } = app;
    // The demo app starts nothing that could be elsewhere: it need not be found by its port.
    const started = TaskProcess.start(
      app.command === undefined
        ? {
            command: [process.execPath, ...typescript, demoApp],
            environment: { ...environment, COUNTERS: countersFile },
            takesMessages: true,
            stopPatienceMs,
          }
        : { command: app.command, environment, port, stopPatienceMs },
    );
    const slot = new SlotProcess(app.slot, listensOn, started, countersFile);
    try {
      await slot.healthy(app, signal);
      return slot;
    } catch (error) {
      await slot.stop();
      throw error;
    }
  }

  /** The local port on which the app listens. */
  get port(): number {
    return this.listensOn.port;
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
    const message: FaultMessage = { fault: name, delayMs };
    if (!this.process.send(message)) {
      await this.process.kill();
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
    return this.killed
      ? [`its app did not end within ${this.process.stopPatienceMs / 1000} s after SIGTERM, and was killed`]
      : [];
  }

  /** Why the app is not there any more although nobody stopped it; `undefined` while it runs. */
  get lost(): string | undefined {
    return this.stopping !== undefined || this.process.running ? undefined : `ended with ${this.process.how}${this.said}`;
  }

  private async end(): Promise<void> {
    this.killed = !(await this.process.stop());
    this.listensOn.release();
  }

  private async healthy(app: SlotApp, signal: AbortSignal): Promise<void> {
    const { healthCheckPath: path, startPatienceMs = defaultStartPatienceMs } = app;
    const deadline = performance.now() + startPatienceMs;
    let last = 'no answer';
    let pauseMs = pollMs;
    while (performance.now() < deadline) {
      signal.throwIfAborted();
      if (!this.process.running) {
        await this.process.complete();
        const advice = this.process.how === '0' ? '; let it stay in the foreground, without & or --daemon' : '';
        throw new LocalError(
          `slot ${this.slot}: its app ended with ${this.process.how} before it was healthy${advice}${this.said}`,
        );
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
    return this.process.said(lastLines);
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
