import type { DeployReport, FaultReport, MachineReport } from './report';

/** A share in words, such as `12.5 %`. What is not nothing, or not all, never reads as if it were. */
export function shareInWords(share: number): string {
  const percent = Math.round(share * 1000) / 10;
  if (percent === 0 && share > 0) {
    return '<0.1 %';
  }
  if (percent === 100 && share < 1) {
    return '>99.9 %';
  }
  return `${percent} %`;
}

/** A whole number with thin separators, such as `12 500`. */
export function numberInWords(number: number): string {
  return `${number}`.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A time span in words, such as `8 ms`, `1.4 s` or `2 min 5 s`. */
export function timeInWords(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds)} ms`;
  }
  if (milliseconds < 99_950) {
    return `${Math.round(milliseconds / 100) / 10} s`;
  }
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

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

/** A text of a few characters at most: the middle gives way, since names differ at their ends. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, Math.max(0, most - 1 - end))}…${end > 0 ? text.slice(-end) : ''}`;
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
