import type { ServiceState } from '../emulator/follower';
import { LocalError } from '../local-error';
import { failureThreshold, type RestartPauses, restartPauseMs } from './circuit-breaker';
import { Deployment } from './deployment';
import { EcsTask, type TaskListener } from './ecs-task';
import type { Registrar } from './registrar';
import { type RolloutMoves, rolloutMoves } from './rollout';
import type { ServiceDefinition } from './service-definition';
import { blockedMessage, ServiceEvents } from './service-events';
import { StoppedTasks } from './stopped-tasks';
import { type TaskCommands, taskCommand } from './task-command';

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

/** Somebody who waits until the service is stable. */
interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

const defaultStartPatienceMs = 30_000;
const defaultRestartPauses: RestartPauses = { firstMs: 250, longestMs: 10_000 };

/**
 * An ECS service on this machine: it keeps as many tasks as it is to have.
 *
 * Whatever happens has it look at all of its tasks and do what is missing, in one go: nothing can come between.
 */
export class EcsService {
  private definition: ServiceDefinition;
  private primary: Deployment;

  /** The deployments before it that have tasks, the newest first. */
  private old: readonly Deployment[] = [];
  private lastCompleted: Deployment | undefined;
  private waiter: Waiter | undefined;
  private removal: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  private isEnded = false;
  private isSteady = false;
  private isScheduled = false;
  private failuresInRow = 0;
  private pausedUntil = 0;
  private pause: NodeJS.Timeout | undefined;
  private lastFailed: { readonly task: EcsTask; readonly reason: string } | undefined;
  private told = '';
  private readonly stopped = new StoppedTasks();
  private readonly events: ServiceEvents;
  private readonly listener: TaskListener;

