import type { Output } from '../../terminal/output';

/** Where no terminal says how wide it is. */
const usualRoom = 120;

/** Characters per line of an output. The last column of a terminal stays free, since a full line wraps on some. */
export function roomOf({ isTTY, columns }: Output): number {
  return isTTY ? Math.max(1, (columns ?? 80) - 1) : usualRoom;
}
