/** Place of the first request from which on at least 99 % follow a change. */
export function placeOf99Percent(follows: readonly boolean[]): number {
  let others = 0;
  let place = follows.length;
  for (let index = follows.length - 1; index >= 0; index -= 1) {
    others += follows[index] ? 0 : 1;
    if (others <= (follows.length - index) * 0.01) {
      place = index;
    }
  }
  return place;
}
