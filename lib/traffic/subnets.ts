import { aws_ec2 as ec2 } from 'aws-cdk-lib';

/**
 * The subnets in which tasks can pull their images: public ones with public addresses, else private ones with a way out.
 *
 * @param selection subnets that the user named instead
 */
export function taskSubnets(vpc: ec2.IVpc, assignPublicIp: boolean, selection?: ec2.SubnetSelection): ec2.SelectedSubnets {
  const subnetType = assignPublicIp ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS;
  return vpc.selectSubnets(selection ?? { subnetType });
}

/** The subnets of a load balancer, which takes one in each Availability Zone at most. */
export function loadBalancerSubnets(internetFacing: boolean): ec2.SubnetSelection {
  return { onePerAz: true, ...(internetFacing ? { subnetType: ec2.SubnetType.PUBLIC } : {}) };
}
