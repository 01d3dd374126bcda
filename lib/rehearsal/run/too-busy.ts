import { shareInWords, timeInWords } from '../../terminal/words';
import type { MachineUse } from './machine-watch';

/** From here on, whoever wants a processor waits for one. */
const busyFrom = 0.95;

/** What a machine with time to spare takes to come back to a program. */
const lateFrom = 100;

/** Of the time in which an answer must come, the client may lose so much itself. */
const lateShare = 0.1;

/**
 * Why a machine was too busy to tell who was slow, in words; `undefined` when it was not.
 *
 * @param timeoutMs how long an answer may take
 */
export function tooBusy({ busy, lateMs }: MachineUse, timeoutMs: number): string | undefined {
  const causes = [
    ...(busy !== undefined && busy >= busyFrom ? [`the processors were busy for ${shareInWords(busy)} of the time`] : []),
    ...(lateMs >= Math.max(lateFrom, timeoutMs * lateShare)
      ? [`the client came up to ${timeInWords(lateMs)} too late to do its own work`]
      : []),
  ];
  return causes.length === 0 ? undefined : causes.join(', and ');
}

/** What to do about a machine that is too busy. */
export const whenTooBusy = 'let less run beside it, lower --rate or raise --timeout, and try again';
