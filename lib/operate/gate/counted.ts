/** A number with what it counts, such as `1 task` or `1 482 requests`; with gaps, as numbers are read in every country. */
export function counted(count: number, what: string): string {
  return `${`${count}`.replace(/\B(?=(\d{3})+$)/g, ' ')} ${what}${count === 1 ? '' : 's'}`;
}
