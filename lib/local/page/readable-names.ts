/** A name without the hash with which CDK ends a logical id, and without the one that a target or a route ends with here. */
export function readableName(name: string): string {
  return name.replace(/-[0-9a-f]{8}$/, '').replace(/(?<=\w)[0-9A-F]{8}\b/g, '');
}
