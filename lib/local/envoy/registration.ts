import type { RegisteredTask } from '../ecs/registrar';
import type { TargetHealth } from '../emulator/follower';
import { targetOf } from '../routes/traffic-model';
import type { WayIn } from '../routes/way-in';

/** Where a task gets requests from. */
export interface Place {
  /** Id of the way in. */
  readonly wayIn: string;

  /** Name of the target in its model. */
  readonly target: string;

  /** Physical id of the target group, or of the virtual node. */
  readonly resource: string;

  /** The local port to which the requests go. */
  readonly port: number;

  /** How long requests under way may take when the task goes, in milliseconds. */
  readonly drainMs: number;
}

/** A task, and what was said of its health. */
export class Registration {
  /** Of all places where it was, how long the slowest one waits for requests under way, in milliseconds. */
  drainMs = 0;
  private told: TargetHealth | undefined;

  constructor(
    readonly task: RegisteredTask,
    private readonly onHealth: (health: TargetHealth) => void,
  ) {}

  /** The places at some ways in where the task gets requests. */
  placesAt(waysIn: Iterable<WayIn>): readonly Place[] {
    const { service, ports } = this.task;
    return [...waysIn].flatMap(({ id: wayIn, targets, model }) =>
      Object.entries(targets).flatMap(([target, { resource, services }]) =>
        services
          .filter((behind) => behind.service === service)
          .flatMap(({ port }) => {
            const local = ports[port];
            return local === undefined
              ? []
              : [{ wayIn, target, resource, port: local, drainMs: targetOf(model, target).drainMs }];
          }),
      ),
    );
  }

  /**
   * Says how healthy the task is, when that has changed.
   *
   * @param places all of them
   */
  tell(places: readonly Place[], healthAt: (place: Place) => TargetHealth): void {
    this.drainMs = Math.max(this.drainMs, ...places.map(({ drainMs }) => drainMs));
    const all = places.map(healthAt);
    const worst = (['unhealthy', 'initial'] as const).find((health) => all.includes(health)) ?? 'healthy';
    if (worst !== this.told) {
      this.told = worst;
      this.onHealth(worst);
    }
  }
}
