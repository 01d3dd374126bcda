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

/** A text of a few characters at most: the middle gives way, since names differ at their ends. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  const end = Math.floor((most - 1) / 2);
  return `${text.slice(0, Math.max(0, most - 1 - end))}…${end > 0 ? text.slice(-end) : ''}`;
}
