import type { TrafficModel } from '../../local/routes/traffic-model';
import type { Fault } from '../../local/tasks/fault';
import type { Findings, StepDeploy } from '../findings';
import type { RoutesMove } from '../load/tally';

/** What a release runs on: it takes the requests, and brings about one step after the other. */
export interface Stand {
  /**
   * Looks at every step before the first one runs: a mistake in the last step shows in the first second.
   *
   * @throws LocalError, RehearsalError when one of them cannot be brought about
   */
  check(): Promise<void>;

  /**
   * Brings about the first step. When this is done, requests can come in.
   *
   * @throws LocalError, RehearsalError when it cannot be brought about
   */
  start(): Promise<StepChange>;

  /** The local port on which requests come in. */
  readonly port: number;

  /**
   * Brings about the next step while requests come in.
   *
   * @param index of the step
   * @throws LocalError, RehearsalError when the run cannot go on
   */
  change(index: number): Promise<StepChange>;

  /** Removes what a step no longer has, when nothing is sent to it any more. */
  settle(index: number): Promise<void>;

  /**
   * Makes the app of a slot misbehave. Without it, faults cannot be rehearsed here.
   *
   * @param delayMs for `slow`: how much later answers come, in milliseconds
   * @returns what shows that it does not; `undefined` when nothing does
   */
  misbehave?(fault: Fault, delayMs: number): Promise<string | undefined>;

  /** Ends what runs, once the last request is answered, and tells what it counted. */
  finish(): Promise<StandCounts>;

  /** Ends everything that was started. May be called at any time. */
  end(): Promise<void>;
}

/** How a step came about. */
export interface StepChange {
  /** Version of the routes that are in force now. */
  readonly version: string;

  /** How requests reach the slots now. */
  readonly model: TrafficModel;

  /** `undefined` when no routes were moved, as in the first step. */
  readonly moved: RoutesMove | undefined;

  /** `undefined` where nothing is deployed. */
  readonly deploy: StepDeploy | undefined;
}

/** What was counted where the requests went. */
export type StandCounts = Pick<Findings, 'accessLog' | 'envoyAnswers' | 'envoyRequests' | 'apps' | 'lost' | 'remarks'>;
