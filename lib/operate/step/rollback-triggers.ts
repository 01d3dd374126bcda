import type { ReleaseState } from '../../release/release';
import { stepKind } from '../gate/step-kind';
import type { DeployedAlarm } from '../measured/alarm-state';

/**
 * So many alarms CloudFormation takes.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html
 */
const mostTriggers = 5;

/** What may watch a step. */
export interface Watching {
  readonly alarms: readonly DeployedAlarm[];
  readonly before: ReleaseState;
  readonly after: ReleaseState;

  /** Whether other services are behind the same listener: the alarm of the service is theirs too then. */
  readonly sharesListener: boolean;
}

/**
 * The alarms that roll a step back: those that are there before and after it, and have not gone off.
 *
 * None for the step that turns a slot off: its alarms go, and CloudFormation keeps the triggers of the last deploy, of which a missing one
 * fails every later deploy.
 */
export function rollbackTriggers({ alarms, before, after, sharesListener }: Watching): readonly DeployedAlarm[] {
  if (stepKind(before, after).kind === 'leaves') {
    return [];
  }
  return alarms
    .filter(({ state }) => state === 'OK' || state === 'INSUFFICIENT_DATA')
    .filter(({ kind, slot }) =>
      slot === undefined ? kind !== 'service' || !sharesListener : before[slot].active && after[slot].active,
    )
    .slice(0, mostTriggers);
}
