import type { StackEvent } from '../deployed/stack-events';

/** When the weights of a stack were deployed. */
export interface WeightChange {
  /** Physical id of what holds the weights. */
  readonly route: string | undefined;

  /** When the last operation of the stack began. */
  readonly changedAt: Date;

  /** Events of that operation, oldest first. */
  readonly events: readonly StackEvent[];

  /** How long after a change of the route it is in force everywhere, in milliseconds. */
  readonly settleMs: number;
}

/**
 * From when on the weights are in force everywhere, as `Date.now()`. Where the last operation did not touch the route they are so for
 * longer; counted is from that operation on, as it may have changed the slots.
 */
export function inForceSince({ route, changedAt, events, settleMs }: WeightChange): number {
  const changes = events.filter(({ physicalId, status }) => physicalId === route && /^(CREATE|UPDATE)_COMPLETE$/.test(status));
  return (changes.at(-1)?.at ?? changedAt).getTime() + settleMs;
}
