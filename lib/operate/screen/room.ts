import { columnsOf, type Output } from '../../terminal/output';

/** Where no terminal says how wide it is. */
const usualRoom = 120;

/** Characters per line of an output. The last column of a terminal stays free, since a full line wraps on some. */
export function roomOf(output: Output): number {
  return output.isTTY ? Math.max(1, columnsOf(output) - 1) : usualRoom;
}
