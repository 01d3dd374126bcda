import type { ServiceState } from '../emulator/follower';
import { LocalError } from '../local-error';
import { failureThreshold } from './circuit-breaker';
import { Deployment } from './deployment';
import { Deployments } from './deployments';
import type { EcsTask, TaskListener, TaskOptions } from './ecs-task';
import type { Registrar } from './registrar';
import { type RestartPauses, RestartThrottle } from './restart-throttle';
import { rolloutMoves } from './rollout';
import type { ServiceDefinition } from './service-definition';
import { blockedMessage, ServiceEvents } from './service-events';
import { StableWait } from './stable-wait';
import { StoppedTasks } from './stopped-tasks';
import { type TaskCommand, type TaskCommands, taskCommand } from './task-command';

/** What a service needs besides its definition. */
export interface EcsServiceOptions {
  readonly registrar: Registrar;
  readonly commands: TaskCommands;

  /** Variables that every task gets, such as where the APIs of AWS are. */
  readonly environment: Readonly<Record<string, string>>;

  /** Told when what the API is to say of the service is otherwise than before. */
  readonly onState: (state: ServiceState) => void;

  /**
   * How long a task may take until it takes connections, in milliseconds. Then it counts as running, and the health checks say what
   * becomes of it.
   *
   * @default 30 000
   */
  readonly startPatienceMs?: number;

  /**
   * How long the service waits before it starts one more task in the place of those that failed.
   *
   * @default - a quarter of a second at first, ten seconds at most
   */
  readonly restartPauses?: RestartPauses;
}

const defaultStartPatienceMs = 30_000;
const defaultRestartPauses: RestartPauses = { firstMs: 250, longestMs: 10_000 };

/**
 * An ECS service on this machine: it keeps as many tasks as it is to have.
 *
 * Whatever happens has it look at all of its tasks and do what is missing, in one go: nothing can come between.
 */
export class EcsService {
  private readonly deployments: Deployments;
  private readonly stopped = new StoppedTasks();
  private readonly events: ServiceEvents;
  private readonly throttle: RestartThrottle;
  private readonly taskOptions: TaskOptions;
  private readonly listener: TaskListener;
  private readonly stable = new StableWait();
  private removal: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  private isEnded = false;
  private isSteady = false;
  private isScheduled = false;
  private told = '';

  /** Failed tasks that were counted. */
  private readonly noted = new WeakSet<EcsTask>();

  /** Nothing runs before `apply()`. */
  constructor(
    private definition: ServiceDefinition,
    private readonly options: EcsServiceOptions,
  ) {
    const { restartPauses = defaultRestartPauses } = options;
    this.deployments = new Deployments(new Deployment(definition, this.commandOf(definition)));
    this.events = new ServiceEvents(definition.name);
    this.throttle = new RestartThrottle(restartPauses, () => this.schedule());
    this.taskOptions = {
      ...options,
      startPatienceMs: options.startPatienceMs ?? defaultStartPatienceMs,
      gracePeriodSeconds: () => this.definition.healthCheckGracePeriodSeconds,
    };
    this.listener = {
      changed: () => this.schedule(),
      registered: () => {
        this.events.registered(this.definition.targetGroups);
        this.schedule();
      },
      drains: () => {
        this.events.drains();
        this.schedule();
      },
    };
  }

  /** What the API is to say of it. */
  get state(): ServiceState {
    const { primary, old, present } = this.deployments;
    return {
      service: this.definition.arn,
      deployments: [
        ...(this.removal === undefined ? [primary.state(this.definition.desiredCount)] : []),
        ...old.map((deployment) => deployment.state(undefined)),
      ],
      tasks: [...present.map(({ state }) => state), ...this.stopped.list],
      events: this.events.list,
    };
  }

