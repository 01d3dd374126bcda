import type { RegisteredTask } from '../ecs/registrar';
import type { TargetHealth } from '../emulator/follower';
import type { GroupOfTask } from '../routes/deployed-ways-in';
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
  private slowestMs = 0;
  private told: TargetHealth | undefined;

  /** @param groups the target groups of its service when it came: it stays in these, with these ports */
  constructor(
    readonly task: RegisteredTask,
    private readonly groups: readonly GroupOfTask[],
    private readonly onHealth: (health: TargetHealth) => void,
  ) {}

  /** The places at some ways in where the task gets requests. */
  placesAt(waysIn: Iterable<WayIn>): readonly Place[] {
    const { service, ports } = this.task;
    return [...waysIn].flatMap(({ id: wayIn, targets, model }) =>
      Object.entries(targets).flatMap(([target, { resource, services }]) => {
        // A mesh asks which tasks a service has, and goes to the port of its node.
        const behind =
          model.plane === 'app-mesh'
            ? services.filter((each) => each.service === service)
            : this.groups.filter(({ arn }) => arn === resource);
        return behind.flatMap(({ port }) => {
          const local = ports[port];
          return local === undefined ? [] : [{ wayIn, target, resource, port: local, drainMs: targetOf(model, target).drainMs }];
        });
      }),
    );
  }

  /**
   * How long the slowest place waits for requests under way, in milliseconds.
   *
   * @param places all of them; without any, those where it was last count
   */
  drainMs(places: readonly Place[]): number {
    if (places.length > 0) {
      this.slowestMs = Math.max(...places.map(({ drainMs }) => drainMs));
    }
    return this.slowestMs;
  }

  /**
   * Says how healthy the task is, when that has changed.
   *
   * @param places all of them
   */
  tell(places: readonly Place[], healthAt: (place: Place) => TargetHealth): void {
    this.drainMs(places);
    const all = places.length > 0 ? places.map(healthAt) : this.groups.filter(({ isChecked }) => isChecked).map(() => 'initial');
    const worst = (['unhealthy', 'initial'] as const).find((health) => all.includes(health)) ?? 'healthy';
    if (worst !== this.told) {
      this.told = worst;
      this.onHealth(worst);
    }
  }
}
