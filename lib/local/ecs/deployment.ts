import type { DeploymentState } from '../emulator/follower';
import { EcsTask, type TaskListener, type TaskOptions } from './ecs-task';
import { failedCheck } from './failed-check';
import type { RolloutTasks } from './rollout';
import type { ServiceDefinition } from './service-definition';
import type { TaskCommand } from './task-command';

/** A task that failed, and why, in the words of ECS. */
export interface FailedTask {
  readonly task: EcsTask;
  readonly reason: string;
}

let count = 0;

/** Tasks of a service that are made of the same definition. */
export class Deployment {
  readonly id: string;
  readonly createdAt = Date.now();
  private readonly all = new Set<EcsTask>();
  private updatedAt = this.createdAt;
  private rolloutState: DeploymentState['rolloutState'] = 'IN_PROGRESS';
  private rolloutStateReason: string;
  private failures = 0;

  /** Tasks that have got healthy once. */
  private readonly healthy = new WeakSet<EcsTask>();
  private last: FailedTask | undefined;

  /** @param command what runs as a task; `undefined`: nothing does, here */
  constructor(
    readonly definition: ServiceDefinition,
    readonly command: TaskCommand | undefined,
  ) {
    count += 1;
    this.id = `ecs-svc/${Date.now()}${`${count}`.padStart(6, '0')}`;
    this.rolloutStateReason = `ECS deployment ${this.id} in progress.`;
  }

  /** Its tasks that are not to go. */
  get tasks(): readonly EcsTask[] {
    return [...this.all].filter(({ isLeaving }) => !isLeaving);
  }

  /** Its tasks that have not stopped yet, those that leave among them. */
  get present(): readonly EcsTask[] {
    return [...this.all];
  }

  /** Its tasks that cannot stay: they did not start, have ended, or failed a check. They are not yet told to go. */
  get failing(): readonly EcsTask[] {
    return this.tasks.filter(({ failure }) => failure !== undefined);
  }

  /** Its tasks that are not to go and do not fail, in numbers. */
  get counts(): RolloutTasks {
    const tasks = this.tasks.filter(({ failure }) => failure === undefined);
    const healthy = tasks.filter(({ isHealthy }) => isHealthy).length;
    return { healthy, others: tasks.length - healthy };
  }

  /** How many of its tasks failed in a row, before it was complete. */
  get failedTasks(): number {
    return this.failures;
  }

  /** The last of its tasks that failed. */
  get lastFailed(): FailedTask | undefined {
    return this.last;
  }

  get isFailed(): boolean {
    return this.rolloutState === 'FAILED';
  }

  get isInProgress(): boolean {
    return this.rolloutState === 'IN_PROGRESS';
  }

  /** Starts some more of its tasks. */
  start(number: number, options: TaskOptions, listener: TaskListener): readonly EcsTask[] {
    const { command } = this;
    const { app, arn: service, taskDefinition, targetGroups } = this.definition;
    if (app === undefined || command === undefined) {
      return [];
    }
    const spec = { service, deployment: this.id, taskDefinition, app, command, failedCheck: failedCheck(targetGroups) };
    const tasks = Array.from({ length: number }, () => new EcsTask(spec, options, listener));
    for (const task of tasks) {
      this.all.add(task);
    }
    return tasks;
  }

  /** Forgets the tasks that have stopped. */
  takeStopped(): readonly EcsTask[] {
    const stopped = [...this.all].filter(({ isStopped }) => isStopped);
    for (const task of stopped) {
      this.all.delete(task);
    }
    return stopped;
  }

  /** Counts a failed task, unless the deployment is complete. */
  noteFailure(failed: FailedTask): void {
    this.last = failed;
    this.failures += this.isInProgress ? 1 : 0;
  }

  /** Ends the row of failures, if one more task has got healthy. */
  resetFailures(): void {
    const healthy = [...this.all].filter((task) => task.firstHealthyAt !== undefined && !this.healthy.has(task));
    for (const task of healthy) {
      this.healthy.add(task);
      this.failures = 0;
    }
  }

  /** It is to become complete once more. */
  begin(reason = `ECS deployment ${this.id} in progress.`): void {
    this.failures = 0;
    this.set('IN_PROGRESS', reason);
  }

  complete(): void {
    this.set('COMPLETED', `ECS deployment ${this.id} completed.`);
  }

  fail(): void {
    this.set('FAILED', 'ECS deployment circuit breaker: tasks failed to start.');
  }

  /**
   * What the API says of it.
   *
   * @param desired tasks that it is to have; `undefined`: it is not the primary one
   */
  state(desired: number | undefined): DeploymentState {
    const tasks = this.tasks.map(({ state }) => state.lastStatus);
    // What does not run here counts as if it did.
    const runningCount = this.command === undefined ? (desired ?? 0) : tasks.filter((status) => status === 'RUNNING').length;
    return {
      id: this.id,
      status: desired === undefined ? 'ACTIVE' : 'PRIMARY',
      taskDefinition: this.definition.taskDefinition,
      desiredCount: desired ?? tasks.length,
      runningCount,
      pendingCount: tasks.filter((status) => status === 'PENDING').length,
      failedTasks: this.failures,
      rolloutState: this.rolloutState,
      rolloutStateReason: this.rolloutStateReason,
      createdAt: this.createdAt,
      updatedAt: this.updatedAt,
    };
  }

  private set(state: DeploymentState['rolloutState'], reason: string): void {
    this.rolloutState = state;
    this.rolloutStateReason = reason;
    this.updatedAt = Date.now();
  }
}