  /**
   * Makes the service what a definition says, and waits until it is stable: all of its tasks are healthy, and none is left of those
   * before. When another definition takes its place in the meantime, it waits for that one.
   *
   * @param signal ends the waiting, and nothing else
   * @throws LocalError when the circuit breaker is triggered, when the rollout cannot go on, or when the service is deleted
   */
  async apply(definition: ServiceDefinition, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.removal !== undefined) {
      throw new LocalError(`service ${definition.name}: it is being deleted`);
    }
    this.definition = definition;
    this.deployments.deploy(definition, this.commandOf(definition));
    this.throttle.reset();
    this.schedule();
    await this.stable.begin(signal);
  }

  /** Lets a task finish what it is doing, if it is one of this service, and starts another. Who has asked for it gives the reason. */
  stopTask(id: string, reason: string): void {
    void this.deployments.present.find((task) => task.id === id)?.leave(reason, 'UserInitiated');
  }

  /** Lets all tasks finish what they are doing, and waits until they are gone. */
  async remove(): Promise<void> {
    if (this.removal === undefined) {
      this.stable.fail(`service ${this.definition.name}: it was deleted before it was stable`);
      let resolve = () => {};
      const done = new Promise<void>((resolved) => {
        resolve = resolved;
      });
      this.removal = { done, resolve };
      this.schedule();
      if (this.isEnded) {
        resolve();
      }
    }
    await this.removal.done;
  }

  /** Ends all tasks within a few seconds, whatever is under way. */
  async end(): Promise<void> {
    this.isEnded = true;
    this.throttle.reset();
    this.stable.fail(`service ${this.definition.name}: all ended before it was stable`);
    await Promise.all(this.deployments.present.map((task) => task.end()));
    this.removal?.resolve();
  }

  private commandOf({ app, slotName }: ServiceDefinition): TaskCommand | undefined {
    return app && taskCommand(app, slotName, this.options.commands);
  }

  // So many tasks it is to have: of what does not run here none.
  private get desired(): number {
    return this.removal !== undefined || this.deployments.primary.command === undefined ? 0 : this.definition.desiredCount;
  }

  // What happens at once is looked at once.
  private schedule(): void {
    if (!this.isScheduled) {
      this.isScheduled = true;
      queueMicrotask(() => {
        this.isScheduled = false;
        this.reconcile();
      });
    }
  }

  private reconcile(): void {
    for (const task of this.deployments.takeStopped()) {
      this.stopped.add(task.state);
    }
    if (!this.isEnded) {
      this.deployments.resetFailures(this.definition.circuitBreaker);
      this.dropFailed();
      this.breakCircuit();
      this.roll();
      this.settle();
    }
    this.tell();
  }

  // One of a complete deployment that is only unhealthy stays until there is another one in its place, as far as there is room.
  private dropFailed(): void {
    const { all, primary } = this.deployments;
    for (const deployment of all) {
      for (const task of deployment.failing) {
        const { failure = '' } = task;
        this.noteFailure(deployment, task, failure);
        if (task.hasDied || deployment !== primary || deployment.isInProgress) {
          void task.leave(failure);
        }
      }
    }
  }

  private noteFailure(deployment: Deployment, task: EcsTask, reason: string): void {
    if (this.noted.has(task)) {
      return;
    }
    this.noted.add(task);
    deployment.noteFailure({ task, reason });
    this.events.failed(task, reason);
    const { firstHealthyAt } = task;
    if (this.throttle.failed(firstHealthyAt === undefined ? 0 : Date.now() - firstHealthyAt)) {
      this.events.throttled();
    }
  }

  private breakCircuit(): void {
    const { primary } = this.deployments;
    const { desiredCount, circuitBreaker } = this.definition;
    const { enable, rollback, threshold } = circuitBreaker;
    if (!enable || !primary.isInProgress || primary.failedTasks < failureThreshold(desiredCount, threshold)) {
      return;
    }
    primary.fail();
    this.events.deploymentFailed(primary.id);
    const last = rollback ? this.deployments.rollBack() : undefined;
    if (last !== undefined) {
      this.events.rollsBack(last.id);
    }
    this.stable.fail(this.lastFailure(primary));
  }

  private async lastFailure({ lastFailed }: Deployment): Promise<string> {
    const { task, reason } = lastFailed ?? {};
    await task?.complete();
    const code = task?.state.exitCode;
    return (
      `service ${this.definition.name}: ECS Deployment Circuit Breaker was triggered; last stopped task: ${reason}` +
      `${code === undefined ? '' : ` with exit code ${code}`}${task?.said ?? ''}`
    );
  }

  private roll(): void {
    const { deployments, definition, desired } = this;
    const { primary } = deployments;
    // Of a failed deployment nothing more is started, and what was there before it stays.
    if (primary.isFailed && this.removal === undefined) {
      return;
    }
    const { minimumHealthyPercent, maximumPercent } = definition;
    const moves = rolloutMoves({
      desired,
      minimumHealthyPercent,
      maximumPercent,
      primary: primary.counts,
      failing: primary.failing.length,
      old: deployments.oldCounts,
    });
    const leaving = deployments.leaving(moves);
    if (leaving.length > 0) {
      this.events.stopped(leaving);
    }
    for (const task of leaving) {
      void task.leave(task.failure ?? `Scaling activity initiated by (deployment ${primary.id})`);
    }
    if (moves.start > 0 && !this.throttle.isPausing) {
      this.events.started(primary.start(moves.start, this.taskOptions, this.listener));
    }
    if (moves.isBlocked && this.stable.fail(`service ${definition.name} ${blockedMessage}`)) {
      this.events.blocked();
    }
  }

  private settle(): void {
    const { deployments, desired } = this;
    const { primary, present } = deployments;
    const isStable = !primary.isFailed && present.length === desired && primary.counts.healthy === desired;
    if (this.removal !== undefined) {
      if (present.length === 0) {
        this.removal.resolve();
      }
      return;
    }
    if (isStable) {
      if (primary.isInProgress) {
        deployments.complete();
        this.events.deploymentCompleted(primary.id);
      }
      if (!this.isSteady) {
        this.events.steady();
      }
      this.stable.succeed();
    }
    this.isSteady = isStable;
  }

  private tell(): void {
    const { state } = this;
    const text = JSON.stringify(state);
    if (text !== this.told) {
      this.told = text;
      this.options.onState(state);
    }
  }
}
