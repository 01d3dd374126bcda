import { planeNames } from '../../lib/release/plane-limits';
import { demoCommand, demoHealthCheckCommand, demoImages } from '../../lib/settings/demo';
import { appOf, resourcesOf, type TemplateJson, templateOf } from '../app-template';

const of = (template: TemplateJson, type: string, slot: string) =>
  resourcesOf(template, type).find(([id]) => id.startsWith(slot))?.[1] as any;
const app = (template: TemplateJson, slot: string) =>
  of(template, 'AWS::ECS::TaskDefinition', slot).Properties.ContainerDefinitions[0];
const both = { greenActive: true, greenWeight: 1 };

test.each([
  ['AppBlue', 'blue', demoImages.blue],
  ['AppGreen', 'green', demoImages.green],
])('the app container of %s', (slot, label, image) => {
  expect(app(templateOf(both), slot)).toMatchObject({
    Name: 'app',
    Image: image,
    Essential: true,
    Memory: 256,
    PortMappings: [{ Name: 'app', ContainerPort: 8080, Protocol: 'tcp' }],
    Command: demoCommand(),
    HealthCheck: { Command: demoHealthCheckCommand, Interval: 10, Timeout: 5, Retries: 3, StartPeriod: 60 },
    Environment: [
      { Name: 'PORT', Value: '8080' },
      { Name: 'SLOT', Value: label },
    ],
    LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-stream-prefix': label } },
  });
});

test('an image of the user runs what it says itself, and is checked by what the user says', () => {
  const template = templateOf({
    ...both,
    greenImage: 'nginx:1.29',
    blueImage: 'nginx:1.28',
    blueAppHealthCheckCommand: 'exit 0',
  });
  const [blue, green] = ['AppBlue', 'AppGreen'].map((slot) => app(template, slot));
  expect([blue.Command, green.Command, green.HealthCheck]).toEqual([undefined, undefined, undefined]);
  expect(blue.HealthCheck.Command).toEqual(['CMD-SHELL', 'exit 0']);
});

test('the environment comes from the settings, with PORT and SLOT filled in and always set', () => {
  const template = templateOf({
    appPort: 3000,
    blueName: 'live',
    appEnvironment: 'TZ=Asia/Tokyo,LISTEN=:{PORT},WHO=a {SLOT} {OTHER}',
  });
  expect(app(template, 'AppBlue').Environment).toEqual([
    { Name: 'TZ', Value: 'Asia/Tokyo' },
    { Name: 'LISTEN', Value: ':3000' },
    { Name: 'WHO', Value: 'a live {OTHER}' },
    { Name: 'PORT', Value: '3000' },
    { Name: 'SLOT', Value: 'live' },
  ]);
});

test('a slot runs with its own settings, and the other one with those of the app', () => {
  const template = templateOf({
    ...both,
    appEnvironment: 'A=1,B=2',
    greenAppEnvironment: 'B={PORT}',
    greenAppPort: 3000,
    greenAppMemory: 128,
    greenTaskCpu: 1024,
    greenTaskMemory: 2048,
    greenPlatformVersion: 'LATEST',
  });
  const runs = ['AppBlue', 'AppGreen'].map((slot) => {
    const { Cpu, Memory } = of(template, 'AWS::ECS::TaskDefinition', slot).Properties;
    const { Memory: appMemory, PortMappings, Environment } = app(template, slot);
    const variables = Environment.map(({ Name, Value }: { Name: string; Value: string }) => `${Name}=${Value}`).join(' ');
    const { PlatformVersion } = of(template, 'AWS::ECS::Service', slot).Properties;
    return [Cpu, Memory, appMemory, PortMappings[0].ContainerPort, variables, PlatformVersion];
  });
  expect(runs).toEqual([
    ['512', '1024', 256, 8080, 'A=1 B=2 PORT=8080 SLOT=blue', '1.4.0'],
    ['1024', '2048', 128, 3000, 'B=3000 PORT=3000 SLOT=green', 'LATEST'],
  ]);
});

