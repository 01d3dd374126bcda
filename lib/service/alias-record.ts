import { aws_route53 as route53 } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { ServiceTraffic } from '../traffic/traffic-plane';
import type { BlueGreenServiceProps } from './blue-green-service-props';

/**
 * Lets the domain name of a service point at it, in the hosted zone that was given.
 *
 * @param route what the record waits for: callers come by the name as soon as it points here
 * @throws Error when the traffic plane does not say where the service is
 */
export function addAliasRecord(
  scope: Construct,
  { hostedZone, domainName, trafficPlane }: BlueGreenServiceProps,
  { aliasTarget }: ServiceTraffic,
  route: IConstruct,
): void {
  if (hostedZone === undefined || domainName === undefined) {
    return;
  }
  if (aliasTarget === undefined) {
    throw new Error(
      `hostedZone: got one, expected none, since ${trafficPlane.planeName} does not say what an alias record takes`,
    );
  }
  // In words of CloudFormation: a zone of which only the id is known has no name for the CDK.
  const record = new route53.CfnRecordSet(scope, 'AliasRecord', {
    hostedZoneId: hostedZone.hostedZoneId,
    name: domainName,
    type: 'A',
    aliasTarget,
  });
  record.node.addDependency(route);
}
