import { type Given, withoutCertificate, withoutDomainName } from '../settings/domain-problems';
import { show } from '../settings/value-type';
import type { BlueGreenServiceProps } from './blue-green-service-props';

/** What is wrong with the domain name of a service and what belongs to it, one line each. */
export function domainProblems({ domainName, hostedZone, trafficPlane }: BlueGreenServiceProps): readonly string[] {
  const { planeName, limits, given = {} } = trafficPlane;
  const name: Given = { name: 'domainName', value: domainName === undefined ? undefined : show(domainName) };
  const one = (what: string, value: unknown): Given => ({ name: what, value: value === undefined ? undefined : 'one' });
  const certificate = one(`certificate of ${planeName}`, given.certificate);
  if (name.value !== undefined && !limits.domainNames) {
    return [`domainName: got ${name.value}, expected none on ${planeName}, which takes no domain names`];
  }
  const uncertified = given.protocol === 'HTTPS' ? withoutCertificate(name, certificate, certificate.name) : undefined;
  return [
    ...withoutDomainName(name, one('hostedZone', hostedZone), certificate),
    ...(uncertified === undefined ? [] : [uncertified]),
  ];
}
