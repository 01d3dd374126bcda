/** A line of Envoy's log without the time, the thread and the place in Envoy's source. */
export function withoutPlace(line: string): string {
  return line.replace(/^(\[[^\]]*\] ?)+/, '');
}
