import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

const resource = (Type: string, Properties: object) => ({ Type, Properties });
const forward = (group: string) => [{ Type: 'forward', TargetGroupArn: { Ref: group } }];
const targetGroup = resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
  Port: 8080,
  Protocol: 'HTTP',
  TargetType: 'ip',
  VpcId: { Ref: 'Vpc' },
});
const world: Resources = {
  Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }),
  Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: { Ref: 'Balancer' },
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: forward('Group'),
  }),
  Group: targetGroup,
  Lonely: targetGroup,
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'cluster' }),
};
const task = (Image: string) => ({
  Task: resource('AWS::ECS::TaskDefinition', {
    Family: 'task',
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [{ Name: 'app', Image, PortMappings: [{ ContainerPort: 8080 }] }],
  }),
});
const service = (options: object = {}) => ({
  Service: resource('AWS::ECS::Service', {
    ServiceName: 'service',
    Cluster: { Ref: 'Cluster' },
    TaskDefinition: { Ref: 'Task' },
    LaunchType: 'FARGATE',
    ...options,
  }),
});
const target = (MinCapacity: unknown, MaxCapacity: unknown, options: object = {}) => ({
  Target: resource('AWS::ApplicationAutoScaling::ScalableTarget', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: { 'Fn::Join': ['', ['service/cluster/', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
    MinCapacity,
    MaxCapacity,
    ...options,
  }),
});
const part = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': ['/', { Ref: 'Listener' }] }] });
const label = (group: string) => ({
  'Fn::Join': ['/', [part(1), part(2), part(3), { 'Fn::GetAtt': [group, 'TargetGroupFullName'] }]],
});
const policy = (metric: object, options: object = {}) => ({
  Policy: resource('AWS::ApplicationAutoScaling::ScalingPolicy', {
    PolicyName: 'policy',
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: { Ref: 'Target' },
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 60, PredefinedMetricSpecification: metric },
    ...options,
  }),
});
const cpu = { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' };
const requests = (group: string) => ({ PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: label(group) });

describe('what scales the tasks of a service', () => {
  const on = emulatorOfBlock();

  async function desiredCount(): Promise<number | undefined> {
    const { services: [described] = [] } = await new ECSClient(on.emulator.client).send(
      new DescribeServicesCommand({ cluster: 'cluster', services: ['service'] }),
    );
    return described?.desiredCount;
  }

  afterEach(async () => {
    expect(await on.stacks.delete('stack')).toMatchObject({ status: 'DELETE_COMPLETE', failures: {} });
    expect(await on.emulator.resources()).toEqual([]);
  });

  const update = async (resources: Resources) => {
    const { status, failures } = await on.stacks.update('stack', { ...world, ...resources });
    expect({ status, failures }).toEqual({ status: 'UPDATE_COMPLETE', failures: {} });
    return desiredCount();
  };

  test('a service without a number of tasks has one, then its minimum, and keeps what it has through updates of its own', async () => {
    expect((await on.stacks.create('stack', { ...world, ...task('app:1'), ...service() })).status).toBe('CREATE_COMPLETE');
    expect(await desiredCount()).toBe(1);
    const scaled = (min: number, max: number) => ({ ...target(min, max), ...policy(cpu) });
    expect(await update({ ...task('app:1'), ...service(), ...scaled(3, 9) })).toBe(3);
    expect(await update({ ...task('app:2'), ...service(), ...scaled(3, 9) })).toBe(3);
    expect(await update({ ...task('app:2'), ...service(), ...scaled(1, 9) })).toBe(3);
    expect(await update({ ...task('app:2'), ...service(), ...scaled(1, 2) })).toBe(2);
    expect(await update({ ...task('app:2'), ...service({ DesiredCount: 5 }) })).toBe(5);
  });

  test('a number of tasks in the template comes back with every update of the service', async () => {
    const fixed = { ...service({ DesiredCount: 1 }), ...target(3, 9) };
    expect((await on.stacks.create('stack', { ...world, ...task('app:1'), ...fixed })).status).toBe('CREATE_COMPLETE');
    expect(await desiredCount()).toBe(3);
    expect(await update({ ...task('app:2'), ...fixed })).toBe(1);
  });

  test('requests are counted where the load balancer reaches the target group', async () => {
    const { status, failures } = await on.stacks.create('stack', {
      ...world,
      ...task('app:1'),
      ...service(),
      ...target(1, 9),
      ...policy(requests('Group')),
    });
    expect({ status, failures }).toEqual({ status: 'CREATE_COMPLETE', failures: {} });
    expect(await update({ ...task('app:1'), ...service(), ...target(1, 9) })).toBe(1);
  });

  test.each<[string, Resources, string, RegExp]>([
    ['a minimum above the maximum', target(3, 2), 'Target', /Minimum capacity cannot be greater than maximum capacity/],
    ['a minimum that is no number', target('few', 2), 'Target', /expected whole numbers/],
    ['another service', target(1, 2, { ResourceId: 'service/cluster/other' }), 'Target', /ECS service doesn't exist/],
    ['another dimension', target(1, 2, { ScalableDimension: 'ecs:service:Mood' }), 'Target', /expected namespace ecs/],
    [
      'a service that is scaled already',
      { ...target(1, 2), Second: { ...target(1, 2).Target, DependsOn: 'Target' } },
      'Second',
      /scalable target service\/cluster\/service.* already exists/,
    ],
    [
      'a policy of nothing',
      policy(cpu, { ScalingTargetId: 'service/cluster/other|ecs:service:DesiredCount|ecs' }),
      'Policy',
      /scalable target service\/cluster\/other.* does not exist/,
    ],
    ['a metric of something else', { ...target(1, 2), ...policy({ PredefinedMetricType: 'X' }) }, 'Policy', /got metric X/],
    [
      'requests to a target group that no load balancer reaches',
      { ...target(1, 2), ...policy(requests('Lonely')) },
      'Policy',
      /load balancer does not route traffic to the target group/,
    ],
    [
      'requests to no target group',
      { ...target(1, 2), ...policy({ PredefinedMetricType: 'ALBRequestCountPerTarget' }) },
      'Policy',
      /load balancer does not route traffic to the target group/,
    ],
  ])('refuses %s', async (_, resources, at, reason) => {
    expect((await on.stacks.create('stack', { ...world, ...task('app:1'), ...service() })).status).toBe('CREATE_COMPLETE');
    const { status, failures } = await on.stacks.update('stack', { ...world, ...task('app:1'), ...service(), ...resources });
    expect({ status, failures }).toEqual({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: { [at]: expect.stringMatching(reason) },
    });
  });
});