test('the container options of a slot are its own', () => {
  const template = templateOf({
    ...both,
    trafficPlane: 'load-balancer',
    appUser: 'app',
    greenAppUser: '1000:1000',
    greenAppReadonlyRootFilesystem: true,
    greenAppStopTimeout: 60,
    greenCpuArchitecture: 'ARM64',
  });
  const runs = ['AppBlue', 'AppGreen'].map((slot) => {
    const { RuntimePlatform } = of(template, 'AWS::ECS::TaskDefinition', slot).Properties;
    const { User, ReadonlyRootFilesystem, StopTimeout } = app(template, slot);
    return [RuntimePlatform.CpuArchitecture, RuntimePlatform.OperatingSystemFamily, User, ReadonlyRootFilesystem, StopTimeout];
  });
  expect(runs).toEqual([
    ['X86_64', 'LINUX', 'app', false, 30],
    ['ARM64', 'LINUX', '1000:1000', true, 60],
  ]);
});

test.each([
  ['app-mesh', {}, 30],
  ['load-balancer', {}, 30],
  ['lattice', {}, 120],
  ['lattice', { appStopTimeout: 90 }, 90],
])('on %s with %j, the app has %d seconds to end', (trafficPlane, flags, seconds) => {
  expect(app(templateOf({ trafficPlane, ...flags }), 'AppBlue').StopTimeout).toBe(seconds);
});

const onDemand = (Weight: number) => ({ CapacityProvider: 'FARGATE', Weight });
const onSpot = (Weight: number) => ({ CapacityProvider: 'FARGATE_SPOT', Weight });

test.each([
  [0, [onDemand(1)]],
  [30, [onDemand(70), onSpot(30)]],
  [100, [onSpot(1)]],
])('with %d %% on Spot the tasks of the slots run on %j, and those of the gateway never', (spotPercent, strategy) => {
  const services = resourcesOf(templateOf({ ...both, spotPercent }), 'AWS::ECS::Service');
  expect(services.map(([id, { Properties }]) => [id.startsWith('AppMesh'), Properties.CapacityProviderStrategy])).toEqual(
    expect.arrayContaining([
      [true, [onDemand(1)]],
      [false, strategy],
      [false, strategy],
    ]),
  );
});

test.each([true, false])('with exec=%s, one may go into the tasks of a slot accordingly', (exec) => {
  const template = templateOf({ ...both, trafficPlane: 'load-balancer', exec });
  for (const slot of ['AppBlue', 'AppGreen']) {
    expect(of(template, 'AWS::ECS::Service', slot).Properties.EnableExecuteCommand).toBe(exec);
    const allowed = JSON.stringify(of(template, 'AWS::IAM::Policy', `${slot}TaskRole`) ?? {});
    expect(allowed.includes('ssmmessages:OpenDataChannel')).toBe(exec);
  }
});

test.each(planeNames)('on %s, an ECS service has a name only where the plane finds its tasks by it', (trafficPlane) => {
  const names = resourcesOf(templateOf({ ...both, trafficPlane }), 'AWS::ECS::Service').map(
    ([, { Properties }]) => Properties.ServiceName,
  );
  expect(names.filter((name) => name !== undefined)).toEqual(trafficPlane === 'app-mesh' ? ['sample-blue', 'sample-green'] : []);
});

test.each(planeNames)('on %s, every ECS service waits for the capacity providers of the cluster', (trafficPlane) => {
  const template = templateOf({ ...both, trafficPlane });
  const [[providers, { Properties }] = ['', { Properties: {} }]] = resourcesOf(
    template,
    'AWS::ECS::ClusterCapacityProviderAssociations',
  );
  expect(Properties.CapacityProviders).toEqual(['FARGATE', 'FARGATE_SPOT']);
  const services = resourcesOf(template, 'AWS::ECS::Service');
  expect(services).toHaveLength(trafficPlane === 'app-mesh' ? 3 : 2);
  for (const [, service] of services) {
    expect(service.Properties.LaunchType).toBeUndefined();
    expect(service.Properties.CapacityProviderStrategy).toEqual([{ CapacityProvider: 'FARGATE', Weight: 1 }]);
    expect(service.DependsOn).toContain(providers);
    // To which it refers already.
    expect(service.DependsOn).not.toContain(service.Properties.Cluster.Ref);
  }
});

