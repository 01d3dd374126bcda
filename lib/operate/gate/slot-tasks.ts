import type { SlotName } from '../../release/slots';
import type { LiveSlot } from '../live/live-state';
import type { Check } from './check';
import { counted } from './counted';
import { inWords } from './shares';

/** A slot whose tasks are looked at before it gets requests. */
export interface SlotTasks {
  readonly slot: SlotName;

  /** As it runs; `undefined`: it does not. */
  readonly live: LiveSlot | undefined;

  /** The share of the requests that it is to have, from 0 to 1. */
  readonly share: number;

  /** The other slot, by whose tasks it is measured. */
  readonly other: SlotName;

  /** Running tasks of the other slot. */
  readonly otherRunning: number;
}

/** Whether a slot has its tasks, all of them healthy, and as many as its share of the requests asks for. */
export function checkSlotTasks({ slot, live, share, other, otherRunning }: SlotTasks): Check {
  const name = `${slot} tasks`;
  const waits = (found: string): Check => ({ name, verdict: 'inconclusive', sentence: `${slot}: ${found}` });
  if (live === undefined || live.tasks.desired === 0) {
    const found = live === undefined ? 'no ECS service' : '0 desired tasks';
    return { name, verdict: 'fail', sentence: `${slot}: got ${found}, expected tasks that can answer; scale it up first` };
  }
  const { desired, running } = live.tasks;
  if (running < desired) {
    return waits(`${running} of ${counted(desired, 'task')} running, expected ${desired}`);
  }
  if (live.healthyTargets !== undefined && live.healthyTargets < desired) {
    return waits(`${live.healthyTargets} of ${counted(desired, 'task')} healthy, expected ${desired}`);
  }
  if (live.rollingOut) {
    return waits(`ECS is still rolling it out, expected ${counted(desired, 'task')} and nothing under way`);
  }
  const needed = Math.ceil(share * otherRunning);
  if (running < needed) {
    return waits(
      `${counted(running, 'task')}, expected ${needed} for ${inWords(share)} of the requests, as ${other} has ${otherRunning}; scale it up`,
    );
  }
  const healthy = live.healthyTargets === undefined ? '' : `, ${counted(live.healthyTargets, 'healthy target')}`;
  return { name, verdict: 'pass', sentence: `${slot}: ${running} of ${counted(desired, 'task')}${healthy}` };
}
