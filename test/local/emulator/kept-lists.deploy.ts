import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { Emulator } from '../../../lib/local/emulator/emulator';
import { type Resources, Stacks } from './stacks';

const resource = (Type: string, Properties: object) => ({ Type, Properties });
const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } };
const lists = {
  LoadBalancers: [{ TargetGroupArn: { Ref: 'Group' }, ContainerName: 'app', ContainerPort: 8080 }],
  ServiceRegistries: [{ RegistryArn: { 'Fn::GetAtt': ['Found', 'Arn'] } }],
  VpcLatticeConfigurations: [
    { PortName: 'app', RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, TargetGroupArn: { 'Fn::GetAtt': ['LatticeGroup', 'Arn'] } },
  ],
};
const found = {
  Found: resource('AWS::ServiceDiscovery::Service', { Name: 'found', NamespaceId: { 'Fn::GetAtt': ['Namespace', 'Id'] } }),
};
const world: Resources = {
  Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }),
  Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: { Ref: 'Balancer' },
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [fixed],
  }),
  Group: resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: { Ref: 'Vpc' },
  }),
  Rule: resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn: { Ref: 'Listener' },
    Priority: 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
  }),
  LatticeGroup: resource('AWS::VpcLattice::TargetGroup', {
    Type: 'IP',
    Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Vpc' } },
  }),
  Namespace: resource('AWS::ServiceDiscovery::HttpNamespace', { Name: 'local' }),
  Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } }),
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
  Task: resource('AWS::ECS::TaskDefinition', {
    Family: 'task',
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [{ Name: 'app', Image: 'app', PortMappings: [{ ContainerPort: 8080, Name: 'app' }] }],
  }),
};
const service = (options: object) => ({
  Service: {
    ...resource('AWS::ECS::Service', {
      ServiceName: 'service',
      Cluster: { Ref: 'Cluster' },
      TaskDefinition: { Ref: 'Task' },
      LaunchType: 'FARGATE',
      DesiredCount: 1,
      ...options,
    }),
    DependsOn: 'Rule',
  },
});
const empty = { LoadBalancers: [], ServiceRegistries: [], VpcLatticeConfigurations: [] };

describe('the lists of an ECS service by which requests reach it', () => {
  let emulator: Emulator;
  let stacks: Stacks;

  beforeEach(async () => {
    emulator = await Emulator.start();
    stacks = new Stacks(emulator);
    const { status, failures } = await stacks.create('stack', { ...world, ...found, ...service(lists) });
    expect({ status, failures }).toEqual({ status: 'CREATE_COMPLETE', failures: {} });
  });

  afterEach(() => emulator?.stop());

  async function lengths(): Promise<number[]> {
    const { services: [described] = [] } = await new ECSClient(emulator.client).send(
      new DescribeServicesCommand({ cluster: 'cluster', services: ['service'] }),
    );
    return [described?.loadBalancers, described?.serviceRegistries, described?.deployments?.[0]?.vpcLatticeConfigurations].map(
      (list) => list?.length ?? 0,
    );
  }

  test.each([
    { what: 'a list that is not said stays as it is', options: {}, left: [1, 1, 1] },
    { what: 'an empty list takes it away', options: empty, left: [0, 0, 0] },
    { what: 'one list alone can be taken away', options: { VpcLatticeConfigurations: [] }, left: [1, 1, 0] },
  ])('$what', async ({ options, left }) => {
    expect(await lengths()).toEqual([1, 1, 1]);
    const update = async (count: number) => {
      const { status, failures } = await stacks.update('stack', {
        ...world,
        ...found,
        ...service({ ...options, DesiredCount: count }),
      });
      expect({ status, failures }).toEqual({ status: 'UPDATE_COMPLETE', failures: {} });
      expect(await lengths()).toEqual(left);
    };
    await update(2);
    await update(3);
  });

  test.each([
    { what: 'not said any more', options: {}, failures: { Found: expect.stringMatching(/instances/) } },
    { what: 'emptied', options: empty, failures: {} },
  ])('a Cloud Map service that goes when its list is $what', async ({ options, failures }) => {
    expect(await stacks.update('stack', { ...world, ...service(options) })).toMatchObject({
      status: 'UPDATE_COMPLETE',
      failures,
    });
  });

  test('a list that a failed update has added stays after the way back, where the template did not have one', async () => {
    await stacks.update('stack', { ...world, ...found, ...service(empty) });
    await stacks.update('stack', { ...world, ...found, ...service({}) });
    expect(await lengths()).toEqual([0, 0, 0]);
    await emulator.intervene({ effect: 'fail', type: 'AWS::EC2::SecurityGroup', verb: 'create' });
    const group = { GroupDescription: 'group', VpcId: { Ref: 'Vpc' } };
    const { status } = await stacks.update('stack', {
      ...world,
      ...found,
      ...service({ LoadBalancers: lists.LoadBalancers }),
      Zlast: { ...resource('AWS::EC2::SecurityGroup', group), DependsOn: 'Service' },
    });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await lengths()).toEqual([1, 0, 0]);
  });
});
