import type { Context } from '../fresh-context';

/** Where a look-up is made: the account and the Region of a synthesis in a test, unless it has its own. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** What look-ups find in an account. The values that the CDK uses until then are no legal ids. */
export function lookUps(
  vpcId: string,
  { listenerArn, place = { account: '000000000000', region: 'us-east-1' } }: { listenerArn?: unknown; place?: Place } = {},
): Context {
  const account = `account=${place.account}`;
  const region = `region=${place.region}`;
  const ofType = `loadBalancerType=application:${region}`;
  const keyOf = (arn: string) => arn.replaceAll(':', '$:');
  const arn = `${listenerArn}`;
  const loadBalancerArn = arn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');
  const securityGroupIds = ['sg-0123456789abcdef0'];
  return {
    [`vpc-provider:${account}:filter.vpc-id=${vpcId}:${region}:returnAsymmetricSubnets=true`]: network(vpcId, place),
    [`load-balancer:${account}:loadBalancerArn=${keyOf(loadBalancerArn)}:${ofType}`]: {
      loadBalancerArn,
      loadBalancerCanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
      loadBalancerDnsName: `shared-0123456789.${place.region}.elb.amazonaws.com`,
      ipAddressType: 'ipv4',
      vpcId,
      securityGroupIds,
    },
    [`load-balancer-listener:${account}:listenerArn=${keyOf(arn)}:${ofType}`]: {
      listenerArn: arn,
      listenerPort: 443,
      securityGroupIds,
    },
    [`security-group:${account}:${region}:securityGroupId=${securityGroupIds[0]}`]: {
      securityGroupId: securityGroupIds[0],
      allowAllOutbound: true,
    },
  };
}

function network(vpcId: string, { account, region }: Place) {
  const group = (type: 'Public' | 'Private', digit: string) => ({
    name: type,
    type,
    subnets: ['a', 'b'].map((zone) => ({
      subnetId: `subnet-${digit.repeat(16)}${zone}`,
      cidr: `10.0.${Number(digit) * 16 + (zone === 'a' ? 0 : 1)}.0/24`,
      availabilityZone: `${region}${zone}`,
      routeTableId: `rtb-${digit.repeat(16)}${zone}`,
    })),
  });
  return {
    vpcId,
    vpcCidrBlock: '10.0.0.0/16',
    ownerAccountId: account,
    availabilityZones: [],
    subnetGroups: [group('Public', '1'), group('Private', '2')],
  };
}
