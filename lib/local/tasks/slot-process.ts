import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LocalError } from '../local-error';
import { type AppCount, readCounters } from './counters';
import type { Fault, FaultMessage } from './fault';
import { collect, killGroup, killGroupAtExit } from './process-group';

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
}

const startPatienceMs = 30_000;
const stopPatienceMs = 10_000;
const pollMs = 10;
const demoApp = require.resolve('./demo-app');
// Compiled it runs by itself. By its path, since the user may stand in any folder.
const typescript = demoApp.endsWith('.ts') ? ['-r', require.resolve('tsx/cjs')] : [];

/** The app of one slot as a process on this machine. */
export class SlotProcess {
  private stopping = false;

  private constructor(
    readonly slot: string,
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly countersFile: string | undefined,
    private readonly output: () => string,
  ) {}

  /**
   * Starts the app on a free port and waits until it is healthy.
   *
   * @param folder where the demo app may keep its counters
   * @throws LocalError when it ends, or does not become healthy in time
   */
  static async start(app: SlotApp, folder: string, signal: AbortSignal): Promise<SlotProcess> {
    const port = await freePort();
    const countersFile = app.command === undefined ? join(folder, `${app.slot}-${port}.counters`) : undefined;
    const environment = { ...process.env, ...app.environment(port), PORT: `${port}`, SLOT: app.slot };
    // A group of its own, so that a shell and what it started end together, and not by a Ctrl-C that was meant for the rehearsal.
    const child =
      app.command === undefined
        ? spawn(process.execPath, [...typescript, demoApp], {
            env: { ...environment, COUNTERS: countersFile },
            stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
            detached: true,
          })
        : spawn(app.command, { shell: true, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const slot = new SlotProcess(app.slot, port, child, countersFile, collect(child));
    killGroupAtExit(child);
    try {
      await slot.healthy(app.healthCheckPath, signal);
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

  /** Makes the app misbehave. */
  async misbehave({ name }: Fault, delayMs: number): Promise<void> {
    // The demo app kills itself, between two requests; else its counters could miss the last one.
    if (this.child.connected) {
      const message: FaultMessage = { fault: name, delayMs };
      this.child.send(message);
    } else {
      this.kill('SIGKILL');
    }
    if (name === 'crash') {
      await this.ended();
    }
  }

  /** Asks the app to finish what it is doing and to end, as a container would be asked, and ends it when it does not. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), stopPatienceMs);
    await this.ended();
    clearTimeout(timer);
    // What a shell had started may live longer than the shell.
    this.kill('SIGKILL');
  }

  /** Why the app is not there any more although nobody stopped it; `undefined` while it runs. */
  get lost(): string | undefined {
    return this.stopping || this.running ? undefined : `ended with ${this.child.exitCode ?? this.child.signalCode}${this.said()}`;
  }

  private get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async healthy(path: string, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + startPatienceMs;
    let last = 'no answer';
    while (performance.now() < deadline) {
      signal.throwIfAborted();
      if (!this.running) {
        throw new LocalError(
          `slot ${this.slot}: its app ended with ${this.child.exitCode ?? this.child.signalCode} before it was healthy${this.said()}`,
        );
      }
      try {
        const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(2000),
        });
        await answer.arrayBuffer();
        if (answer.status === 200) {
          return;
        }
        last = `status ${answer.status}`;
      } catch {
        // not yet there
      }
      await wait(pollMs);
    }
    throw new LocalError(
      `slot ${this.slot}: got ${last} from http://127.0.0.1:${this.port}${path}, expected 200 within ${startPatienceMs / 1000} s; ` +
        `let the app listen on PORT, or set healthcheckPath${this.said()}`,
    );
  }

  private said(): string {
    const text = this.output().trim().split('\n').at(-1);
    return text ? `; it said: ${text}` : '';
  }

  private kill(signal: NodeJS.Signals): void {
    killGroup(this.child, signal);
  }

  private async ended(): Promise<void> {
    while (this.running) {
      await wait(pollMs);
    }
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
