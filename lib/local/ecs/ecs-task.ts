import { randomUUID } from 'node:crypto';
import type { TaskPorts, TaskState } from '../emulator/follower';
import { type FreePort, freePort } from '../tasks/free-port';
import { TaskProcess } from '../tasks/task-process';
import type { AppContainer } from './app-container';
import { watchContainerHealth } from './container-health';
import type { RegisteredTask, Registrar } from './registrar';
import { type TaskCommand, taskEnvironment, withLocalPorts } from './task-command';
import { TaskHealth } from './task-health';

/** What a task is made of. */
export interface TaskSpec {
  /** ARN of its service. */
  readonly service: string;

  /** Id of its deployment. */
  readonly deployment: string;

  /** ARN of its task definition. */
  readonly taskDefinition: string;
  readonly app: AppContainer;
  readonly command: TaskCommand;

  /** What it failed when the traffic plane finds it unhealthy, in the words of ECS. */
  readonly failedCheck: string;
}

/** What all tasks of a service have in common. */
export interface TaskOptions {
  readonly registrar: Registrar;

  /** Variables that every task gets. */
  readonly environment: Readonly<Record<string, string>>;

  /** For so long after its start a task may be unhealthy, in seconds. */
  readonly gracePeriodSeconds: () => number;

  /** How long it may take until it takes connections, in milliseconds. Then the health checks say what becomes of it. */
  readonly startPatienceMs: number;
}

/** What a task tells its service. */
export interface TaskListener {
  /** Something about it is otherwise than before. */
  changed(): void;
  registered(): void;
  drains(): void;
}

type StopCode = NonNullable<TaskState['stopCode']>;

/** How long a task has to end when all ends, in milliseconds. */
const endPatienceMs = 5000;

/** A task of an ECS service: a process that is registered as long as it takes requests. */
export class EcsTask {
  readonly id = randomUUID().replaceAll('-', '');
  readonly createdAt = Date.now();
  private lastStatus: TaskState['lastStatus'] = 'PENDING';
  private startedAt: number | undefined;
  private stoppingAt: number | undefined;
  private stoppedAt: number | undefined;
  private healthyAt: number | undefined;
  private readonly health: TaskHealth;
  private stopped: { readonly reason: string; readonly code: StopCode } | undefined;
  private exitCode: number | undefined;
  private problem: string | undefined;
  private process: TaskProcess | undefined;
  private ports: readonly (FreePort & { readonly container: number })[] = [];
  private target: RegisteredTask | undefined;
  private leaving: Promise<void> | undefined;
  private readonly starting: Promise<void>;
  private readonly going = new AbortController();
  private readonly hurry = new AbortController();

  /** Starts it. */
  constructor(
    readonly spec: TaskSpec,
    private readonly options: TaskOptions,
    private readonly listener: TaskListener,
  ) {
    this.health = new TaskHealth(spec.app.healthCheck !== undefined, spec.failedCheck, () => this.noteHealth());
    this.starting = this.start().catch((error) => {
      this.problem ??= `CannotStartContainerError: ${(error as Error).message}`;
      this.listener.changed();
    });
  }

  /** Whether it does its work: all checks say so. */
  get isHealthy(): boolean {
    return this.lastStatus === 'RUNNING' && this.failure === undefined && this.health.isHealthy;
  }

  /** When it became healthy for the first time, as `Date.now()`; `undefined`: it never was. */
  get firstHealthyAt(): number | undefined {
    return this.healthyAt;
  }

  /** Whether somebody has told it to go, or it is gone. */
  get isLeaving(): boolean {
    return this.leaving !== undefined;
  }

  /** Whether it cannot be helped: it has ended, or gets no requests. */
  get hasDied(): boolean {
    return this.problem !== undefined;
  }

  get isStopped(): boolean {
    return this.lastStatus === 'STOPPED';
  }

  /** Why it cannot stay, in the words of ECS; `undefined` when it can. */
  get failure(): string | undefined {
    return this.problem ?? this.health.failure;
  }

  /** What it said last, as the end of a sentence. */
  get said(): string {
    return this.health.said === '' ? (this.process?.said(1) ?? '') : `; its health check said: ${this.health.said}`;
  }

  /** Waits until all has arrived that it wrote before it ended. */
  async complete(): Promise<void> {
    if (this.process?.running === false) {
      await this.process.complete();
    }
  }

  get state(): TaskState {
    return {
      id: this.id,
      deployment: this.spec.deployment,
      taskDefinition: this.spec.taskDefinition,
      lastStatus: this.lastStatus,
      desiredStatus: this.isLeaving ? 'STOPPED' : 'RUNNING',
      healthStatus: this.health.container,
      ports: this.localPorts,
      createdAt: this.createdAt,
      startedAt: this.startedAt,
      stoppingAt: this.stoppingAt,
      stoppedAt: this.stoppedAt,
      stoppedReason: this.stopped?.reason,
      stopCode: this.stopped?.code,
      exitCode: this.exitCode,
    };
  }

