import type { FaultReport } from './report';

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

/** A share so small that it needs more digits, such as `0.023 %`. */
export function smallShare(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

/** Milliseconds with as many digits as a reader can use. */
export function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
