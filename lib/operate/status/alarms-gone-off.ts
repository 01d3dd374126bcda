import type { PlaneName } from '../../release/plane-limits';
import type { LiveState } from '../live/live-state';
import type { DeployedAlarm } from '../measured/alarm-state';

// Elsewhere the alarm on a slot without tasks lives on Container Insights, and stays in alarm where the cluster has none.
const countsItself: PlaneName = 'load-balancer';

/** The alarms that have gone off; without those on a slot without tasks that ECS contradicts, where the plane does not count them itself. */
export function alarmsGoneOff(
  alarms: readonly DeployedAlarm[],
  live: LiveState,
  plane: PlaneName | string | undefined,
): readonly DeployedAlarm[] {
  return alarms.filter(({ kind, slot, state }) => {
    const { running, desired } = (slot && live[slot]?.tasks) ?? { running: 0, desired: 0 };
    const isContradicted = kind === 'empty slot' && plane !== countsItself && running > 0 && running >= desired;
    return state === 'ALARM' && !isContradicted;
  });
}
