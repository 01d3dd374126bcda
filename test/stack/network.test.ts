import { App } from 'aws-cdk-lib';
import { planeNames } from '../../lib/release/plane-limits';
import { readSettings } from '../../lib/settings/read-settings';
import { SettingsError } from '../../lib/settings/settings-error';
import { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { type Context, freshContext, resourcesOf } from '../app-template';
import { ofItsStage } from '../fresh-context';

const vpcId = 'vpc-0123456789abcdef0';
const env = { account: '111111111111', region: 'eu-west-1' };

type Group = readonly [type: 'Public' | 'Private' | 'Isolated', name: string, zones: readonly string[]];

/** What a look-up of the VPC has left in the context. */
function looked(groups: readonly Group[]): Context {
  return {
    [`vpc-provider:account=${env.account}:filter.vpc-id=${vpcId}:region=${env.region}:returnAsymmetricSubnets=true`]: {
      vpcId,
      vpcCidrBlock: '10.1.0.0/16',
      ownerAccountId: env.account,
      availabilityZones: [],
      subnetGroups: groups.map(([type, name, zones]) => ({
        name,
        type,
        subnets: zones.map((zone) => ({
          subnetId: `subnet-${name.toLowerCase()}-${zone}`,
          cidr: '10.1.0.0/24',
          availabilityZone: `${env.region}${zone}`,
          routeTableId: `rtb-${name}`,
        })),
      })),
    },
  };
}

function synth(groups: readonly Group[], flags: Context) {
  const app = new App({ context: { ...freshContext, ...looked(groups) } });
  new BlueGreenStack(app, 'Stack', { env, settings: readSettings(ofItsStage({ ...freshContext, vpcId, ...flags })) });
  return app.synth().getStackByName('Stack').template;
}

const both: readonly Group[] = [
  ['Public', 'Public', ['a', 'b']],
  ['Private', 'Private', ['a', 'b']],
];

const taskSubnets = (template: any) =>
  resourcesOf(template, 'AWS::ECS::Service')[0]?.[1].Properties.NetworkConfiguration.AwsvpcConfiguration.Subnets;
const loadBalancerSubnets = (template: any) =>
  resourcesOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0]?.[1].Properties.Subnets;

test.each<[string, readonly Group[], Context, string[], string[]]>([
  ['public tasks', both, {}, ['public-a', 'public-b'], ['public-a', 'public-b']],
  ['private tasks', both, { assignPublicIp: false }, ['private-a', 'private-b'], ['public-a', 'public-b']],
  [
    'an internal way in',
    both,
    { assignPublicIp: false, ingress: 'internal' },
    ['private-a', 'private-b'],
    ['private-a', 'private-b'],
  ],
  [
    'two public groups: the load balancer takes one subnet in each zone',
    [...both, ['Public', 'Second', ['a', 'b']]],
    {},
    ['public-a', 'public-b', 'second-a', 'second-b'],
    ['public-a', 'public-b'],
  ],
])('uses the subnets of an existing VPC: %s', (_, groups, flags, tasks, loadBalancer) => {
  for (const trafficPlane of ['app-mesh', 'load-balancer']) {
    const template = synth(groups, { ...flags, trafficPlane });
    expect(resourcesOf(template, 'AWS::EC2::VPC')).toEqual([]);
    expect(taskSubnets(template)).toEqual(tasks.map((id) => `subnet-${id}`));
    expect(loadBalancerSubnets(template)).toEqual(loadBalancer.map((id) => `subnet-${id}`));
  }
});

test('a load balancer that is there already needs no subnets of the VPC', () => {
  const listenerArn = `arn:aws:elasticloadbalancing:eu-west-1:${env.account}:listener/app/shared/0123456789abcdef/0123456789abcdef`;
  const flags = { trafficPlane: 'load-balancer', assignPublicIp: false, ingress: 'public', listenerArn, pathPrefix: '/shop' };
  expect(taskSubnets(synth([['Private', 'Private', ['a']]], flags))).toEqual(['subnet-private-a']);
});

test.each<[string, readonly Group[], Context, string[]]>([
  [
    'public tasks and a public way in without public subnets',
    [['Private', 'Private', ['a', 'b']]],
    {},
    [
      `assignPublicIp: got true, expected false, since ${vpcId} has no public subnets; for example -c assignPublicIp=false`,
      `ingress: got "public", expected internal or none, since ${vpcId} has no public subnets; for example -c ingress=internal`,
    ],
  ],
  [
    'a public load balancer without public subnets',
    [['Private', 'Private', ['a', 'b']]],
    { trafficPlane: 'load-balancer', assignPublicIp: false },
    [`ingress: got "public", expected internal, since ${vpcId} has no public subnets; for example -c ingress=internal`],
  ],
  [
    'private tasks without private subnets',
    [['Public', 'Public', ['a', 'b']]],
    { assignPublicIp: false },
    [
      `assignPublicIp: got false, expected true, since ${vpcId} has no private subnets with a way out; for example -c assignPublicIp=true`,
    ],
  ],
  [
    'a load balancer in one zone',
    [['Public', 'Public', ['a']]],
    { trafficPlane: 'load-balancer' },
    [`vpcId: got "${vpcId}", expected a VPC with public subnets in two Availability Zones or more, which a load balancer takes`],
  ],
  [
    'a load balancer in one zone, where the VPC is that of a stage',
    [['Public', 'Public', ['a']]],
    { trafficPlane: 'load-balancer', stage: 'prod', 'prod:vpcId': vpcId },
    [
      `prod:vpcId: got "${vpcId}", expected a VPC with public subnets in two Availability Zones or more, which a load balancer takes`,
    ],
  ],
])('refuses %s', (_, groups, flags, problems) => {
  expect(() => synth(groups, flags)).toThrow(new SettingsError(problems));
});

test.each(planeNames)('on %s, the services run in the cluster that is named, and none is made', (trafficPlane) => {
  const template = synth(both, { trafficPlane, clusterName: 'production', greenActive: true });
  expect(resourcesOf(template, 'AWS::ECS::Cluster')).toEqual([]);
  const clusters = resourcesOf(template, 'AWS::ECS::Service').map(([, { Properties }]) => Properties.Cluster);
  expect(new Set(clusters)).toEqual(new Set(['production']));
  expect(clusters.length).toBeGreaterThan(1);
});
