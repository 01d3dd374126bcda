import { numberInWords, timeInWords } from '../../terminal/words';
import type { DeployReport, FaultReport, MachineReport } from './report';

/** What a fault did, and what the way out did about it, one sentence each. */
export function faultInWords(fault: FaultReport): readonly string[] {
  const { bit, failed, hiddenByRetries } = fault;
  if (!bit) {
    return ['it did not show: this run says nothing about it'];
  }
  const seen = `from then on ${numberInWords(failed)} ${failed === 1 ? 'request' : 'requests'} failed`;
  // Most planes retry nothing: there, a word about retries would only raise a question.
  return [hiddenByRetries > 0 ? `${seen}, and retries hid ${numberInWords(hiddenByRetries)} more` : seen, recovery(fault)];
}

/** How long the way out took until nobody saw a failure any more. */
export function recovery({ wayOut, leftAtMs, recoveryMs }: FaultReport): string {
  const going = `going ${wayOut}`;
  if (leftAtMs === null) {
    return 'the release stayed where it was';
  }
  if (recoveryMs === null) {
    return `${going} did not end the failures`;
  }
  return recoveryMs === 0
    ? `${going} ended the failures at once: no request sent after the routes had moved failed`
    : `${going} ended the failures after ${timeInWords(recoveryMs)}`;
}

/** How busy this machine was, such as `processors 97 % busy, client late by 340 ms at most`. */
export function machineInWords({ busy, lateMs }: MachineReport): string {
  const processors = busy === null ? [] : [`processors ${Math.round(busy * 100)} % busy`];
  return [...processors, `client late by ${timeInWords(lateMs)} at most`].join(', ');
}

/** What a deploy changed, such as `7 created, 2 updated`. */
export function deployInWords({ created, updated, deleted, replaced }: DeployReport): string {
  const counts = Object.entries({ created, updated, deleted, replaced }).filter(([, count]) => count > 0);
  return counts.map(([verb, count]) => `${count} ${verb}`).join(', ') || 'no changes';
}

/** A time span to come, rounded up to what can be known before, such as `4 s`, `30 s` or `2 min 30 s`. */
export function roughTime(milliseconds: number): string {
  const grain = milliseconds < 10_000 ? 1000 : milliseconds < 90_000 ? 5000 : 30_000;
  const seconds = (Math.ceil(milliseconds / grain) * grain) / 1000;
  const parts =
    seconds < 120 ? [`${seconds} s`] : [`${Math.floor(seconds / 60)} min`, ...(seconds % 60 ? [`${seconds % 60} s`] : [])];
  return parts.join(' ');
}

/** A share so small that it needs more digits, such as `0.023 %`. */
export function smallShare(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

/** Milliseconds with as many digits as a reader can use. */
export function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
