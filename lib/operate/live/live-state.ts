import type { SlotName } from '../../release/slots';

/** The tasks of a slot, as ECS counts them. */
export interface LiveTasks {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
}

/** One slot as it runs. */
export interface LiveSlot {
  /** Its weight in the rule that sends the requests; `undefined`: the rule does not name it. */
  readonly weight: number | undefined;

  readonly tasks: LiveTasks;

  /** Targets that pass the health check of the plane; `undefined`: the plane does not tell. */
  readonly healthyTargets: number | undefined;

  /** Whether ECS still brings up, or takes away, tasks of a deployment. */
  readonly rollingOut: boolean;

  /** When its ECS service was made: of two slots, the older one was there first. */
  readonly createdAt: Date;

  /** When it got what runs in it: when its ECS service was made, or changed last. */
  readonly versionAt: Date;
}

/** What answers now: the rule itself, and the tasks behind it. A slot that is not deployed is not there. */
export type LiveState = Readonly<Partial<Record<SlotName, LiveSlot>>>;

/** The share of each slot, from 0 to 1; `undefined` where no weight is. */
export function shareOf(slot: SlotName, weights: Readonly<Partial<Record<SlotName, number | undefined>>>): number | undefined {
  const sum = Object.values(weights).reduce<number>((total, weight = 0) => total + weight, 0);
  const weight = weights[slot];
  return weight === undefined || sum === 0 ? undefined : weight / sum;
}
