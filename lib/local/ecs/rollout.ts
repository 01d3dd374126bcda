/** The tasks of a service, as far as they count: none that leaves. */
export interface RolloutTasks {
  readonly healthy: number;

  /** Not healthy, or not yet. */
  readonly others: number;
}

/** Where a service stands. */
export interface RolloutState {
  readonly desired: number;

  /** Of the desired tasks, in percent. */
  readonly minimumHealthyPercent: number;

  /** Of the desired tasks, in percent. */
  readonly maximumPercent: number;

  /** Tasks of the primary deployment, without those that fail. */
  readonly primary: RolloutTasks;

  /** Tasks that do their work no more, and are to be replaced. */
  readonly failing: number;

  /** Tasks of the deployments before it. */
  readonly old: RolloutTasks;
}

/** What is to be done next. */
export interface RolloutMoves {
  /** So many tasks of the primary deployment. */
  readonly start: number;

  /** So many tasks, by what they are. */
  readonly stop: { readonly primary: RolloutTasks; readonly failing: number; readonly old: RolloutTasks };

  /** Whether it cannot go on: no task may be started beside the old ones, and none of those may be missing. */
  readonly isBlocked: boolean;
}

/**
 * What ECS does next so that in the end the desired tasks run, all of the primary deployment.
 *
 * As many are started as the maximum allows. An old one that is healthy goes when a new one has taken its place; before that only
 * where the maximum leaves no room to start one, and the minimum can do without it. One that
 * fails goes in the same way: it may still be better than none.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function rolloutMoves(state: RolloutState): RolloutMoves {
  const { desired, primary, failing, old } = state;
  const { minimum, maximum } = rolloutBounds(state);
  const surplus = Math.max(0, primary.healthy + primary.others - desired);
  const stopOthers = Math.min(surplus, primary.others);
  const stopHealthy = surplus - stopOthers;
  const wanted = Math.max(0, desired - primary.healthy - primary.others);
  const healthy = primary.healthy - stopHealthy + old.healthy;
  // Those that are not healthy hold up nobody.
  const running = primary.healthy + primary.others - surplus + failing + old.healthy;
  const start = Math.min(wanted, Math.max(0, maximum - running));
  const replaced = Math.max(0, healthy - Math.max(desired, minimum));
  const inTheWay = wanted - start;
  const stopFailing = healthy >= desired ? failing : Math.min(failing, inTheWay);
  const stopOld = Math.min(old.healthy, Math.max(0, healthy - minimum), Math.max(replaced, inTheWay - stopFailing));
  return {
    start,
    stop: {
      primary: { healthy: stopHealthy, others: stopOthers },
      failing: stopFailing,
      old: { healthy: stopOld, others: old.others },
    },
    isBlocked: wanted > 0 && start === 0 && stopOld === 0 && stopFailing === 0 && primary.others === 0,
  };
}

/** The bounds of a rollout, as ECS rounds them: so many tasks stay healthy at least, and run at most. */
export function rolloutBounds({ desired, minimumHealthyPercent, maximumPercent }: RolloutState): {
  readonly minimum: number;
  readonly maximum: number;
} {
  return {
    minimum: Math.ceil((desired * minimumHealthyPercent) / 100),
    maximum: Math.floor((desired * maximumPercent) / 100),
  };
}
