import type { PlaneName } from '../release/plane-limits';
import { appKeys, exampleOf } from './keys';
import type { AppSettings } from './settings';
import { show } from './value-type';

/** A property, or a key, as it was given. */
export interface Given {
  readonly name: string;

  /** In words; `undefined`: not given. */
  readonly value: string | undefined;
}

/** What stands there for a domain name, and means nothing without it: one problem each. */
export function withoutDomainName(domainName: Given, ...others: readonly Given[]): readonly string[] {
  return domainName.value === undefined
    ? others
        .filter(({ value }) => value !== undefined)
        .map(({ name, value }) => `${name}: got ${value}, expected none without ${domainName.name}, for which it is`)
    : [];
}

/** What a domain name lacks for HTTPS; `undefined`: nothing. */
export function withoutCertificate(domainName: Given, certificate: Given, ways: string): string | undefined {
  return domainName.value === undefined || certificate.value !== undefined
    ? undefined
    : `${domainName.name}: got ${domainName.value}, expected ${ways} with it, without which no HTTPS call by that name succeeds`;
}

type DomainSettings = Pick<
  { readonly [K in keyof AppSettings]?: AppSettings[K] | undefined },
  'trafficPlane' | 'listenerArn' | 'latticeProtocol'
>;

/**
 * What is wrong with the keys of a domain name together. Where the plane has no use for them, nothing is.
 *
 * @param context as it was given: a value that is wrong by itself counts as one that is there
 */
export function domainKeyProblems(settings: DomainSettings, context: Readonly<Record<string, unknown>>): readonly string[] {
  const { trafficPlane } = settings;
  if (trafficPlane === undefined || trafficPlane === 'app-mesh') {
    return [];
  }
  const given = (name: string): Given => ({ name, value: context[name] === undefined ? undefined : show(context[name]) });
  const [domainName, hostedZone, certificateArn] = [given('domainName'), given('hostedZone'), given('certificateArn')];
  const own = endsTls(trafficPlane, { ...settings, listenerArn: given('listenerArn').value });
  const proof = hostedZone.value === undefined ? certificateArn : hostedZone;
  const uncertified = own ? withoutCertificate(domainName, proof, 'hostedZone or certificateArn') : undefined;
  return [
    ...withoutDomainName(domainName, hostedZone, ...(own ? [certificateArn] : [])).map(
      (problem) => `${problem}; for example ${exampleOf('domainName', appKeys.domainName)}`,
    ),
    ...(uncertified === undefined ? [] : [`${uncertified}; for example ${exampleOf('hostedZone', appKeys.hostedZone)}`]),
  ];
}

/** Whether HTTPS ends at what the app makes, so that it takes a certificate for a domain name: else it has no use for one. */
export function endsTls(plane: PlaneName, { listenerArn, latticeProtocol }: DomainSettings): boolean {
  return plane === 'load-balancer' ? listenerArn === undefined : plane === 'lattice' && latticeProtocol === 'HTTPS';
}
