import type { TargetHealth, TaskState } from '../emulator/follower';
import type { ContainerHealth } from './container-health';

/** What the health checks of a task say, and what counts of it. */
export class TaskHealth {
  /** What the health check of its container says. */
  container: TaskState['healthStatus'] = 'UNKNOWN';

  /** The last line of a container's check that says it is unhealthy. */
  said = '';

  private plane: TargetHealth = 'initial';
  private mayBeUnhealthy = true;
  private grace: NodeJS.Timeout | undefined;

  /**
   * @param checksContainer whether the container has a health check
   * @param failedCheck what a task failed that the traffic plane finds unhealthy, in the words of ECS
   * @param changed told when it says something else than before
   */
  constructor(
    private readonly checksContainer: boolean,
    private readonly failedCheck: string,
    private readonly changed: () => void,
  ) {}

  /** Whether all checks find it healthy. */
  get isHealthy(): boolean {
    return (!this.checksContainer || this.container === 'HEALTHY') && this.plane === 'healthy';
  }

  /** Which check it failed, in the words of ECS; `undefined`: none, or it is too early to say so. */
  get failure(): string | undefined {
    if (this.mayBeUnhealthy) {
      return undefined;
    }
    if (this.container === 'UNHEALTHY') {
      return 'Task failed container health checks';
    }
    return this.plane === 'unhealthy' ? this.failedCheck : undefined;
  }

  /**
   * Begins when the task runs. For a while it may be unhealthy.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
   */
  begin(gracePeriodSeconds: number): void {
    const over = () => {
      this.mayBeUnhealthy = false;
      this.changed();
    };
    if (gracePeriodSeconds > 0) {
      this.grace = setTimeout(over, gracePeriodSeconds * 1000).unref();
    } else {
      over();
    }
  }

  containerIs({ status, said }: ContainerHealth): void {
    this.container = status;
    this.said = said;
    this.changed();
  }

  /** A plane that begins anew to look says nothing against a task that it has found healthy before. */
  planeIs(health: TargetHealth): void {
    if (health !== 'initial') {
      this.plane = health;
      this.changed();
    }
  }

  /** Nobody asks any more. */
  end(): void {
    clearTimeout(this.grace);
  }
}