test.each([
  ['app-mesh', {}, 256],
  ['load-balancer', {}, undefined],
  ['lattice', { taskMemory: 2048 }, undefined],
  ['load-balancer', { appMemory: 300 }, 300],
])('on %s with %j, the app is ended above %s MiB', (trafficPlane, flags, limit) => {
  expect(app(templateOf({ trafficPlane, ...flags }), 'AppBlue').Memory).toBe(limit);
});

test('the label stands in every physical name', () => {
  const template = templateOf({ ...both, greenName: 'next' });
  expect(of(template, 'AWS::ECS::Service', 'AppGreen').Properties.ServiceName).toBe('sample-next');
  expect(of(template, 'AWS::ECS::TaskDefinition', 'AppGreen').Properties.Family).toBe('sample-next');
  expect(of(template, 'AWS::AppMesh::VirtualNode', 'AppGreen').Properties.VirtualNodeName).toBe('sample-next');
});

test.each(['AppBlue', 'AppGreen'])('the ECS service of %s', (slot) => {
  expect(of(templateOf({ ...both, desiredCount: 2 }), 'AWS::ECS::Service', slot).Properties).toMatchObject({
    CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    PlatformVersion: '1.4.0',
    DesiredCount: 2,
    AvailabilityZoneRebalancing: 'ENABLED',
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 150,
    },
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        AssignPublicIp: 'ENABLED',
        SecurityGroups: [{ 'Fn::GetAtt': [expect.stringMatching(/^AppSecurityGroup/), 'GroupId'] }],
      },
    },
  });
});

test.each([
  [1, 200],
  [2, 150],
  [3, 150],
  [4, 125],
  [10, 125],
])('with %d tasks the maximum is %d %%, which lets at least one more start', (desiredCount, maximum) => {
  const { DeploymentConfiguration } = of(templateOf({ desiredCount }), 'AWS::ECS::Service', 'AppBlue').Properties;
  expect(DeploymentConfiguration.MaximumPercent).toBe(maximum);
  expect(Math.floor((desiredCount * maximum) / 100)).toBeGreaterThan(desiredCount);
});

describe('a slot that scales', () => {
  const scaling = { maxTasks: 10, scaleAtCpu: 60, desiredCount: 7 };
  const target = 'AWS::ApplicationAutoScaling::ScalableTarget';
  const policy = 'AWS::ApplicationAutoScaling::ScalingPolicy';

  test.each(planeNames)('on %s has no number of tasks in the template, but bounds and what it scales by', (trafficPlane) => {
    const template = templateOf({ ...both, ...scaling, trafficPlane, greenMinTasks: 4, greenScaleAtCpu: 50 });
    for (const [slot, min, cpu] of [
      ['AppBlue', 1, 60],
      ['AppGreen', 4, 50],
    ] as const) {
      const service = of(template, 'AWS::ECS::Service', slot).Properties;
      expect([service.DesiredCount, service.DeploymentConfiguration.MaximumPercent]).toEqual([undefined, 200]);
      expect(of(template, target, slot).Properties).toMatchObject({
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        MinCapacity: min,
        MaxCapacity: 10,
      });
      expect(JSON.stringify(of(template, target, slot).Properties.ResourceId)).toMatch(new RegExp(`"${slot}Service\\w+","Name"`));
      expect(of(template, policy, slot).Properties).toMatchObject({
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: { Ref: expect.stringMatching(new RegExp(`^${slot}ServiceTaskCountTarget`)) },
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          TargetValue: cpu,
          ScaleOutCooldown: 60,
        },
      });
    }
  });

  test('leaves the gateway of a mesh its number of tasks', () => {
    expect(of(templateOf(scaling), 'AWS::ECS::Service', 'AppMeshGateway').Properties.DesiredCount).toBe(7);
  });

  test.each(planeNames)('on %s stands beside one that does not', (trafficPlane) => {
    const template = templateOf({ ...both, trafficPlane, desiredCount: 7, greenMaxTasks: 5, scaleAtCpu: 60 });
    expect(of(template, 'AWS::ECS::Service', 'AppBlue').Properties.DesiredCount).toBe(7);
    expect(of(template, 'AWS::ECS::Service', 'AppGreen').Properties.DesiredCount).toBeUndefined();
    expect(resourcesOf(template, target).map(([id]) => id)).toEqual([expect.stringMatching(/^AppGreen/)]);
    expect(resourcesOf(template, policy).map(([id]) => id)).toEqual([expect.stringMatching(/^AppGreen/)]);
  });

  test.each(planeNames)('on %s knows its bounds before the route changes', (trafficPlane) => {
    const template = templateOf({ ...both, ...scaling, trafficPlane });
    const [, route] = Object.entries(template.Resources).find(([id]) => /^App(Route|ProductionRule|LatticeRule)/.test(id)) ?? [];
    for (const [id] of resourcesOf(template, target)) {
      expect(route?.DependsOn).toContain(id);
    }
  });

  test('can be given further policies', () => {
    const { app: synthesized, stack } = appOf({ ...scaling, ...both, greenMaxTasks: undefined });
    stack.service.slots.green?.taskCount?.scaleOnMemoryUtilization('Memory', { targetUtilizationPercent: 70 });
    const template = synthesized.synth().getStackByName(stack.stackName).template as TemplateJson;
    expect(resourcesOf(template, policy).filter(([id]) => id.startsWith('AppGreen'))).toHaveLength(2);
    expect(appOf().stack.service.slots.blue?.taskCount).toBeUndefined();
  });
});

