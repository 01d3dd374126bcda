import type { CircuitBreaker } from './circuit-breaker';
import { Deployment } from './deployment';
import type { EcsTask } from './ecs-task';
import type { RolloutMoves, RolloutTasks } from './rollout';
import type { ServiceDefinition } from './service-definition';
import type { TaskCommand } from './task-command';

/** The deployments of a service: the one that it is to have, and those before it that still have tasks. */
export class Deployments {
  primary: Deployment;
  private before: readonly Deployment[] = [];
  private lastCompleted: Deployment | undefined;

  constructor(first: Deployment) {
    this.primary = first;
  }

  /** The primary one first, then the newest. */
  get all(): readonly Deployment[] {
    return [this.primary, ...this.before];
  }

  /** Those before the primary one that have tasks, the newest first. */
  get old(): readonly Deployment[] {
    return this.before;
  }

  /** All tasks that have not stopped. */
  get present(): readonly EcsTask[] {
    return this.all.flatMap(({ present }) => present);
  }

  /** All tasks that are not to go. */
  get tasks(): readonly EcsTask[] {
    return this.all.flatMap(({ tasks }) => tasks);
  }

  /** The tasks of the old ones that are not to go, in numbers. */
  get oldCounts(): RolloutTasks {
    const counts = this.before.map((deployment) => deployment.counts);
    return {
      healthy: counts.reduce((sum, { healthy }) => sum + healthy, 0),
      others: counts.reduce((sum, { others }) => sum + others, 0),
    };
  }

  /**
   * Makes the deployment of a definition the primary one. One whose tasks are still there, and the same, is taken up again, unless it
   * failed.
   *
   * @param command what runs as a task; `undefined`: nothing does, here
   */
  deploy(definition: ServiceDefinition, command: TaskCommand | undefined): void {
    const same = this.all.find((each) => each.definition.tasksAreFrom === definition.tasksAreFrom && !each.isFailed);
    if (same === undefined) {
      this.makePrimary(new Deployment(definition, command));
    } else if (same !== this.primary) {
      same.begin();
      this.makePrimary(same);
    }
  }

  /**
   * Makes the last deployment that was complete the primary one.
   *
   * @returns `undefined` when there is none besides the primary one
   */
  rollBack(): Deployment | undefined {
    const { lastCompleted } = this;
    if (lastCompleted === undefined || lastCompleted === this.primary) {
      return undefined;
    }
    lastCompleted.begin(`ECS deployment circuit breaker: rolling back to deploymentId ${lastCompleted.id}.`);
    this.makePrimary(lastCompleted);
    return lastCompleted;
  }

  /** The primary one has all its tasks. */
  complete(): void {
    this.primary.complete();
    this.lastCompleted = this.primary;
  }

  /** Ends the rows of failures of those of which a task has got healthy, if the circuit breaker says so. */
  resetFailures({ resetOnHealthyTask }: CircuitBreaker): void {
    for (const deployment of resetOnHealthyTask ? this.all : []) {
      deployment.resetFailures();
    }
  }

  /** Forgets what has stopped. */
  takeStopped(): readonly EcsTask[] {
    const stopped = this.all.flatMap((deployment) => deployment.takeStopped());
    this.before = this.before.filter(({ present }) => present.length > 0);
    return stopped;
  }

  /** The tasks that are to go next: those first that do no work, then the old ones in the order in which they were started. */
  leaving({ stop }: RolloutMoves): readonly EcsTask[] {
    const old = halves(this.before.flatMap(({ tasks }) => tasks));
    const primary = halves(this.primary.tasks);
    return [
      ...old.others.slice(0, stop.old.others),
      ...old.healthy.slice(0, stop.old.healthy),
      ...this.primary.failing.slice(0, stop.failing),
      ...last(primary.others, stop.primary.others),
      ...last(primary.healthy, stop.primary.healthy),
    ];
  }

  private makePrimary(deployment: Deployment): void {
    this.before = this.all.filter((each) => each !== deployment && each.present.length > 0);
    this.primary = deployment;
  }
}

function halves(tasks: readonly EcsTask[]): { readonly healthy: readonly EcsTask[]; readonly others: readonly EcsTask[] } {
  return {
    healthy: tasks.filter(({ isHealthy }) => isHealthy),
    others: tasks.filter(({ isHealthy, failure }) => !isHealthy && failure === undefined),
  };
}

function last<T>(list: readonly T[], count: number): readonly T[] {
  return list.slice(list.length - count);
}
