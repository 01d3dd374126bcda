import { setTimeout as wait } from 'node:timers/promises';
import { type SlotName, slotNames } from '../../release/slots';
import type { Output } from '../../terminal/output';
import { shareInWords } from '../../terminal/words';
import { counted } from '../gate/counted';
import type { MeasuredMinute } from '../measured/measured-minute';

/** What is told while a deploy is watched. */
export interface WatchedMinutes {
  /** The minutes that are over, from a moment on, oldest first. */
  read(from: number): Promise<readonly MeasuredMinute[]>;

  /** How long a minute takes, in milliseconds. */
  readonly minuteMs: number;
  readonly err: Output;

  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Tells each minute as it comes, so that who waits sees what the alarms see. What cannot be read is not told: it is no reason to disturb a
 * deploy.
 */
export async function tellMinutes({ read, minuteMs, err, signal }: WatchedMinutes): Promise<void> {
  let from = Date.now();
  while (!signal.aborted) {
    await wait(minuteMs, undefined, { signal }).catch(() => {});
    const minutes = signal.aborted ? [] : await read(from).catch(() => []);
    // The count of a minute comes late; one without requests is not told, and may be by and by.
    const told = minutes.filter(({ slots }) => slotNames.some((slot) => (slots[slot]?.requests ?? 0) > 0));
    for (const minute of told) {
      err.write(`  ${minuteInWords(minute)}\n`);
    }
    from = (told.at(-1)?.at ?? from - 1) + 1;
  }
}

/** A minute in words, such as `14:05  blue 50 % of 1 482 requests, 0.1 % 5xx; green 50 %, 0.2 % 5xx`. */
export function minuteInWords({ at, slots }: MeasuredMinute): string {
  const sum = slotNames.reduce((total, slot) => total + (slots[slot]?.requests ?? 0), 0);
  const parts = slotNames.flatMap((slot) => slotInWords(slot, slots, sum) ?? []);
  const [first = '', ...others] = parts;
  const time = new Date(at).toTimeString().slice(0, 5);
  return `${time}  ${[first.replace(' %,', ` % of ${counted(sum, 'request')},`), ...others].join('; ')}`;
}

function slotInWords(slot: SlotName, slots: MeasuredMinute['slots'], sum: number): string | undefined {
  const minute = slots[slot];
  if (minute === undefined || sum === 0) {
    return undefined;
  }
  const errors = minute.requests === 0 ? 0 : minute.errors / minute.requests;
  return `${slot} ${shareInWords(minute.requests / sum)}, ${shareInWords(errors)} 5xx`;
}
