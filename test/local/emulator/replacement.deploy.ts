import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

const resource = (Type: string, Properties: object) => ({ Type, Properties });
const Vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
const Balancer = (options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application', ...options });
const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } };
const listener = (options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: { Ref: 'Balancer' },
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [fixed],
    ...options,
  });
const rule = (options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn: { Ref: 'Listener' },
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [fixed],
    ...options,
  });
const targetGroup = (options: object = {}) =>
  resource('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 80, Protocol: 'HTTP', VpcId: { Ref: 'Vpc' }, ...options });
const latticeGroup = (config: object = {}) =>
  resource('AWS::VpcLattice::TargetGroup', {
    Type: 'IP',
    Config: { Port: 80, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Vpc' }, ...config },
  });
const latticeService = resource('AWS::VpcLattice::Service', { AuthType: 'NONE' });
const latticeListener = (options: object = {}) =>
  resource('AWS::VpcLattice::Listener', {
    ServiceIdentifier: { Ref: 'Service' },
    Protocol: 'HTTP',
    Port: 80,
    DefaultAction: { FixedResponse: { StatusCode: 404 } },
    ...options,
  });
const securityGroup = (options: object = {}) =>
  resource('AWS::EC2::SecurityGroup', { GroupDescription: 'group', VpcId: { Ref: 'Vpc' }, ...options });
const balanced = { Balancer: Balancer(), Listener: listener() };

/** A resource before and after a change, and what it needs. */
interface Change {
  readonly what: string;
  readonly world: Resources;
  readonly before: Resources[string];
  readonly after: Resources[string];

  /** That a property within a property replaces it, which the schema of the type says, and the diff does not see. */
  readonly within?: boolean;
}

const changes: Change[] = [
  { what: 'the port of a target group', world: { Vpc }, before: targetGroup(), after: targetGroup({ Port: 81 }) },
  {
    what: 'the health check of a target group',
    world: { Vpc },
    before: targetGroup(),
    after: targetGroup({ HealthCheckPath: '/ready' }),
  },
  { what: 'the scheme of a load balancer', world: {}, before: Balancer(), after: Balancer({ Scheme: 'internal' }) },
  { what: 'the address type of a load balancer', world: {}, before: Balancer(), after: Balancer({ IpAddressType: 'dualstack' }) },
  { what: 'the port of a listener', world: { Balancer: Balancer() }, before: listener(), after: listener({ Port: 81 }) },
  {
    what: 'the load balancer of a listener',
    world: { Balancer: Balancer(), Other: Balancer() },
    before: listener(),
    after: listener({ LoadBalancerArn: { Ref: 'Other' } }),
  },
  {
    what: 'the listener of a rule',
    world: { ...balanced, Other: listener({ Port: 81 }) },
    before: rule(),
    after: rule({ ListenerArn: { Ref: 'Other' } }),
  },
  { what: 'the priority of a rule', world: balanced, before: rule(), after: rule({ Priority: 11 }) },
  {
    what: 'the port of a Lattice target group',
    world: { Vpc },
    before: latticeGroup(),
    after: latticeGroup({ Port: 81 }),
    within: true,
  },
  {
    what: 'the health check of a Lattice target group',
    world: { Vpc },
    before: latticeGroup(),
    after: latticeGroup({ HealthCheck: { Path: '/ready' } }),
  },
  {
    what: 'the port of a Lattice listener',
    world: { Service: latticeService },
    before: latticeListener(),
    after: latticeListener({ Port: 81 }),
  },
  {
    what: 'the answer of a Lattice listener',
    world: { Service: latticeService },
    before: latticeListener(),
    after: latticeListener({ DefaultAction: { FixedResponse: { StatusCode: 500 } } }),
  },
  {
    what: 'the description of a security group',
    world: { Vpc },
    before: securityGroup(),
    after: securityGroup({ GroupDescription: 'another' }),
  },
  {
    what: 'the rules of a security group',
    world: { Vpc },
    before: securityGroup(),
    after: securityGroup({ SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 80, ToPort: 80 }] }),
  },
  {
    what: 'how long a log group keeps its lines',
    world: {},
    before: resource('AWS::Logs::LogGroup', { LogGroupName: '/log' }),
    after: resource('AWS::Logs::LogGroup', { LogGroupName: '/log', RetentionInDays: 3 }),
  },
  {
    what: 'the name of a log group',
    world: {},
    before: resource('AWS::Logs::LogGroup', { LogGroupName: '/log' }),
    after: resource('AWS::Logs::LogGroup', { LogGroupName: '/another' }),
  },
];

describe('a change replaces a resource where the schema of its type says so:', () => {
  const on = emulatorOfBlock();

  test.each(changes)('$what', async ({ what, world, before, after, within }) => {
    const [from, to] = [
      { ...world, Changed: before },
      { ...world, Changed: after },
    ];
    const impact = fullDiff({ Resources: from }, { Resources: to }).resources.get('Changed').changeImpact;
    expect([ResourceImpact.WILL_UPDATE, ResourceImpact.WILL_REPLACE]).toContain(impact);

    const stack = what.replaceAll(' ', '-');
    const created = await on.stacks.create(stack, from);
    const eventsBefore = (await on.emulator.events()).length;
    const updated = await on.stacks.update(stack, to);
    expect(updated).toMatchObject({ status: 'UPDATE_COMPLETE', failures: {} });
    const events = (await on.emulator.events()).slice(eventsBefore).map(({ verb, physicalId }) => ({ verb, physicalId }));
    const [was, is] = [created.refs.Changed, updated.refs.Changed];
    if (within || impact === ResourceImpact.WILL_REPLACE) {
      expect(is).not.toBe(was);
      expect(events).toEqual([
        { verb: 'replace', physicalId: is },
        { verb: 'delete', physicalId: was },
      ]);
    } else {
      expect(events).toEqual([{ verb: 'update', physicalId: was }]);
      expect(is).toBe(was);
    }
    expect(await on.stacks.delete(stack)).toMatchObject({ status: 'DELETE_COMPLETE', failures: {} });
    expect(await on.emulator.resources()).toEqual([]);
  });
});
