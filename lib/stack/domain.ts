import { aws_certificatemanager as acm, aws_route53 as route53 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { endsTls } from '../settings/domain-problems';
import type { Settings } from '../settings/settings';

/**
 * The hosted zone that the flags name; `undefined`: they name none, or the traffic plane has no use for one. Nothing is looked up.
 *
 * @param scope where the zone stands, for which it may be asked more than once
 */
export function hostedZoneOf(scope: Construct, { trafficPlane, hostedZone }: Settings): route53.IHostedZone | undefined {
  if (hostedZone === undefined || !planeLimits[trafficPlane].domainNames) {
    return undefined;
  }
  const known = scope.node.tryFindChild('HostedZone') as route53.IHostedZone | undefined;
  return known ?? route53.HostedZone.fromHostedZoneId(scope, 'HostedZone', hostedZone);
}

/** The certificate for the domain name: the one that the flags name, else one that the hosted zone proves; `undefined`: none is of use. */
export function certificateOf(scope: Construct, settings: Settings): acm.ICertificate | undefined {
  const { trafficPlane, domainName, certificateArn } = settings;
  if (domainName === undefined || !endsTls(trafficPlane, settings)) {
    return undefined;
  }
  return certificateArn === undefined
    ? new acm.Certificate(scope, 'Certificate', {
        domainName,
        validation: acm.CertificateValidation.fromDns(hostedZoneOf(scope, settings)),
      })
    : acm.Certificate.fromCertificateArn(scope, 'Certificate', certificateArn);
}
