/** A line of Envoy's log without the time, the thread and the place in Envoy's source, or without the colon after a dump. */
export function withoutPlace(line: string): string {
  return line.replace(/^(\[[^\]]*\] ?)*(: )?/, '');
}
