import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { namedAsRead } from '../settings/named-as-read';
import type { Settings } from '../settings/settings';
import { SettingsError } from '../settings/settings-error';
import { oneOf } from '../settings/value-type';
import { loadBalancerSubnets } from '../traffic/subnets';

/** What the settings say of the network. */
export type NetworkSettings = Pick<
  Settings,
  'vpcId' | 'assignPublicIp' | 'ingress' | 'trafficPlane' | 'listenerArn' | 'stage' | 'stagedKeys'
>;

/**
 * The VPC that the settings name, or a new one with public subnets only, so that nothing is paid for NAT.
 *
 * @throws SettingsError when the named VPC lacks the subnets that the other settings ask for
 */
export function network(scope: Construct, settings: NetworkSettings): ec2.IVpc {
  return settings.vpcId === undefined ? newVpc(scope) : existingVpc(scope, settings.vpcId, settings);
}

function existingVpc(scope: Construct, vpcId: string, settings: NetworkSettings): ec2.IVpc {
  const { assignPublicIp, ingress, trafficPlane, stage, stagedKeys } = settings;
  // A load balancer that is there already has its subnets.
  const shared = trafficPlane === 'load-balancer' && settings.listenerArn !== undefined;
  const vpc = ec2.Vpc.fromLookup(scope, 'Vpc', { vpcId });
  const problems: string[] = [];
  if (assignPublicIp && vpc.publicSubnets.length === 0) {
    problems.push(
      `assignPublicIp: got true, expected false, since ${vpcId} has no public subnets; for example -c assignPublicIp=false`,
    );
  }
  if (!assignPublicIp && vpc.privateSubnets.length === 0) {
    problems.push(
      `assignPublicIp: got false, expected true, since ${vpcId} has no private subnets with a way out; for example -c assignPublicIp=true`,
    );
  }
  if (!shared && ingress === 'public' && vpc.publicSubnets.length === 0) {
    const others = planeLimits[trafficPlane].ingress.filter((name) => name !== ingress);
    problems.push(
      `ingress: got "public", expected ${oneOf(others).expected}, since ${vpcId} has no public subnets; for example -c ingress=${others[0]}`,
    );
  }
  if (!shared && problems.length === 0 && trafficPlane === 'load-balancer' && zonesOf(vpc, ingress === 'public') < 2) {
    const kind = ingress === 'public' ? 'public' : 'private';
    problems.push(
      `vpcId: got "${vpcId}", expected a VPC with ${kind} subnets in two Availability Zones or more, which a load balancer takes`,
    );
  }
  if (problems.length > 0) {
    throw new SettingsError(problems.map((problem) => namedAsRead(problem, stage, stagedKeys)));
  }
  return vpc;
}

function zonesOf(vpc: ec2.IVpc, internetFacing: boolean): number {
  return new Set(vpc.selectSubnets(loadBalancerSubnets(internetFacing)).availabilityZones).size;
}

function newVpc(scope: Construct): ec2.IVpc {
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
    // Emptying the default security group takes a custom resource; nothing here uses that group.
    restrictDefaultSecurityGroup: false,
  });
  return vpc;
}
