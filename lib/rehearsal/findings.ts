import type { PhaseLog } from '../local/envoy/access-log';
import type { ClusterCounters } from '../local/envoy/envoy-process';
import type { AppCount } from '../local/tasks/counters';
import type { RequestResult } from './load/load-generator';
import type { PhaseTally, Timeline } from './load/tally';
import type { RehearsalPlan } from './plan';
import type { MachineUse } from './run/machine-watch';

/** Everything that was counted; the report is made of it. */
export interface Findings {
  /** Its steps are those that were run: all, or as far as the first one whose deploy failed. */
  readonly plan: RehearsalPlan;
  readonly envoyVersion: string;
  readonly startedAt: Date;

  /** `performance.now()` at the first request and after the last answer. */
  readonly firstRequestAt: number;
  readonly endedAt: number;
  readonly steps: readonly StepFindings[];
  readonly tallies: ReadonlyMap<number, PhaseTally>;
  readonly timeline: Timeline;

  /** What Envoy noted of each request, by number of the phase, and there by label of the slot. */
  readonly accessLog: ReadonlyMap<number, PhaseLog>;

  /** Envoy's own counters at the end, by label of the slot. Where tasks come and go, Envoy keeps none: its notes count instead. */
  readonly envoyAnswers: ReadonlyMap<string, ClusterCounters>;
  readonly envoyRequests: number;

  /** What the apps counted, by slot and phase. A slot whose app does not count has no entry. */
  readonly apps: ReadonlyMap<string, ReadonlyMap<number, AppCount>>;

  /** Apps that ended by themselves, in words. */
  readonly lost: readonly string[];

  readonly faultBeganAt: number | undefined;

  /** What shows that the app did not do what the fault says, in words. */
  readonly notBitten: string | undefined;

  /** What was noticed of the apps and is no failure, one sentence each. */
  readonly remarks: readonly string[];

  /** When the last request that failed was sent. */
  readonly lastFailureAt: number | undefined;
}

/** What the deploy of a step did. */
export interface StepDeploy {
  /** How many resources CloudFormation created, updated, deleted and replaced. */
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly replaced: number;

  /** From the start of the command to its end. */
  readonly seconds: number;

  /** Why it failed, in words; `undefined` when it did not. */
  readonly problem: string | undefined;
}

/** What was noted of one step. Times are `performance.now()`. */
export interface StepFindings {
  /** Version of the routes that were in force when its split began to stand still. */
  readonly version: string;
  readonly beginAt: number;

  /** `undefined` for a step in which no routes were moved, such as the first one. */
  readonly routesMovedAt: number | undefined;
  readonly holdAt: number;
  readonly endAt: number;
  readonly settleMs: number | undefined;

  /** `undefined` where nothing is deployed. */
  readonly deploy: StepDeploy | undefined;

  /** Requests that were due and never sent. */
  readonly unsent: number;

  /** How busy this machine was from its begin to its end. */
  readonly machine: MachineUse;
  readonly previews: readonly { readonly slot: string; readonly result: RequestResult }[];
}

/**
 * The phases of a step; every request bears the number of the phase in which it was sent. While a slot is broken on purpose, the split stands
 * still as well.
 */
export const phases = ['change', 'hold', 'broken', 'preview'] as const;

/** Number of a phase. */
export function phaseNumber(step: number, phase: (typeof phases)[number]): number {
  return step * phases.length + phases.indexOf(phase);
}
