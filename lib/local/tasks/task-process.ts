import { type ChildProcess, type Serializable, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { enginesIn } from './containers';
import { ProcessOutput } from './process-output';
import { reaper, type StartedTask } from './reaper';
import { defaultStopPatienceMs, killTask, stopTask, takesConnections, taskVariable } from './task-processes';

/** What runs as a task. */
export interface TaskProgram {
  /** A shell command, or a program with its arguments. */
  readonly command: string | readonly string[];

  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;

  /**
   * The local port on which it listens: whatever listens there belongs to it.
   *
   * @default - none: all that it starts is known by its environment
   */
  readonly port?: number;

  /**
   * Whether messages can be sent to it.
   *
   * @default false
   */
  readonly takesMessages?: boolean;

  /**
   * How long it has to end after SIGTERM, in milliseconds.
   *
   * @default 10 000
   */
  readonly stopPatienceMs?: number;
}

/** How the first process of a task ended. */
export interface TaskEnd {
  /** As a shell says it: 128 and the number of the signal, where one ended it. `undefined`: it could not be started. */
  readonly exitCode: number | undefined;

  /** Its exit code, or the name of the signal, or why it could not be started. */
  readonly how: string;
}

const pollMs = 10;

/** Who takes long to start is asked less often, so that he can start, in milliseconds. */
const longestPauseMs = 250;

/** A task on this machine: a process, and all that it starts. */
export class TaskProcess {
  /**
   * Starts it as a group of its own, so that a shell and what it started end together, and not by a Ctrl-C that was meant for this
   * process.
   */
  static start(program: TaskProgram): TaskProcess {
    const { command, environment, port, takesMessages = false, stopPatienceMs } = program;
    const mark = randomUUID();
    const known = { mark, startedAt: Date.now(), stopPatienceMs };
    const marks = port === undefined ? known : { ...known, port, engines: typeof command === 'string' ? enginesIn(command) : [] };
    const [file = '', ...words] = typeof command === 'string' ? [command] : command;
    const started = reaper.start<ChildProcess>(marks, () =>
      spawn(file, words, {
        shell: typeof command === 'string',
        env: { ...environment, [taskVariable]: mark },
        stdio: ['ignore', 'pipe', 'pipe', ...(takesMessages ? (['ipc'] as const) : [])],
        detached: true,
      }),
    );
    return new TaskProcess(started);
  }

  /** Settled when its first process has ended, whoever ended it. */
  readonly ended: Promise<TaskEnd>;

  private readonly output: ProcessOutput;
  private stopping: Promise<boolean> | undefined;
  private end: TaskEnd | undefined;
  private hurried = false;

  private constructor(private readonly started: StartedTask<ChildProcess>) {
    const { process } = started;
    this.output = new ProcessOutput(process);
    this.ended = new Promise((resolve) => {
      const ended = (end: TaskEnd) => {
        this.end ??= end;
        resolve(this.end);
      };
      process.once('exit', (code, signal) => ended({ exitCode: code ?? 128 + numberOf(signal), how: `${code ?? signal}` }));
      // It cannot be sent a message either when it has just ended; then its end is what counts.
      process.on('error', (error) => process.pid === undefined && ended({ exitCode: undefined, how: error.message }));
    });
  }

  /** Whether its first process is there. */
  get running(): boolean {
    const { pid, exitCode, signalCode } = this.started.process;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** How its first process ended; `undefined` while it runs. */
  get how(): string | undefined {
    const { exitCode, signalCode } = this.started.process;
    return this.running ? undefined : (this.end?.how ?? `${exitCode ?? signalCode}`);
  }

  /** How long it has to end after SIGTERM, in milliseconds. */
  get stopPatienceMs(): number {
    return this.started.task.stopPatienceMs ?? defaultStopPatienceMs;
  }

  /**
   * Waits until it takes connections on a local port, or has ended, or nobody waits any more.
   *
   * @returns whether it takes connections
   */
  async listens(port: number, signal?: AbortSignal): Promise<boolean> {
    let pauseMs = pollMs;
    while (this.running && !signal?.aborted) {
      if (await takesConnections(port)) {
        return this.running;
      }
      await Promise.race([this.ended, wait(pauseMs, undefined, { signal }).catch(() => {})]);
      pauseMs = Math.min(longestPauseMs, pauseMs * 1.25);
    }
    return false;
  }

  /**
   * Sends a message to one that takes them.
   *
   * @returns whether it takes them
   */
  send(message: Serializable): boolean {
    const { process } = this.started;
    if (process.connected) {
      process.send(message);
    }
    return process.connected;
  }

  /** Waits until all has arrived that it wrote before it ended. */
  async complete(): Promise<void> {
    await this.output.complete();
  }

  /** Its last lines as the end of a sentence; nothing when it said nothing. */
  said(count: number): string {
    return this.output.said(count);
  }

  /**
   * Asks it to finish what it is doing and to end, as a container would be asked, and ends it when it does not.
   *
   * @returns whether it ended by itself
   */
  stop(): Promise<boolean> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** As `stop()`, but for so long at most, in milliseconds; also when it was asked before. */
  async endWithin(patienceMs: number): Promise<void> {
    const patience = setTimeout(() => {
      this.hurried = true;
      void this.kill();
    }, patienceMs);
    await this.stop();
    clearTimeout(patience);
  }

  /** Ends all that belongs to it, without asking. */
  async kill(): Promise<void> {
    await killTask(this.started.task);
  }

  private async stopAll(): Promise<boolean> {
    const ended = await stopTask(this.started.task);
    // What they wrote last has come by now.
    this.output.close();
    this.started.release();
    return ended && !this.hurried;
  }
}

function numberOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
