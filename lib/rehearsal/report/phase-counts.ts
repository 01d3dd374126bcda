import { PhaseLog } from '../../local/envoy/access-log';
import { type Findings, phaseNumber, type phases } from '../findings';
import { PhaseTally } from '../load/tally';

type Phase = (typeof phases)[number];

/** The phases whose requests a user could have sent. */
export const userPhases = ['change', 'hold'] as const;

/** What the client saw in one phase of a step. */
export function tallyOf({ tallies }: Findings, index: number, phase: Phase): PhaseTally {
  return tallies.get(phaseNumber(index, phase)) ?? new PhaseTally();
}

/** What Envoy noted in one phase of a step. */
export function logOf({ accessLog }: Findings, index: number, phase: Phase): PhaseLog {
  return accessLog.get(phaseNumber(index, phase)) ?? new PhaseLog();
}

/** Envoy's name for a slot in a step. */
export function clusterOf({ plan }: Findings, index: number, slot: string): string | undefined {
  return plan.steps[index]?.model.targets.find((target) => target.slot === slot)?.name;
}

export function sum<T>(values: readonly T[], number: (value: T) => number): number {
  return values.reduce((total, value) => total + number(value), 0);
}
