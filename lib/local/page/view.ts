// What the page is told: the server's messages, and what is in them.

import type { PlaneName } from '../../release/plane-limits';
import type { AlarmState, StackEvent, TaskState } from '../emulator/follower';
import type { OpenSplit } from '../envoy/open-way-in';

/** One message. What is not in it is as it was. */
export interface PageMessage {
  /** As `Date.now()`. */
  readonly now: number;

  /** Whether everything that came before is forgotten. */
  readonly isWhole?: true;

  /** Told together with that. */
  readonly about?: About;
  readonly stacks?: readonly StackView[];

  /** Alarms that no stack has made. */
  readonly otherAlarms?: readonly AlarmView[];

  /** New ones, the oldest first. */
  readonly events?: readonly StackEvent[];

  /** New sentences for who listens to the page, the oldest first. */
  readonly news?: readonly string[];
  readonly traffic?: readonly SeriesView[];
}

/** What never changes. */
export interface About {
  /** Where the APIs answer. */
  readonly endpoint: string;

  /** The commands to begin with. */
  readonly commands: readonly string[];
}

/** A stack with what is in it. */
export interface StackView {
  readonly name: string;

  /** Of CloudFormation, such as `UPDATE_IN_PROGRESS`; empty: not told yet. */
  readonly status: string;
  readonly phase: StackPhase;

  /** Since when it has this status, as `Date.now()`; 0: not told yet. */
  readonly since: number;
  readonly reason: string;

  /** What the guard has refused in the last operation. */
  readonly refusals: readonly Refusal[];
  readonly alarms: readonly AlarmView[];
  readonly waysIn: readonly WayInView[];
  readonly services: readonly ServiceView[];
}

/** What CloudFormation is doing with a stack, or has done last. */
export type StackPhase =
  | 'being reviewed'
  | 'deploying'
  | 'cleaning up'
  | 'deleting'
  | 'rolling back'
  | 'deployed'
  | 'rolled back'
  | 'failed';

/** A deploy that the guard has refused. */
export interface Refusal {
  /** As `Date.now()`. */
  readonly at: number;
  readonly reason: string;
}

/** An alarm by a name that people can read. */
export interface AlarmView extends Pick<AlarmState, 'arn' | 'name' | 'description' | 'state' | 'reason' | 'since'> {
  readonly title: string;
}

/** A way in with the slots behind it. */
export interface WayInView {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly plane: PlaneName;
  readonly targets: readonly TargetView[];
  readonly splits: readonly SplitView[];
}

/** What receives requests at a way in. */
export interface TargetView {
  readonly name: string;
  readonly label: string;

  /** Number of its colour on the page. */
  readonly colour: number;
}

/** A route that holds weights, with those that it had in the last two minutes, the newest last. */
export interface SplitView extends OpenSplit {
  readonly title: string;

  /** Names of the targets that it has no more, and had then. */
  readonly gone: readonly string[];
  readonly weights: readonly { readonly since: number; readonly targets: OpenSplit['targets'] }[];
}

/** An ECS service: a slot, if its tasks are told so. */
export interface ServiceView {
  readonly arn: string;
  readonly name: string;

  /** Label of the slot; empty: none. */
  readonly slot: string;
  readonly colour: number;
  readonly desired: number;
  readonly running: number;

  /** Whether its tasks run here: those of a mesh gateway do not. */
  readonly runsHere: boolean;
  readonly rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

  /** The newest thing that ECS says of it; empty: nothing yet. */
  readonly message: string;
  readonly tasks: readonly TaskView[];

  /** How many tasks are left out. */
  readonly more: number;
}

/** A task. */
export interface TaskView {
  readonly id: string;
  readonly status: TaskState['lastStatus'];
  readonly health: TaskState['healthStatus'];
  readonly image: string;

  /** Since when it has this status, as `Date.now()`. */
  readonly since: number;

  /** Why it stops, or has stopped; empty: it does not. */
  readonly reason: string;
}

/** The requests of one target of a split. */
export interface SeriesView {
  /** Id of the way in. */
  readonly wayIn: string;

  /** Name of the split; empty: they came by a route that is none, as that of the preview header, or no target was chosen. */
  readonly split: string;

  /** Name of the target; empty: none was chosen. */
  readonly target: string;

  /** Those that have changed. */
  readonly seconds: readonly SecondCounts[];

  /** Of the last ten seconds, in milliseconds; `null`: there was no request. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** A second since 1970, and how many requests came to their end in it: in order, with a 5xx status from a task, without an answer. */
export type SecondCounts = readonly [second: number, ok: number, errors: number, unanswered: number];
