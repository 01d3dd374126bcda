import type { AskedService } from '../asked-service';
import type { DeployedAlarm } from '../measured/alarm-state';
import { cdkCommand } from '../typed-command';
import type { VerifyItem } from './verify-item';

/**
 * Whether there are alarms that can take a deploy back, and none of them has gone off.
 *
 * @param goneOff the names of those that have
 */
export function verifyAlarms(
  asked: AskedService,
  alarms: readonly DeployedAlarm[],
  goneOff: readonly string[],
): readonly VerifyItem[] {
  const item = { part: 'stack', name: 'alarms' } as const;
  if (alarms.length === 0) {
    return [{ ...item, verdict: 'not looked at', sentence: 'the stack has none, so nothing takes a deploy back by itself' }];
  }
  const bad = alarms.flatMap(({ name, state }): VerifyItem[] => {
    if (state === undefined) {
      const mend = [cdkCommand(asked, 'deploy', '--revert-drift')];
      return [{ ...item, verdict: 'not ok', sentence: `alarm ${name}: is not there`, mend }];
    }
    return goneOff.includes(name)
      ? [
          {
            ...item,
            verdict: 'not ok',
            sentence: `alarm ${name}: is ALARM, expected OK; see what it watches, and wait until it is over`,
          },
        ]
      : [];
  });
  const unknown = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
  const words = `${alarms.length} are there, none has gone off${unknown > 0 ? `, ${unknown} without enough data` : ''}`;
  return bad.length > 0 ? bad : [{ ...item, verdict: 'ok', sentence: words }];
}
