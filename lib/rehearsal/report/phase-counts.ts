import { PhaseLog } from '../../local/envoy/access-log';
import { type Findings, phaseNumber, type phases } from '../findings';
import { PhaseTally } from '../load/tally';
import type { PerSlot } from './report';

type Phase = (typeof phases)[number];

/** The phases in which the split stands still. */
export const holdPhases = ['hold', 'broken'] as const;

/** The phases whose requests a user could have sent. */
export const userPhases = ['change', ...holdPhases] as const;

/** What the client saw in one phase of a step. */
export function tallyOf({ tallies }: Findings, index: number, phase: Phase): PhaseTally {
  return tallies.get(phaseNumber(index, phase)) ?? new PhaseTally();
}

/** What Envoy noted in one phase of a step. */
export function logOf({ accessLog }: Findings, index: number, phase: Phase): PhaseLog {
  return accessLog.get(phaseNumber(index, phase)) ?? new PhaseLog();
}

/** Whether a slot was broken on purpose in a phase of a step. */
export function brokenIn({ plan: { fault } }: Findings, index: number, phase: Phase, slot: string | null): boolean {
  return fault !== undefined && slot === fault.slot && (index > fault.step || (index === fault.step && phase === 'broken'));
}

/** A value for each slot. */
export function perSlot<T>(slots: readonly string[], value: (slot: string) => T): PerSlot<T> {
  return Object.fromEntries(slots.map((slot) => [slot, value(slot)]));
}

export function sum<T>(values: readonly T[], number: (value: T) => number): number {
  return values.reduce((total, value) => total + number(value), 0);
}

/** All that was counted, whatever it was. */
export function total(counts: ReadonlyMap<string, number>): number {
  return sum([...counts.values()], (count) => count);
}
