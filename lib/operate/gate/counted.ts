import { numberInWords } from '../../terminal/words';

/** A number with what it counts, such as `1 task` or `1 482 requests`. */
export function counted(count: number, what: string): string {
  return `${numberInWords(count)} ${what}${count === 1 ? '' : 's'}`;
}