  /** Nothing runs before `apply()`. */
  constructor(
    definition: ServiceDefinition,
    private readonly options: EcsServiceOptions,
  ) {
    this.definition = definition;
    this.primary = this.deploymentOf(definition);
    this.events = new ServiceEvents(definition.name);
    this.listener = {
      changed: () => this.schedule(),
      registered: () => {
        for (const group of this.definition.targetGroups) {
          this.events.registered(group);
        }
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
    const deployments = this.removal === undefined ? [this.primary.state(this.definition.desiredCount)] : [];
    const present = this.deployments.flatMap((deployment) => deployment.present);
    return {
      service: this.definition.arn,
      deployments: [...deployments, ...this.old.map((deployment) => deployment.state(undefined))],
      tasks: [...present.map(({ state }) => state), ...this.stopped.list],
      events: this.events.list,
    };
  }

  /**
   * Makes the service what a definition says, and waits until it is stable: all of its tasks are healthy, and none is left of those
   * before.
   *
   * @param signal ends the waiting, and nothing else
   * @throws LocalError when the circuit breaker is triggered, when the rollout cannot go on, or when another definition takes its place
   */
  async apply(definition: ServiceDefinition, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.abandon(`service ${definition.name}: got another definition before it was stable`);
    this.definition = definition;
    this.deploy(definition);
    this.failuresInRow = 0;
    this.pausedUntil = 0;
    const stable = new Promise<void>((resolve, reject) => {
      this.waiter = { resolve, reject };
    });
    const { waiter } = this;
    const abort = () => waiter?.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.schedule();
    await stable.finally(() => {
      signal?.removeEventListener('abort', abort);
      if (this.waiter === waiter) {
        this.waiter = undefined;
      }
    });
  }

  /** Lets all tasks finish what they are doing, and waits until they are gone. */
  async remove(): Promise<void> {
    if (this.removal === undefined) {
      this.abandon(`service ${this.definition.name}: it was deleted before it was stable`);
      let resolve = () => {};
      const done = new Promise<void>((resolved) => {
        resolve = resolved;
      });
      this.removal = { done, resolve };
      this.schedule();
    }
    await this.removal.done;
  }

  /** Ends all tasks within a few seconds, whatever is under way. */
  async end(): Promise<void> {
    this.isEnded = true;
    clearTimeout(this.pause);
    this.abandon(`service ${this.definition.name}: all ended before it was stable`);
    await Promise.all(this.deployments.flatMap(({ present }) => present.map((task) => task.end())));
    this.removal?.resolve();
  }

  private get deployments(): readonly Deployment[] {
    return [this.primary, ...this.old];
  }

  private deploy(definition: ServiceDefinition): void {
    const same = this.deployments.find(
      (deployment) => deployment.definition.tasksAreFrom === definition.tasksAreFrom && !deployment.isFailed,
    );
    if (same === undefined) {
      this.makePrimary(this.deploymentOf(definition));
    } else if (same !== this.primary) {
      same.begin();
      this.makePrimary(same);
    }
  }

  private makePrimary(deployment: Deployment): void {
    this.old = this.deployments.filter((each) => each !== deployment && each.present.length > 0);
    this.primary = deployment;
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
    for (const task of this.deployments.flatMap((deployment) => deployment.takeStopped())) {
      this.stopped.add(task.state);
    }
    if (!this.isEnded) {
      this.dropFailed();
      if (this.removal === undefined) {
        this.breakCircuit();
        this.roll();
        this.settle();
      } else {
        this.clear(this.removal);
      }
    }
    this.tell();
  }

  private dropFailed(): void {
    for (const deployment of this.deployments) {
      for (const task of deployment.tasks) {
        const { failure } = task;
        if (failure !== undefined) {
          deployment.noteFailure();
          this.lastFailed = { task, reason: failure };
          this.events.failed(task, failure);
          this.slowDown(task);
          void task.leave(failure);
        }
      }
    }
  }

  private slowDown(task: EcsTask): void {
    const { restartPauses = defaultRestartPauses } = this.options;
    const now = Date.now();
    if (now - (task.firstHealthyAt ?? now) >= restartPauses.longestMs) {
      this.failuresInRow = 0;
    }
    this.failuresInRow += 1;
    this.pausedUntil = now + restartPauseMs(this.failuresInRow, restartPauses);
    if (this.pausedUntil > now) {
      this.events.throttled();
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.schedule(), this.pausedUntil - now).unref();
    }
  }

  private breakCircuit(): void {
    const { primary, definition, lastCompleted } = this;
    const { enable, rollback } = definition.circuitBreaker;
    if (!enable || !primary.isInProgress || primary.failedTasks < failureThreshold(definition.desiredCount)) {
      return;
    }
    primary.fail();
    this.events.deploymentFailed(primary.id);
    if (rollback && lastCompleted !== undefined && lastCompleted !== primary) {
      this.events.rollsBack(lastCompleted.id);
      lastCompleted.begin(`ECS deployment circuit breaker: rolling back to deploymentId ${lastCompleted.id}.`);
      this.makePrimary(lastCompleted);
    }
    void this.rejectWithLastFailure();
  }

  private async rejectWithLastFailure(): Promise<void> {
    const { waiter, lastFailed } = this;
    this.waiter = undefined;
    await lastFailed?.task.complete();
    const { task, reason } = lastFailed ?? {};
    const code = task?.state.exitCode;
    waiter?.reject(
      new LocalError(
        `service ${this.definition.name}: ECS Deployment Circuit Breaker was triggered; last stopped task: ${reason}` +
          `${code === undefined ? '' : ` with exit code ${code}`}${task?.said ?? ''}`,
      ),
    );
  }

  private roll(): void {
    const { primary, old, definition } = this;
    const moves = rolloutMoves({
      desired: primary.command === undefined ? 0 : definition.desiredCount,
      minimumHealthyPercent: definition.minimumHealthyPercent,
      maximumPercent: definition.maximumPercent,
      primary: primary.counts,
      old: {
        healthy: sum(old.map(({ counts }) => counts.healthy)),
        others: sum(old.map(({ counts }) => counts.others)),
      },
    });
    // Of a failed deployment nothing more is started, and what was there before it stays.
    if (primary.isFailed) {
      return;
    }
    this.stop(moves);
    if (moves.start > 0 && Date.now() >= this.pausedUntil) {
      this.start(moves.start);
    }
    if (moves.isBlocked && this.waiter !== undefined) {
      this.events.blocked();
      this.waiter.reject(new LocalError(`service ${definition.name} ${blockedMessage}`));
      this.waiter = undefined;
    }
  }

  private stop({ stop }: RolloutMoves): void {
    const tasks = this.old.flatMap((deployment) => deployment.tasks);
    const leaving = [
      ...tasks.filter(({ isHealthy }) => !isHealthy).slice(0, stop.old.others),
      ...tasks.filter(({ isHealthy }) => isHealthy).slice(0, stop.old.healthy),
      ...last(
        this.primary.tasks.filter(({ isHealthy }) => !isHealthy),
        stop.primary.others,
      ),
      ...last(
        this.primary.tasks.filter(({ isHealthy }) => isHealthy),
        stop.primary.healthy,
      ),
    ];
    if (leaving.length > 0) {
      this.events.stopped(leaving);
    }
    for (const task of leaving) {
      void task.leave(`Scaling activity initiated by (deployment ${this.primary.id})`);
    }
  }

  private start(number: number): void {
    const { definition, id, command } = this.primary;
    const { registrar, environment, startPatienceMs = defaultStartPatienceMs } = this.options;
    const { app, targetGroups, arn: service, taskDefinition } = definition;
    if (app === undefined || command === undefined) {
      return;
    }
    const [group] = targetGroups;
    const spec = {
      service,
      deployment: id,
      taskDefinition,
      app,
      command,
      environment,
      gracePeriodSeconds: () => this.definition.healthCheckGracePeriodSeconds,
      failedCheck: `Task failed ELB health checks${group === undefined ? '' : ` in (target-group ${group})`}`,
      startPatienceMs,
    };
    const tasks = Array.from({ length: number }, () => new EcsTask(spec, registrar, this.listener));
    for (const task of tasks) {
      this.primary.add(task);
    }
    this.events.started(tasks);
  }

  private settle(): void {
    this.old = this.old.filter(({ present }) => present.length > 0);
    const { primary, definition } = this;
    const desired = primary.command === undefined ? 0 : definition.desiredCount;
    const isStable =
      !primary.isFailed && this.old.length === 0 && primary.present.length === desired && primary.counts.healthy === desired;
    if (isStable) {
      if (primary.isInProgress) {
        primary.complete();
        this.events.deploymentCompleted(primary.id);
        this.lastCompleted = primary;
      }
      if (!this.isSteady) {
        this.events.steady();
      }
      this.waiter?.resolve();
    }
    this.isSteady = isStable;
  }

  private clear({ resolve }: { readonly resolve: () => void }): void {
    const leaving = this.deployments.flatMap(({ tasks }) => tasks);
    if (leaving.length > 0) {
      this.events.stopped(leaving);
    }
    for (const task of leaving) {
      void task.leave(`Scaling activity initiated by (deployment ${this.primary.id})`);
    }
    if (this.deployments.every(({ present }) => present.length === 0)) {
      this.old = [];
      resolve();
    }
  }

  private deploymentOf(definition: ServiceDefinition): Deployment {
    const { app, slotName } = definition;
    return new Deployment(definition, app && taskCommand(app, slotName, this.options.commands));
  }

  private abandon(why: string): void {
    this.waiter?.reject(new LocalError(why));
    this.waiter = undefined;
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function last<T>(list: readonly T[], count: number): readonly T[] {
  return count === 0 ? [] : list.slice(-count);
}
