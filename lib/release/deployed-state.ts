/**
 * What is deployed of one service, as far as it decides whether a deploy is safe: setting by setting, so that a change can be named.
 *
 * CloudFormation hands it over with every number and boolean as text.
 */
export interface DeployedState {
  /** Which settings are written down. Between two different shapes only what both have can be compared. */
  readonly shape: number | string;

  /** Whether the plane's route waits until a slot that joins, or changes, in the same deploy can answer. */
  readonly routeWaits: boolean | string;

  /** How requests come in: for both slots at once, and the same for as long as one of them answers. */
  readonly wayIn: { readonly plane: string } & Readonly<Record<string, SettingValue | undefined>>;

  /** The active slots by name. */
  readonly slots: Readonly<Record<string, DeployedSlot | undefined>>;
}

/** One active slot: its weight, how many tasks it has, and every setting that makes its version. */
export type DeployedSlot = {
  readonly weight: number | string;

  /** Its tasks, where it does not scale. */
  readonly desiredCount?: number | string;

  /** Its tasks at least, where it scales. */
  readonly minCapacity?: number | string;

  /** Its tasks at most, where it scales. */
  readonly maxCapacity?: number | string;
} & Readonly<Record<string, SettingValue | undefined>>;

/** One value, or several as `NAME=value`. */
export type SettingValue = string | number | boolean | readonly string[];

/** One thing that a deploy must not do. */
export interface UnsafeChange {
  /** Why it is unsafe. */
  readonly kind: UnsafeKind;

  /** The slot that it is about; none when it is about all. */
  readonly slot?: string;

  /** Weight of that slot before the deploy, or after it when it had none before. */
  readonly weight?: number;

  /** Name of the setting, such as `image` or `environment.LOG_LEVEL`. */
  readonly setting: string;

  /** What the deploy asks for; `undefined`: it takes the setting away. */
  readonly got: string | undefined;

  /** What would be safe. */
  readonly expected: string | undefined;

  /** Whether another slot is there that can take the requests in the same deploy; of a slot that leaves. */
  readonly relieved?: boolean;

  /** How many tasks the slot has, and how many it is to have; of one that gets requests before they are there. */
  readonly tasks?: { readonly there: number; readonly wanted: number };
}

/**
 * - `leaves`: a slot that answers requests is taken away;
 * - `changes`: a slot that answers requests gets another version;
 * - `way-in`: the way in changes while somebody uses it;
 * - `too-early`: a slot gets requests before it can answer, on a plane whose route does not wait, or before the tasks are there that it
 *   asks for;
 * - `shrinks`: a slot that answers requests may lose tasks at once.
 */
export type UnsafeKind = 'leaves' | 'changes' | 'way-in' | 'too-early' | 'shrinks';