test('the tasks get the tags of their ECS service, which say whose they are; nothing else of a slot is tagged', () => {
  const template = templateOf({ ...both, greenName: 'next', maxTasks: 2, scaleAtCpu: 60 });
  for (const [slot, label] of [
    ['AppBlue', 'blue'],
    ['AppGreen', 'next'],
  ] as const) {
    expect(of(template, 'AWS::ECS::Service', slot).Properties).toMatchObject({
      PropagateTags: 'SERVICE',
      EnableECSManagedTags: true,
      Tags: [
        { Key: 'service', Value: 'sample' },
        { Key: 'slot', Value: label },
      ],
    });
  }
  const tagged = Object.entries(template.Resources).filter(
    ([id, { Properties }]) => /^App(Blue|Green)/.test(id) && Properties.Tags !== undefined,
  );
  expect(tagged.map(([, { Type }]) => Type)).toEqual(['AWS::ECS::Service', 'AWS::ECS::Service']);
});

test('a rollout is as fast as somebody asks for', () => {
  const { DeploymentConfiguration } = of(
    templateOf({ desiredCount: 10, maximumPercent: 180 }),
    'AWS::ECS::Service',
    'AppBlue',
  ).Properties;
  expect(DeploymentConfiguration).toMatchObject({ MaximumPercent: 180, MinimumHealthyPercent: 100 });
});

test('a task starts only when it can pull, log and reach the internet', () => {
  const { DependsOn } = of(templateOf(), 'AWS::ECS::Service', 'AppBlue');
  for (const id of [/^AppExecutionRoleDefaultPolicy/, /^AppBlueTaskRoleDefaultPolicy/, /^VpcPublicSubnet1DefaultRoute/]) {
    expect(DependsOn).toContainEqual(expect.stringMatching(id));
  }
});

test('each slot has a task role of its own, and both have one execution role', () => {
  const template = templateOf(both);
  const [blue, green] = ['AppBlue', 'AppGreen'].map((slot) => of(template, 'AWS::ECS::TaskDefinition', slot).Properties);
  expect(blue.ExecutionRoleArn).toEqual(green.ExecutionRoleArn);
  expect(blue.TaskRoleArn).not.toEqual(green.TaskRoleArn);
});

test.each([
  ['app-mesh', 'ServiceRegistries'],
  ['load-balancer', 'LoadBalancers'],
  ['lattice', 'VpcLatticeConfigurations'],
])('on %s a service says that its tasks are registered by %s, and nowhere else', (trafficPlane, own) => {
  const services = resourcesOf(templateOf({ trafficPlane }), 'AWS::ECS::Service').filter(([id]) => id.startsWith('App'));
  const registered = services.filter(([id]) => !id.includes('Gateway')).map(([, { Properties }]) => Properties);
  expect(registered).toEqual([
    expect.objectContaining({
      LoadBalancers: [],
      ServiceRegistries: [],
      VpcLatticeConfigurations: [],
      [own]: [expect.anything()],
    }),
  ]);
});
