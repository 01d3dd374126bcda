import { type SlotName, slotNames } from '../../release/slots';
import { shareInWords } from '../../terminal/words';
import { type Shares, splitInWords } from '../gate/shares';
import type { DeployedAlarm } from '../measured/alarm-state';
import type { MeasuredMinute } from '../measured/measured-minute';

/** What is known of a deploy that CloudFormation took back. */
export interface RolledBack {
  /** Why, in the words of CloudFormation. */
  readonly reason: string;

  /** The alarms that could take it back, as they were right after it. */
  readonly alarms: readonly DeployedAlarm[];

  /** The minutes of the deploy. */
  readonly minutes: readonly MeasuredMinute[];

  /** What is live now. */
  readonly shares: Shares;

  /** What was deployed before. */
  readonly sharesBefore: Shares;
}

/** A deploy that was taken back, in one sentence: why, and who answers the requests now. */
export function rolledBackInWords({ reason, alarms, minutes, shares, sharesBefore }: RolledBack): string {
  const named = alarms.filter(({ arn, name }) => reason.includes(arn) || reason.includes(name));
  // AWS does not say in which words it tells of an alarm; those that are still in alarm are known.
  const gone = named.length > 0 || !/alarm|trigger/i.test(reason) ? named : alarms.filter(({ state }) => state === 'ALARM');
  const why =
    gone.length === 0 ? reason : [...errorsOf(gone, minutes), `alarm ${gone.map(({ name }) => name).join(', ')}`].join(', ');
  const [now, before] = [splitInWords(shares), splitInWords(sharesBefore)];
  return `rolled back: ${why}; ${now === before ? `${now} as before` : `live is ${now}, before it was ${before}`}`;
}

// The worst minute of each slot that an alarm names: in all of them together it may be lost.
function errorsOf(alarms: readonly DeployedAlarm[], minutes: readonly MeasuredMinute[]): readonly string[] {
  const named = alarms.filter(({ kind }) => kind !== 'empty slot').map(({ slot }) => slot);
  const slots = named.includes(undefined) ? slotNames : slotNames.filter((slot) => named.includes(slot));
  return slots
    .map((slot) => [slot, worstShare(slot, minutes)] as const)
    .flatMap(([slot, share]) => (share > 0 ? `${slot} 5xx ${shareInWords(share)}` : []));
}

function worstShare(slot: SlotName, minutes: readonly MeasuredMinute[]): number {
  const shares = minutes
    .map(({ slots }) => slots[slot])
    .map((minute) => (minute && minute.requests > 0 ? minute.errors / minute.requests : 0));
  return Math.max(0, ...shares);
}
