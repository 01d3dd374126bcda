import { type PlaneName, planeLimits } from '../../release/plane-limits';
import { LocalError } from '../local-error';

/** How requests reach the slots, as a template says it: the same words for every traffic plane. */
export interface TrafficModel {
  readonly plane: PlaneName;

  /** Name of the resource by which requests come in. */
  readonly entry: string;

  /** The host that callers ask for; `undefined`: any. */
  readonly host: string | undefined;

  /** Routes, the one to be tried first in front. */
  readonly routes: readonly RouteModel[];

  /** Everything to which a route can send requests. */
  readonly targets: readonly TargetModel[];

  /** HTTP status for a request that no route takes. */
  readonly unmatchedStatus: number;

  /** Whether `.` and `..` segments and double slashes are taken out of paths, as in a mesh. */
  readonly meshHttp: boolean;

  /** Differences that matter between this rehearsal and what AWS runs, one sentence each. */
  readonly notShown: readonly string[];
}

/** One route. */
export interface RouteModel {
  readonly name: string;

  /** The route that holds the weights. Others reach one slot by a request header. */
  readonly production: boolean;

  readonly match: {
    readonly prefix: string;

    /** Whether the prefix ends where a segment of the path ends: `/a` matches `/a/b`, and not `/ab`. */
    readonly wholeSegments: boolean;

    /** The host that a request names, in whatever case; `undefined`: any. */
    readonly host: string | undefined;
    readonly headers: readonly { readonly name: string; readonly value: string; readonly ignoreCase: boolean }[];
  };

  /** What is written into a request before it is sent on. */
  readonly rewrite: { readonly prefix: string | undefined; readonly host: string | undefined };

  /** In template order; a weight of 0 is kept. */
  readonly targets: readonly WeightedTarget[];

  /**
   * HTTP status with which requests are answered instead of being sent to a target.
   *
   * @default - they are sent to a target
   */
  readonly fixedStatus?: number | undefined;

  /** For the request as a whole, retries included. Milliseconds; 0: none. */
  readonly timeoutMs: number;

  /** For a request on which nothing moves. Milliseconds; `undefined`: Envoy's own. */
  readonly idleTimeoutMs: number | undefined;

  readonly retry: RetryModel | undefined;
}

/** A target with its relative share. */
export interface WeightedTarget {
  readonly target: string;
  readonly weight: number;
}

/** When and how often a failed try is repeated. */
export interface RetryModel {
  /** Envoy's names of the events. */
  readonly on: readonly string[];
  readonly statusCodes: readonly number[];

  /** Tries beyond the first one. */
  readonly retries: number;

  /** Milliseconds; `undefined`: none. */
  readonly perTryTimeoutMs: number | undefined;

  /** How often another instance is looked for; `undefined`: not at all. */
  readonly hostSelectionAttempts: number | undefined;
}

/** What receives requests: a virtual node, a target group. */
export interface TargetModel {
  readonly name: string;

  /** Label of the slot behind it. */
  readonly slot: string;

  /** TCP port of the app in AWS. Here the app listens on a free port instead. */
  readonly port: number;

  readonly connectTimeoutMs: number;
  readonly healthCheck: HealthCheckModel | undefined;

  /** Share of healthy instances, in percent, below which all of them get requests. */
  readonly panicThreshold: number;

  readonly outlierDetection: OutlierDetectionModel | undefined;

  /** How long an instance that is taken out may still answer the requests that it has, in milliseconds. */
  readonly drainMs: number;
}

/** An HTTP health check. */
export interface HealthCheckModel {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;

  /** Statuses that mean healthy: pairs of first and last. */
  readonly statuses: readonly (readonly [number, number])[];
}

/** When an instance that answers with errors is left out for a while. */
export interface OutlierDetectionModel {
  readonly consecutiveErrors: number;
  readonly intervalMs: number;
  readonly ejectionMs: number;
  readonly maxEjectionPercent: number;
}

/** The route that holds the weights. */
export function productionRoute(model: TrafficModel): RouteModel {
  const [route, ...others] = model.routes.filter(({ production }) => production);
  if (route === undefined || others.length > 0) {
    throw new LocalError(`template: got ${others.length + (route ? 1 : 0)} routes that hold the weights, expected exactly one`);
  }
  return route;
}

/** The weights as the template has them, by label of the slot. */
export function weightsOf(model: TrafficModel): Readonly<Record<string, number>> {
  return Object.fromEntries(productionRoute(model).targets.map(({ target, weight }) => [targetOf(model, target).slot, weight]));
}

/** The share of each slot that has a weight: between 0 and 1. */
export function sharesOf(weights: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(Object.entries(weights).map(([slot, weight]) => [slot, weight / sum]));
}

/** A target by its name. */
export function targetOf(model: TrafficModel, name: string): TargetModel {
  const target = model.targets.find((each) => each.name === name);
  if (target === undefined) {
    throw new LocalError(
      `target ${name}: got a route to it, expected it among ${model.targets.map((each) => each.name).join(', ')}`,
    );
  }
  return target;
}

/**
 * Looks for what AWS would refuse, or take and then not apply.
 *
 * @throws LocalError with all problems
 */
export function checkTrafficModel(model: TrafficModel): void {
  const problems = weightProblems(model);
  const slots = model.targets.map(({ slot }) => slot);
  if (new Set(slots).size < slots.length) {
    problems.push(`template: got several targets for one slot (${slots.join(', ')}), expected one target per slot`);
  }
  if (problems.length > 0) {
    throw new LocalError(problems);
  }
  productionRoute(model);
  for (const { target } of model.routes.flatMap(({ targets }) => targets)) {
    targetOf(model, target);
  }
}

/** The weights that AWS would refuse, or take and then not apply, in words. */
export function weightProblems(model: TrafficModel): string[] {
  const limits = planeLimits[model.plane];
  return model.routes
    .filter(({ fixedStatus }) => fixedStatus === undefined)
    .flatMap((route) => {
      const sum = route.targets.reduce((total, { weight }) => total + weight, 0);
      const wrong = route.targets.filter(({ weight }) => !Number.isInteger(weight) || weight < 0 || weight > limits.maxWeight);
      return [
        ...wrong.map(
          ({ target, weight }) =>
            `route ${route.name}: got weight ${weight} for ${target}, expected a whole number from 0 to ${limits.maxWeight} on ${model.plane}`,
        ),
        ...(sum < 1 || sum > limits.maxWeightSum
          ? [`route ${route.name}: got weights with a sum of ${sum}, expected 1 to ${limits.maxWeightSum} on ${model.plane}`]
          : []),
      ];
    });
}
