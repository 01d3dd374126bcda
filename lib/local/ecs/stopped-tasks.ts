import type { TaskState } from '../emulator/follower';

/** ECS can be asked for a stopped task for an hour: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const keptMs = 3_600_000;

/** So many at most, since tasks that do not start stop often. */
const keptTasks = 20;

/** The tasks of a service that stopped a while ago. */
export class StoppedTasks {
  private tasks: readonly TaskState[] = [];

  /** The newest first. */
  get list(): readonly TaskState[] {
    const now = Date.now();
    return this.tasks.filter(({ stoppedAt = now }) => now - stoppedAt < keptMs);
  }

  add(task: TaskState): void {
    this.tasks = [task, ...this.list].slice(0, keptTasks);
  }
}
