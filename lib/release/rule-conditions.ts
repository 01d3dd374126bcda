/**
 * A rule of a load balancer takes so many values in all its conditions.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
const maxConditionValues = 5;

/** By what a load balancer knows the requests to a service. */
export interface ServiceRequests {
  /** The host that they name; `undefined`: any. */
  readonly domainName: string | undefined;

  /** What their path starts with. */
  readonly pathPrefix: string;
}

/** The patterns of a load balancer for all paths below a prefix: of `/shop` they are `/shop` and `/shop/*`, and not `/shops`. */
export function pathPatterns(pathPrefix: string): readonly string[] {
  return pathPrefix.endsWith('/') ? [`${pathPrefix}*`] : [pathPrefix, `${pathPrefix}/*`];
}

/**
 * What is wrong with how many source ranges stand in a preview rule beside its header and what else says which requests it takes;
 * `undefined`: nothing.
 */
export function previewCidrsProblem(cidrs: readonly string[], { domainName, pathPrefix }: ServiceRequests): string | undefined {
  const others = 1 + (domainName === undefined ? 0 : 1) + (pathPrefix === '/' ? 0 : pathPatterns(pathPrefix).length);
  return cidrs.length + others <= maxConditionValues
    ? undefined
    : `previewCidrs: got ${cidrs.length} blocks, expected at most ${maxConditionValues - others} beside ${[
        ...(domainName === undefined ? [] : [`the domain name ${domainName}`]),
        ...(pathPrefix === '/' ? [] : [`the path ${pathPrefix}`]),
      ].join(' and ')}, since a rule takes ${maxConditionValues} values in all; merge some blocks`;
}
