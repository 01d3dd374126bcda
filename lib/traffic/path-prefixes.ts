interface Owner {
  readonly service: string;
  readonly domainName: string | undefined;
}

/** The path prefixes of the services behind one way in. */
export class PathPrefixes {
  private readonly owners = new Map<string, Owner[]>();

  /** @param wayIn what the services share, in words */
  constructor(private readonly wayIn: string) {}

  /**
   * Takes a prefix for a service: of one domain name, or of all.
   *
   * @throws Error when another service has this prefix already, of the same name or of all
   */
  claim(service: string, prefix: string, domainName?: string): void {
    const owners = this.owners.get(prefix) ?? [];
    const owner = owners.find((each) => [each.domainName, undefined].includes(domainName) || each.domainName === undefined);
    if (owner !== undefined) {
      throw new Error(
        `path prefix of ${service}: got "${prefix}", expected a prefix that ${owner.service} on the same ${this.wayIn} does not have; set pathPrefix`,
      );
    }
    this.owners.set(prefix, [...owners, { service, domainName }]);
  }
}
