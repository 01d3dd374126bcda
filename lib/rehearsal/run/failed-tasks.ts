import type { ServiceState } from '../../local/emulator/follower';

/** What ECS says of a task that failed, and of nothing else. */
const failure = /^\(service (?<service>\S+)\) \(task \S+\) failed: (?<reason>.*)$/s;

interface Failures {
  readonly step: string;
  readonly service: string;
  readonly reason: string;
  readonly count: number;
}

/** Tasks that failed without a deploy that took them away. */
export class FailedTasks {
  private readonly seen = new Set<string>();
  private readonly failures = new Map<string, Failures>();

  /**
   * Looks at what happened to a service since the last time.
   *
   * @param step name of the step that runs
   */
  note({ events }: Pick<ServiceState, 'events'>, step: string): void {
    // The newest is the first one.
    for (const { id, message } of [...events].reverse()) {
      const { service, reason } = failure.exec(message)?.groups ?? {};
      if (service !== undefined && reason !== undefined && !this.seen.has(id)) {
        this.seen.add(id);
        // What an app said last may be another thing each time.
        const key = JSON.stringify([step, service, reason.split(';')[0]]);
        const count = (this.failures.get(key)?.count ?? 0) + 1;
        this.failures.set(key, { step, service, reason, count });
      }
    }
  }

  /** One sentence for each step, service and reason. */
  get remarks(): readonly string[] {
    return [...this.failures.values()].map(
      ({ step, service, reason, count }) =>
        `${step}: ${count === 1 ? 'a task' : `${count} tasks`} of service ${service} failed: ${reason}`,
    );
  }
}
