import { randomUUID } from 'node:crypto';
import type { ServiceEvent } from '../emulator/follower';
import type { EcsTask } from './ecs-task';

/** ECS keeps so many: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html */
const keptEvents = 100;

/** What happened to a service, in the words of ECS. */
export class ServiceEvents {
  /** The newest first. */
  list: readonly ServiceEvent[] = [];

  constructor(private readonly service: string) {}

  started(tasks: readonly EcsTask[]): void {
    this.add(`has started ${tasks.length} tasks: ${named(tasks)}.`);
  }

  stopped(tasks: readonly EcsTask[]): void {
    this.add(`has stopped ${tasks.length} running tasks: ${named(tasks)}.`);
  }

  registered(targetGroups: readonly string[]): void {
    for (const group of targetGroups) {
      this.add(`registered 1 targets in (target-group ${group})`);
    }
  }

  drains(): void {
    this.add('has begun draining connections on 1 tasks.');
  }

  failed(task: EcsTask, reason: string): void {
    this.add(`(task ${task.id}) failed: ${reason}${task.said}`);
  }

  throttled(): void {
    this.add('is unable to consistently start tasks successfully.');
  }

  blocked(): void {
    this.add(blockedMessage);
  }

  deploymentCompleted(deployment: string): void {
    this.add(`(deployment ${deployment}) deployment completed.`);
  }

  deploymentFailed(deployment: string): void {
    this.add(`(deployment ${deployment}) deployment failed: tasks failed to start.`);
  }

  rollsBack(deployment: string): void {
    this.add(`rolling back to deployment ${deployment}.`);
  }

  steady(): void {
    this.add('has reached a steady state.');
  }

  private add(message: string): void {
    const event = { id: randomUUID(), at: Date.now(), message: `(service ${this.service}) ${message}` };
    this.list = [event, ...this.list].slice(0, keptEvents);
  }
}

/** Why a rollout cannot go on. */
export const blockedMessage =
  'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
  'Update the minimumHealthyPercent or maximumPercent value and try again.';

function named(tasks: readonly EcsTask[]): string {
  return tasks.map(({ id }) => `(task ${id})`).join(' ');
}
