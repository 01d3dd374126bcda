import { slotNames } from '../../release/slots';
import { shareOrOff } from '../status/differences';
import type { Status } from '../status/status';
import type { VerifyItem } from './verify-item';

/** Whether declared, deployed and live are the same. */
export function verifySameEverywhere({ differences, slots, isDeclaredKnown }: Status): readonly VerifyItem[] {
  const item = { part: 'stack', name: 'same everywhere' } as const;
  if (differences.some(({ word }) => word !== 'differs')) {
    return [{ ...item, verdict: 'not looked at', sentence: 'the stack is not settled' }];
  }
  if (differences.length > 0) {
    return differences.map(({ problem, mend }) => ({ ...item, verdict: 'not ok', sentence: problem, mend }));
  }
  const shares = slotNames.map((slot) => `${slot} ${shareOrOff(slots[slot].deployed)}`).join(', ');
  return isDeclaredKnown
    ? [{ ...item, verdict: 'ok', sentence: `declared, deployed and live: ${shares}` }]
    : [{ ...item, verdict: 'not looked at', sentence: `deployed and live: ${shares}; what is declared cannot be read` }];
}
