/** The path prefixes of the services behind one way in. */
export class PathPrefixes {
  private readonly owners = new Map<string, string>();

  /** @param wayIn what the services share, in words */
  constructor(private readonly wayIn: string) {}

  /**
   * Takes a prefix for a service.
   *
   * @throws Error when another service has this prefix already
   */
  claim(service: string, prefix: string): void {
    const owner = this.owners.get(prefix);
    if (owner !== undefined) {
      throw new Error(
        `path prefix of ${service}: got "${prefix}", expected a prefix that ${owner} on the same ${this.wayIn} does not have; set pathPrefix`,
      );
    }
    this.owners.set(prefix, service);
  }
}
