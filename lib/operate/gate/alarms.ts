import type { PlaneName } from '../../release/plane-limits';
import type { SlotName } from '../../release/slots';
import type { DeployedAlarm } from '../measured/alarm-state';
import type { Check } from './check';

/** The alarms of a stack, and what is known besides. */
export interface WatchedAlarms {
  readonly alarms: readonly DeployedAlarm[];

  /** The plane of the service. */
  readonly plane: PlaneName | string;

  /** Slots whose tasks were just counted, and are there. */
  readonly counted: readonly SlotName[];

  /** For how many whole minutes the weights are in force. */
  readonly minutes: number;

  /** The command that deploys what the files say, such as `npx cdk deploy`. */
  readonly deployCommand: string;
}

/** An alarm looks back for so many minutes: what it says sooner may be of the weights before. */
const alarmMinutes = 5;

// Elsewhere the alarm on a slot without tasks lives on Container Insights, and stays in alarm where the cluster has none.
const countsItself: PlaneName = 'load-balancer';

/** Whether an alarm has gone off. */
export function checkAlarms({ alarms, plane, counted, minutes, deployCommand }: WatchedAlarms): Check {
  const name = 'alarms';
  const missing = alarms.filter(({ state }) => state === undefined);
  const gone = alarms.filter(({ state }) => state === 'ALARM');
  const isContradicted = ({ kind, slot }: DeployedAlarm) => kind === 'empty slot' && slot !== undefined && counted.includes(slot);
  const isOld = ({ kind }: DeployedAlarm) => kind !== 'empty slot' && minutes < alarmMinutes;
  const real = gone.filter((alarm) => !isContradicted(alarm) && !isOld(alarm));
  const old = gone.filter(isOld);
  const contradicted = gone.filter(isContradicted);
  if (alarms.length === 0) {
    return { name, verdict: 'pass', sentence: 'alarms: none, so nothing watches (alarms=false)' };
  }
  if (real.length > 0) {
    return { name, verdict: 'fail', sentence: `${named(real)} ALARM, expected OK; see why, or go back` };
  }
  if (missing.length > 0) {
    return {
      name,
      verdict: 'fail',
      sentence: `${named(missing)} not there, expected it in CloudWatch`,
      mend: [`${deployCommand} --revert-drift`],
    };
  }
  if (old.length > 0) {
    const sentence = `${named(old)} ALARM, expected OK; wait, it may still speak of what was before these weights`;
    return { name, verdict: 'inconclusive', sentence };
  }
  if (contradicted.length > 0 && plane === countsItself) {
    return { name, verdict: 'inconclusive', sentence: `${named(contradicted)} ALARM, though the tasks are there, expected OK` };
  }
  const told = contradicted.length === 0 ? '' : ` (${named(contradicted)} ALARM, not counted: the tasks are there)`;
  return { name, verdict: 'pass', sentence: `alarms: none of ${alarms.length - contradicted.length} has gone off${told}` };
}

function named(alarms: readonly DeployedAlarm[]): string {
  return `${alarms.length === 1 ? 'alarm' : 'alarms'} ${alarms.map(({ name }) => name).join(', ')}: ${alarms.length === 1 ? 'is' : 'are'}`;
}
