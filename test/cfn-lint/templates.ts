import { planeNames } from '../../lib/release/plane-limits';
import { release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, freshContext, ofItsStage } from '../fresh-context';
import { base, otherValuesOn, said } from '../stack/other-values';

/** A template under a name that says what it is of. */
export interface NamedTemplate {
  readonly name: string;
  readonly template: unknown;
}

/** Every state of a release, and every key with another value while both slots answer, on every plane; each template once. */
export function templates(): readonly NamedTemplate[] {
  const all = planeNames.flatMap((trafficPlane) => [
    ...release().map(({ name, state }) =>
      templateOf(`${trafficPlane}, ${name}`, { ...freshContext, ...flagsOf(state), trafficPlane }),
    ),
    ...otherValuesOn(trafficPlane).map(({ name, value, company }) =>
      templateOf(`${trafficPlane}, ${name}=${value}`, ofItsStage({ ...base, trafficPlane, ...company, ...said(name, value) })),
    ),
  ]);
  return [...new Map(all.map((each) => [JSON.stringify(each.template), each])).values()];
}

function templateOf(name: string, context: Context): NamedTemplate {
  const id = context.vpcId;
  return {
    name,
    template: synthesize(id === undefined ? context : { ...context, ...lookUps(`${id}`, context.listenerArn) }).template,
  };
}

// What a look-up in an account finds. The values that the CDK uses until then are no legal ids.
function lookUpOf(vpcId: string): string {
  return `vpc-provider:account=000000000000:filter.vpc-id=${vpcId}:region=us-east-1:returnAsymmetricSubnets=true`;
}

function lookUps(vpcId: string, listenerArn: unknown): Context {
  const account = 'account=000000000000';
  const ofType = 'loadBalancerType=application:region=us-east-1';
  const keyOf = (arn: string) => arn.replaceAll(':', '$:');
  const arn = `${listenerArn}`;
  const loadBalancerArn = arn.replace(':listener/', ':loadbalancer/').replace(/\/\w+$/, '');
  const securityGroupIds = ['sg-0123456789abcdef0'];
  return {
    [lookUpOf(vpcId)]: network(vpcId),
    [`load-balancer:${account}:loadBalancerArn=${keyOf(loadBalancerArn)}:${ofType}`]: {
      loadBalancerArn,
      loadBalancerCanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
      loadBalancerDnsName: 'shared-0123456789.us-east-1.elb.amazonaws.com',
      ipAddressType: 'ipv4',
      vpcId,
      securityGroupIds,
    },
    [`load-balancer-listener:${account}:listenerArn=${keyOf(arn)}:${ofType}`]: {
      listenerArn: arn,
      listenerPort: 443,
      securityGroupIds,
    },
    [`security-group:${account}:region=us-east-1:securityGroupId=${securityGroupIds[0]}`]: {
      securityGroupId: securityGroupIds[0],
      allowAllOutbound: true,
    },
  };
}

function network(vpcId: string) {
  const group = (type: 'Public' | 'Private', digit: string) => ({
    name: type,
    type,
    subnets: ['a', 'b'].map((zone) => ({
      subnetId: `subnet-${digit.repeat(16)}${zone}`,
      cidr: `10.0.${Number(digit) * 16 + (zone === 'a' ? 0 : 1)}.0/24`,
      availabilityZone: `us-east-1${zone}`,
      routeTableId: `rtb-${digit.repeat(16)}${zone}`,
    })),
  });
  return {
    vpcId,
    vpcCidrBlock: '10.0.0.0/16',
    ownerAccountId: '000000000000',
    availabilityZones: [],
    subnetGroups: [group('Public', '1'), group('Private', '2')],
  };
}
