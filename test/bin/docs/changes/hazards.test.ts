import { hazards } from '../../../../bin/docs/changes/hazards';
import { templateChange } from '../../../../bin/docs/changes/template-change';

const elb = (type: string, Properties: object) => ({ Type: `AWS::ElasticLoadBalancingV2::${type}`, Properties });
const loadBalancer = (Scheme: string, Subnets = ['a']) => elb('LoadBalancer', { Scheme, Subnets });
const listener = (Port = 80) => elb('Listener', { LoadBalancerArn: { Ref: 'Lb' }, Port });
const rule = (Priority: number, more: object = {}) =>
  elb('ListenerRule', {
    ListenerArn: { Ref: 'Listener' },
    Priority,
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
    ...more,
  });
const group = (Port = 80) => elb('TargetGroup', { Port });
const service = (Properties: object) => ({ Type: 'AWS::ECS::Service', Properties });
const behind = (Lb: object, more: object = {}) => ({ Lb, Listener: listener(), Rule: rule(1), Group: group(), ...more });

type Resources = Readonly<Record<string, object>>;

function found(before: Resources, after: Resources, hasRequests = true) {
  const [old, now] = [before, after].map((Resources) => ({ Resources: Resources as never })) as [never, never];
  return hazards(old, templateChange(old, now), () => hasRequests);
}

test.each<[string, Resources, Resources, RegExp]>([
  [
    'a named resource that is replaced',
    { A: service({ ServiceName: 'shop', Cluster: 'one', LaunchType: 'EC2' }) },
    { A: service({ ServiceName: 'shop', Cluster: 'one', LaunchType: 'FARGATE' }) },
    /^A: .*ServiceName "shop" is taken by the one that it replaces$/,
  ],
  [
    'the same name under another logical id',
    { A: service({ ServiceName: 'shop' }) },
    { B: service({ ServiceName: 'shop' }) },
    /^B: .* is taken by A$/,
  ],
  ['priorities that change places', { A: rule(1), B: rule(2) }, { A: rule(2), B: rule(1) }, /Priority 2 is taken by B$/],
  ['a priority that one has who goes', { A: rule(1), B: rule(2) }, { B: rule(1) }, /^B: .* Priority 1 is taken by A$/],
  [
    'a VPC that joins a second service network',
    {
      A: {
        Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
        Properties: { ServiceNetworkIdentifier: 'one', VpcIdentifier: 'v' },
      },
    },
    {
      A: {
        Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
        Properties: { ServiceNetworkIdentifier: 'two', VpcIdentifier: 'v' },
      },
    },
    /VpcIdentifier "v" is taken by the one that it replaces$/,
  ],
  [
    'a target group that stays while its load balancer is replaced',
    behind(loadBalancer('internal')),
    behind(loadBalancer('internet-facing')),
    /^Group: joins the new Lb while it is still on the old one$/,
  ],
  [
    'a list of an ECS service that is left out',
    { A: service({ ServiceRegistries: [{ RegistryArn: 'a' }] }) },
    { A: service({ DesiredCount: 1 }) },
    /^A: ServiceRegistries is left out/,
  ],
  [
    'a load balancer in the subnets of another VPC',
    { Lb: loadBalancer('internal'), Group: elb('TargetGroup', { VpcId: 'one' }) },
    { Lb: loadBalancer('internal', ['b']), Group: elb('TargetGroup', { VpcId: 'two' }) },
    /^Lb: a load balancer does not move to another VPC$/,
  ],
  ['another type under one logical id', { A: group() }, { A: service({}) }, /^A: a resource does not change its type$/],
  ['a type that nobody has looked at', {}, { A: { Type: 'AWS::Some::Thing' } }, /^AWS::Some::Thing: nobody has said/],
])('AWS refuses %s', (_, before, after, expected) => {
  expect(found(before, after).fails).toContainEqual(expect.stringMatching(expected));
});

test.each<[string, Resources, Resources]>([
  [
    'a named resource that changes in place',
    { A: service({ ServiceName: 'a', DesiredCount: 1 }) },
    { A: service({ ServiceName: 'a' }) },
  ],
  [
    'a name in something new',
    { Lb: loadBalancer('internal'), Listener: listener() },
    { Lb: loadBalancer('x'), Listener: listener() },
  ],
  ['a priority that nobody has', { A: rule(1), B: rule(2) }, { A: rule(3), B: rule(2) }],
  [
    'a target group that is new with its load balancer',
    behind(loadBalancer('internal')),
    { Lb: loadBalancer('x'), Other: group() },
  ],
  ['an empty list', { A: service({ ServiceRegistries: [1] }) }, { A: service({ ServiceRegistries: [] }) }],
  ['a list that was empty', { A: service({ ServiceRegistries: [] }) }, { A: service({}) }],
  ['other subnets of the same VPC', { Lb: loadBalancer('internal') }, { Lb: loadBalancer('internal', ['b']) }],
])('AWS takes %s', (_, before, after) => {
  expect(found(before, after).fails).toEqual([]);
});

const preview = { Conditions: [{ Field: 'http-header', HttpHeaderConfig: {} }] };
const cuts: readonly (readonly [string, Resources, Resources, string])[] = [
  [
    'a target group that is replaced',
    { Group: group(80) },
    { Group: group(81) },
    'Group: replaced for Port while requests go through it',
  ],
  ['a rule that goes', { Rule: rule(1) }, {}, 'Rule: deleted while requests go through it'],
  ['a listener on another port', { L: listener(80) }, { L: listener(443) }, 'L: Port changes for callers'],
  [
    'a route for other paths',
    { Rule: rule(1, { Conditions: [1] }) },
    { Rule: rule(1, { Conditions: [2] }) },
    'Rule: Conditions changes for callers',
  ],
];

test.each(cuts)('callers lose %s', (_, before, after, expected) => {
  expect(found(before, after).cuts).toEqual([expected]);
});

test.each(cuts)('nobody loses %s where there are no requests', (_, before, after) => {
  expect(found(before, after, false).cuts).toEqual([]);
});

test('nobody loses the rule of a preview', () => {
  expect(found({ Rule: rule(1, preview) }, {}).cuts).toEqual([]);
  expect(
    found({ Rule: rule(1, preview) }, { Rule: rule(1, { Conditions: [{ ...preview.Conditions[0], Values: ['b'] }] }) }).cuts,
  ).toEqual([]);
});