  /**
   * Takes it out of the routes, waits until no request is under way to it, and ends it, as its stop timeout says. One that has died
   * needs no waiting.
   *
   * @param reason in the words of ECS
   * @param code who lets it go; without one that is the service, unless it has died
   */
  leave(reason: string, code = this.stopCode): Promise<void> {
    this.leaving ??= this.go(reason, code);
    return this.leaving;
  }

  /** Ends it within a few seconds, whatever is under way. */
  async end(): Promise<void> {
    this.hurry.abort();
    await Promise.all([this.leave('Task stopped by user'), this.hurried()]);
  }

  private get localPorts(): TaskPorts {
    return Object.fromEntries(this.ports.map(({ container, port }) => [container, port]));
  }

  private async start(): Promise<void> {
    const { app, command } = this.spec;
    const { environment, startPatienceMs } = this.options;
    this.ports = await Promise.all(app.ports.map(async (container) => ({ ...(await freePort()), container })));
    if (this.isLeaving) {
      return;
    }
    const variables = taskEnvironment(app, this.localPorts, environment);
    const [first] = this.ports;
    const process = TaskProcess.start({
      command: typeof command.command === 'string' ? withLocalPorts(command.command, this.localPorts) : command.command,
      environment: variables,
      port: first?.port,
      stopPatienceMs: app.stopTimeoutSeconds * 1000,
    });
    this.process = process;
    const ended = process.ended.then(({ exitCode, how }) => {
      this.exitCode = exitCode;
      if (!this.isLeaving) {
        this.problem ??= exitCode === undefined ? `CannotStartContainerError: ${how}` : 'Essential container in task exited';
        this.listener.changed();
      }
    });
    const listens =
      first === undefined ||
      (await process.listens(first.port, AbortSignal.any([this.going.signal, AbortSignal.timeout(startPatienceMs)])));
    if (!process.running) {
      await ended;
    }
    if (this.isLeaving || this.problem !== undefined) {
      return;
    }
    this.startedAt = Date.now();
    this.lastStatus = 'RUNNING';
    this.health.begin(this.options.gracePeriodSeconds());
    this.watchContainer(listens, variables);
    void this.register();
  }

  private watchContainer(listens: boolean, environment: NodeJS.ProcessEnv): void {
    const { app, command } = this.spec;
    const { healthCheck } = app;
    if (healthCheck === undefined) {
      return;
    }
    if (!command.isChecked) {
      // The check was written for the image that the command stands for.
      this.health.containerIs({ status: listens ? 'HEALTHY' : 'UNHEALTHY', said: '' });
      return;
    }
    const words = healthCheck.command.map((word) => withLocalPorts(word, this.localPorts));
    void watchContainerHealth(
      { ...healthCheck, command: words },
      environment,
      (health) => this.health.containerIs(health),
      this.going.signal,
    );
  }

  private async register(): Promise<void> {
    this.target = { id: this.id, service: this.spec.service, ports: this.localPorts };
    try {
      await this.options.registrar.register(this.target, (health) => this.health.planeIs(health));
      if (!this.isLeaving) {
        this.listener.registered();
      }
    } catch (error) {
      this.problem ??= `Task could not be registered: ${(error as Error).message}`;
      this.listener.changed();
    }
  }

  private noteHealth(): void {
    if (this.isHealthy) {
      this.healthyAt ??= Date.now();
    }
    this.listener.changed();
  }

  private async go(reason: string, code: StopCode): Promise<void> {
    const died = this.hasDied;
    this.stopped = { reason, code };
    this.stoppingAt = Date.now();
    this.lastStatus = this.target === undefined ? 'STOPPING' : 'DEACTIVATING';
    this.going.abort();
    this.health.end();
    this.listener.changed();
    await this.starting;
    if (this.target !== undefined) {
      await this.drain(this.target, died);
    }
    this.lastStatus = 'STOPPING';
    this.listener.changed();
    await this.process?.stop();
    for (const port of this.ports) {
      port.release();
    }
    this.lastStatus = 'STOPPED';
    this.stoppedAt = Date.now();
    this.listener.changed();
  }

  private get stopCode(): StopCode {
    if (this.problem === undefined) {
      return 'ServiceSchedulerInitiated';
    }
    return this.problem.startsWith('Essential') ? 'EssentialContainerExited' : 'TaskFailedToStart';
  }

  // Nobody else can be helped when the plane fails to do its part: then the task ends all the same.
  private async drain(target: RegisteredTask, died: boolean): Promise<void> {
    const { signal } = this.hurry;
    const hurried = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) {
        resolve();
      }
    });
    const drained = async () => {
      await this.options.registrar.deregister(target).catch(() => {});
      if (signal.aborted) {
        return;
      }
      if (!died) {
        this.listener.drains();
      }
      // Of one that has died too: then it is known that it is out for good.
      await Promise.race([this.options.registrar.drained(target, signal), this.process?.ended]);
    };
    await Promise.race([drained().catch(() => {}), hurried]);
  }

  private async hurried(): Promise<void> {
    await this.starting;
    await this.process?.endWithin(endPatienceMs);
  }
}
