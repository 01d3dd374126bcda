import type { PlaneName } from '../../release/plane-limits';
import type { WeightedTarget } from '../routes/traffic-model';
import type { WayIn } from '../routes/way-in';

/** A way in as people see it. */
export interface OpenWayIn {
  /** Stays the same as long as it is open. */
  readonly id: string;
  readonly name: string;

  /** Name of its stack. */
  readonly stack: string;

  /** Such as `127.0.0.1:40123`. */
  readonly address: string;
  readonly plane: PlaneName;

  /** Everything to which it can send requests. */
  readonly targets: readonly OpenTarget[];

  /** The routes that hold weights. */
  readonly splits: readonly OpenSplit[];
}

/** What receives requests. */
export interface OpenTarget {
  readonly name: string;

  /** Label of the slot behind it, also when nothing is behind it any more; empty: nothing was behind it yet. */
  readonly slot: string;

  /** ARNs of the ECS services behind it. */
  readonly services: readonly string[];
}

/** A route that holds weights, as it is deployed. */
export interface OpenSplit {
  readonly name: string;

  /** A weight of 0 is among them. */
  readonly targets: readonly WeightedTarget[];
}

/**
 * A way in with what is deployed there.
 *
 * @param slots the label that each target had last, by its name
 */
export function openWayIn(
  { id, name, stack, model, targets }: WayIn,
  address: string,
  slots: ReadonlyMap<string, string>,
): OpenWayIn {
  const weighted = model.routes.filter(({ production, fixedStatus }) => production && fixedStatus === undefined);
  return {
    id,
    name,
    stack,
    address,
    plane: model.plane,
    targets: model.targets.map((target) => ({
      name: target.name,
      slot: target.slot || (slots.get(target.name) ?? ''),
      services: [...new Set(targets[target.name]?.services.map(({ service }) => service))],
    })),
    splits: weighted.map((route) => ({ name: route.name, targets: route.targets })),
  };
}
