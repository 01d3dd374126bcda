import type { FaultName } from '../../local/tasks/fault';
import type { PlaneName } from '../../release/plane-limits';
import type { ShareInterval } from '../statistics/binomial';

/** A number for each slot, by its label. A slot that does not exist in a step has none. */
export type PerSlot<T = number> = Readonly<Record<string, T>>;

/**
 * What a rehearsal says: every check passed, one did not, or this machine was too busy to tell.
 */
export type Verdict = 'held' | 'did not hold' | 'not measured';

/** What a rehearsal found, as it stands in `report.json`. */
export interface RehearsalReport {
  readonly plane: PlaneName;

  /** The resource by which requests came in. */
  readonly entry: string;

  readonly verdict: Verdict;

  /** What did not hold, one sentence each. */
  readonly problems: readonly string[];

  /** Why this machine could not measure, and what to do, one sentence each. No slot is to blame for it. */
  readonly unmeasured: readonly string[];

  /** What was noticed and is no failure, one sentence each. */
  readonly remarks: readonly string[];

  /** When the rehearsal began: ISO 8601. */
  readonly startedAt: string;
  readonly settings: {
    /** Requests per second. */
    readonly rate: number;

    /** Requests while the split of a step stands still. */
    readonly requestsPerStep: number;

    /** How long the client waits for an answer, in milliseconds. */
    readonly timeoutMs: number;
    readonly path: string;
  };
  readonly slots: readonly SlotReport[];
  readonly steps: readonly StepReport[];
  readonly fault: FaultReport | null;
  readonly totals: TotalsReport;
  readonly counts: readonly CountReport[];
  readonly timeline: TimelineReport;

  /** Differences that matter between this rehearsal and what AWS runs, one sentence each. */
  readonly notShown: readonly string[];
}

export interface SlotReport {
  /** Label of the slot. */
  readonly slot: string;

  /** What ran in it: a command, or `demo app`. */
  readonly app: string;

  /** Whether its app counted requests itself. */
  readonly counts: boolean;
}

export interface StepReport {
  readonly name: string;
  readonly description: string;

  /** The weights of the template. */
  readonly weights: PerSlot;

  /** Logical ids of the resources that this step's deploy changes. */
  readonly changedResources: readonly string[];

  /**
   * What its deploy did.
   *
   * @default - absent: deploys are imitated
   */
  readonly deploy?: DeployReport;

  /** Requests that were sent while the split stood still: those that the shares are made of. */
  readonly requests: number;

  /** How many of these failed: no complete answer, or a status of 400 and above. */
  readonly failed: number;

  /** How many of these went to each slot, failed ones included. */
  readonly observed: PerSlot;

  /** What the weights of the template stand for: 0 to 1. */
  readonly expectedShare: PerSlot;
  readonly observedShare: PerSlot;

  /** The shares that `observed` does not rule out: exact, at about four standard deviations. */
  readonly interval: PerSlot<ShareInterval>;

  /** Milliseconds from moving the routes into place until all requests followed them; `null` for the state before the first move. */
  readonly settleMs: number | null;

  /** The time of the change, before the split stood still. */
  readonly change: { readonly requests: number; readonly failed: number };

  /**
   * Requests of the rehearsal's own by the preview header, which no user sent: of the other numbers they are in the counts only. `null` when
   * the template has no such route.
   */
  readonly preview: { readonly requests: number; readonly failed: number; readonly reached: PerSlot } | null;

  /** Requests of the whole step that needed more than one try, and how many of them ended well. */
  readonly retried: { readonly requests: number; readonly ok: number };

  /** Why requests of the whole step failed. */
  readonly failures: readonly FailureReport[];

  /** How busy this machine was. */
  readonly machine: MachineReport;

  /** Milliseconds from request to complete answer while the split stood still. */
  readonly latencyMs: PerSlot<{ readonly p50: number; readonly p99: number }>;

  /** Milliseconds since the first request. */
  readonly at: { readonly begin: number; readonly routesMoved: number | null; readonly hold: number; readonly end: number };

  /** What did not hold, one sentence each. */
  readonly problems: readonly string[];

  /** Why this machine could not measure it, one sentence each. */
  readonly unmeasured: readonly string[];
}

/** What the deploy of a step did. */
export interface DeployReport {
  /** How many resources CloudFormation created. */
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly replaced: number;

  /** From the start of the command to its end. */
  readonly seconds: number;
}

export interface MachineReport {
  /** Share of the time in which the processors had work: 0 to 1; `null` when the system does not tell. */
  readonly busy: number | null;

  /** The longest time that the client came too late to do its own work, in milliseconds. */
  readonly lateMs: number;
}

export interface FailureReport {
  /** Label of the slot that was chosen; `null` when none was. */
  readonly slot: string | null;

  /** What Envoy noted: status and its own short code. */
  readonly reason: string;

  /** Whether somebody waited too long, which a machine that is too busy brings about as well. */
  readonly late: boolean;

  /** Whether the slot was broken on purpose at the time. */
  readonly meant: boolean;
  readonly count: number;
}

export interface FaultReport {
  readonly slot: string;
  readonly name: FaultName;
  readonly description: string;

  /** Name of the step in which it began. */
  readonly step: string;

  /** Milliseconds since the first request. */
  readonly beganMs: number;

  /** Whether it showed: a failed request, a retry, or an app that is gone. */
  readonly bit: boolean;

  /** Requests for this slot that failed from then on. */
  readonly failed: number;

  /** Requests for this slot that ended well only because of a retry. */
  readonly hiddenByRetries: number;

  /** Where the release went: back to the old version, or on to the new one, whichever is healthy. */
  readonly wayOut: 'back' | 'on';

  /**
   * When the routes of the jump were moved into place, or when the way to it began with the start of the healthy slot: milliseconds since the
   * first request; `null`: never.
   */
  readonly leftAtMs: number | null;

  /** Milliseconds from then until the last request that failed was sent; 0 when none failed; `null`: the failures did not end. */
  readonly recoveryMs: number | null;
}

export interface TotalsReport {
  readonly requests: number;
  readonly failed: number;

  /** From the first request to the last answer, in milliseconds. */
  readonly durationMs: number;
  readonly envoyVersion: string;

  /** Requests that needed more than one try. */
  readonly retried: number;

  /** The highest share of failures that a run without any does not rule out, at 95 % confidence; `null` when some failed. */
  readonly failureRateBelow: number | null;
}

/** One thing that was counted by several who do not know of each other. */
export interface CountReport {
  readonly what: string;
  readonly client: number;
  readonly envoy: number;

  /** `null`: the app is a command of the user's, or does not see this. */
  readonly apps: number | null;

  /** By so many the counts may differ: requests of which one gave up while another one still answered. */
  readonly unsure: number;
  readonly agree: boolean;
}

/** Requests over time, by the time at which they were sent, without those of the preview header. */
export interface TimelineReport {
  readonly binMs: number;

  /** Answers per bin. */
  readonly ok: PerSlot<readonly number[]>;
  readonly failed: readonly number[];
}
