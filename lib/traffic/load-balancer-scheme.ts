import { aws_ec2 as ec2 } from 'aws-cdk-lib';

/**
 * The id of what hangs on a load balancer. Another scheme is another load balancer, and a target group cannot be on two: both are made anew
 * together, before the old ones go.
 */
export function idByScheme(name: string, internetFacing: boolean): string {
  return internetFacing ? name : `Internal${name}`;
}

/** From where a load balancer takes requests. */
export function ingressSources(
  { internetFacing, ingressCidrs }: { readonly internetFacing: boolean; readonly ingressCidrs?: readonly string[] | undefined },
  vpc: ec2.IVpc,
): readonly ec2.IPeer[] {
  return (
    ingressCidrs?.map((block) => ec2.Peer.ipv4(block)) ?? [internetFacing ? ec2.Peer.anyIpv4() : ec2.Peer.ipv4(vpc.vpcCidrBlock)]
  );
}
