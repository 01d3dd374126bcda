import { previewValueOf, resourceOf, resourcesOf, templateOf } from '../app-template';

const both = { greenActive: true, greenWeight: 1 };
const template = templateOf(both);
const node = (slot: string) =>
  resourcesOf(template, 'AWS::AppMesh::VirtualNode').find(([id]) => id.startsWith(`App${slot}`))?.[1].Properties;
const container = (name: string) =>
  resourcesOf(template, 'AWS::ECS::TaskDefinition')
    .find(([id]) => id.startsWith('AppGreen'))?.[1]
    .Properties.ContainerDefinitions.find((definition: { Name: string }) => definition.Name === name);

test('one mesh, router and virtual service for all slots', () => {
  expect(resourceOf(template, 'AWS::AppMesh::Mesh').Properties.Spec).toEqual({
    EgressFilter: { Type: 'ALLOW_ALL' },
  });
  expect(resourceOf(template, 'AWS::AppMesh::VirtualRouter').Properties).toMatchObject({
    VirtualRouterName: 'sample',
    Spec: { Listeners: [{ PortMapping: { Port: 8080, Protocol: 'http' } }] },
  });
  expect(resourceOf(template, 'AWS::AppMesh::VirtualService').Properties).toMatchObject({
    VirtualServiceName: 'sample.svc.local',
    Spec: {
      Provider: {
        VirtualRouter: { VirtualRouterName: { 'Fn::GetAtt': [expect.stringMatching(/^AppVirtualRouter/), 'VirtualRouterName'] } },
      },
    },
  });
});

test.each([
  ['Blue', 'sample-blue'],
  ['Green', 'sample-green'],
])('the virtual node of %s', (slot, name) => {
  expect(node(slot)).toMatchObject({
    VirtualNodeName: name,
    Spec: {
      Listeners: [
        {
          PortMapping: { Port: 8080, Protocol: 'http' },
          HealthCheck: {
            Protocol: 'http',
            Path: '/health',
            Port: 8080,
            HealthyThreshold: 2,
            UnhealthyThreshold: 2,
            TimeoutMillis: 2000,
            IntervalMillis: 5000,
          },
        },
      ],
      ServiceDiscovery: {
        AWSCloudMap: {
          NamespaceName: 'svc.local',
          ServiceName: { 'Fn::GetAtt': [expect.stringMatching(/^AppCloudMapService/), 'Name'] },
          Attributes: [{ Key: 'ECS_SERVICE_NAME', Value: name }],
        },
      },
      Logging: {
        AccessLog: { File: { Path: '/dev/stdout', Format: { Json: expect.arrayContaining([{ Key: 'target', Value: name }]) } } },
      },
    },
  });
});

test('the one route: explicit weights over the active slots, retries as AWS recommends, time for every try', () => {
  expect(resourceOf(template, 'AWS::AppMesh::Route').Properties).toMatchObject({
    RouteName: 'sample',
    Spec: {
      Priority: 1000,
      HttpRoute: {
        Match: { Prefix: '/' },
        Action: { WeightedTargets: [{ Weight: 1 }, { Weight: 1 }] },
        RetryPolicy: {
          HttpRetryEvents: ['gateway-error', 'stream-error'],
          TcpRetryEvents: ['connection-error'],
          MaxRetries: 2,
          PerRetryTimeout: { Unit: 'ms', Value: 15_000 },
        },
        Timeout: { PerRequest: { Unit: 'ms', Value: 45_000 } },
      },
    },
  });
});

test('weight 0 stands in the route as 0', () => {
  const route = resourceOf(templateOf({ greenActive: true, greenWeight: 0 }), 'AWS::AppMesh::Route');
  expect(route.Properties.Spec.HttpRoute.Action.WeightedTargets.map(({ Weight }: { Weight: number }) => Weight)).toEqual([1, 0]);
});

test('one Cloud Map service for all slots, in which the ECS services register', () => {
  expect(resourceOf(template, 'AWS::ServiceDiscovery::PrivateDnsNamespace').Properties.Name).toBe('svc.local');
  expect(resourceOf(template, 'AWS::ServiceDiscovery::Service').Properties).toMatchObject({
    Name: 'sample',
    DnsConfig: { DnsRecords: [{ TTL: 10, Type: 'A' }], RoutingPolicy: 'MULTIVALUE' },
    HealthCheckCustomConfig: { FailureThreshold: 1 },
  });
  const registries = resourcesOf(template, 'AWS::ECS::Service').flatMap(
    ([, { Properties }]) => Properties.ServiceRegistries ?? [],
  );
  expect(registries).toEqual(
    Array(2).fill({ RegistryArn: { 'Fn::GetAtt': [expect.stringMatching(/^AppCloudMapService/), 'Arn'] } }),
  );
});

test('the proxy leads the traffic of the app through Envoy', () => {
  const task = resourcesOf(template, 'AWS::ECS::TaskDefinition').find(([id]) => id.startsWith('AppGreen'))?.[1].Properties;
  expect(task).toMatchObject({ Cpu: '512', Memory: '1024', NetworkMode: 'awsvpc', Family: 'sample-green' });
  expect(task.ProxyConfiguration).toEqual({
    Type: 'APPMESH',
    ContainerName: 'envoy',
    ProxyConfigurationProperties: [
      { Name: 'AppPorts', Value: '8080' },
      { Name: 'IgnoredUID', Value: '1337' },
      { Name: 'ProxyIngressPort', Value: '15000' },
      { Name: 'ProxyEgressPort', Value: '15001' },
      { Name: 'EgressIgnoredIPs', Value: '169.254.170.2,169.254.169.254' },
    ],
  });
});

test('the app container waits for Envoy', () => {
  expect(container('app').DependsOn).toEqual([{ Condition: 'HEALTHY', ContainerName: 'envoy' }]);
});

test('the Envoy container', () => {
  expect(container('envoy')).toMatchObject({
    Image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod',
    Essential: true,
    User: '1337',
    Cpu: 32,
    MemoryReservation: 256,
    HealthCheck: {
      Command: ['CMD-SHELL', 'curl -s http://localhost:9901/server_info | grep state | grep -q LIVE'],
      StartPeriod: 10,
      Interval: 5,
      Timeout: 2,
      Retries: 3,
    },
    Ulimits: [{ Name: 'nofile', SoftLimit: 15000, HardLimit: 15000 }],
    Environment: [
      { Name: 'APPMESH_RESOURCE_ARN', Value: { Ref: expect.stringMatching(/^AppGreenVirtualNode/) } },
      { Name: 'ENVOY_LOG_LEVEL', Value: 'info' },
      { Name: 'ENABLE_ENVOY_XRAY_TRACING', Value: '1' },
    ],
  });
});

test('the X-Ray daemon takes traces from its own task only, and does not take the task down', () => {
  expect(container('xray')).toMatchObject({
    Image: 'public.ecr.aws/xray/aws-xray-daemon:3.6.6',
    Essential: false,
    User: '1337',
    Cpu: 32,
    MemoryReservation: 256,
    PortMappings: [{ ContainerPort: 2000, Protocol: 'udp' }],
    EntryPoint: ['/xray', '-t', '127.0.0.1:2000', '-b', '127.0.0.1:2000', '-o'],
  });
});

test('a task may stream its own node and write traces, and nothing else', () => {
  const policy = resourcesOf(template, 'AWS::IAM::Policy').find(([id]) => id.startsWith('AppGreen'))?.[1].Properties;
  expect(policy.PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'xray:GetSamplingRules',
        'xray:GetSamplingStatisticSummaries',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Action: 'appmesh:StreamAggregatedResources',
      Resource: { Ref: expect.stringMatching(/^AppGreenVirtualNode/) },
    },
  ]);
});

test('a log group with retention for each of the app, Envoy, X-Ray and the guard', () => {
  expect(resourcesOf(template, 'AWS::Logs::LogGroup').map(([id, { Properties }]) => [id.slice(0, -8), Properties])).toEqual([
    ['AppMeshEnvoyLogs', { RetentionInDays: 30 }],
    ['AppMeshXrayLogs', { RetentionInDays: 30 }],
    ['AppAppLogs', { RetentionInDays: 30 }],
    ['ReleaseGuardLogs', { RetentionInDays: 30 }],
  ]);
});

test('the tasks admit the app port from the gateway, and nothing else', () => {
  const ingress = resourcesOf(template, 'AWS::EC2::SecurityGroupIngress').filter(([id]) => id.startsWith('AppSecurityGroup'));
  expect(ingress.map(([, { Properties }]) => Properties)).toEqual([
    expect.objectContaining({
      IpProtocol: 'tcp',
      FromPort: 8080,
      ToPort: 8080,
      SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^AppMeshGatewaySecurityGroup/), 'GroupId'] },
    }),
  ]);
  const group = resourcesOf(template, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('AppSecurityGroup'))?.[1]
    .Properties;
  expect(group.SecurityGroupIngress).toBeUndefined();
});

test.each([
  ['app', /^AppAppLogs/],
  ['envoy', /^AppMeshEnvoyLogs/],
  ['xray', /^AppMeshXrayLogs/],
])('the %s container has a log group of its kind', (name, logGroup) => {
  expect(container(name).LogConfiguration.Options['awslogs-group']).toEqual({ Ref: expect.stringMatching(logGroup) });
});

test('no container waits for its log, and a burst of lines is not lost', () => {
  const logs = resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([, { Properties }]) =>
    Properties.ContainerDefinitions.map(({ LogConfiguration }: any) => LogConfiguration.Options),
  );
  expect(logs).toHaveLength(7);
  for (const options of logs) {
    expect(options).toMatchObject({ mode: 'non-blocking', 'max-buffer-size': '25m' });
  }
});

describe('the gateway', () => {
  test('may stream its own configuration, and nothing else', () => {
    const policy = resourcesOf(template, 'AWS::IAM::Policy').find(([id]) => id.startsWith('AppMeshGatewayTaskRole'))?.[1]
      .Properties;
    expect(policy.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'appmesh:StreamAggregatedResources',
        Resource: { Ref: expect.stringMatching(/^AppMeshGatewayVirtualGateway/) },
      },
    ]);
  });

  test('admits its port from the load balancer, and nothing else', () => {
    const ingress = resourcesOf(template, 'AWS::EC2::SecurityGroupIngress').filter(([id]) =>
      id.startsWith('AppMeshGatewaySecurityGroup'),
    );
    expect(ingress.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        FromPort: 8080,
        ToPort: 8080,
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^AppMeshGatewayLoadBalancerSecurityGroup/), 'GroupId'] },
      }),
    ]);
    const group = resourcesOf(template, 'AWS::EC2::SecurityGroup').find(([id]) =>
      id.startsWith('AppMeshGatewaySecurityGroup'),
    )?.[1].Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
  });

  test('rolls safely', () => {
    const service = resourcesOf(template, 'AWS::ECS::Service').find(([id]) => id.startsWith('AppMeshGateway'))?.[1].Properties;
    expect(service).toMatchObject({
      PlatformVersion: '1.4.0',
      AvailabilityZoneRebalancing: 'ENABLED',
      PropagateTags: 'SERVICE',
      EnableECSManagedTags: true,
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true }, MinimumHealthyPercent: 100 },
    });
  });

  test('stands behind a load balancer on port 80 and sends everything to the virtual service', () => {
    expect(resourceOf(template, 'AWS::AppMesh::GatewayRoute').Properties.Spec.HttpRoute).toEqual({
      Match: { Prefix: '/' },
      Action: {
        Target: {
          VirtualService: {
            VirtualServiceName: { 'Fn::GetAtt': [expect.stringMatching(/^AppVirtualService/), 'VirtualServiceName'] },
          },
        },
      },
    });
    expect(resourceOf(template, 'AWS::ElasticLoadBalancingV2::Listener').Properties).toMatchObject({ Port: 80, Protocol: 'TCP' });
    expect(resourceOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties).toMatchObject({
      Port: 8080,
      Protocol: 'TCP',
      TargetType: 'ip',
      HealthCheckProtocol: 'TCP',
    });
  });

  test('runs Envoy alone: no proxy in front of it and no user that the proxy would ignore', () => {
    const task = resourcesOf(template, 'AWS::ECS::TaskDefinition').find(([id]) => id.startsWith('AppMeshGateway'))?.[1]
      .Properties;
    expect(task.ProxyConfiguration).toBeUndefined();
    expect(task.ContainerDefinitions).toHaveLength(1);
    expect(task.ContainerDefinitions[0].User).toBeUndefined();
    expect(task.ContainerDefinitions[0].Environment).toContainEqual({
      Name: 'APPMESH_RESOURCE_ARN',
      Value: { Ref: expect.stringMatching(/^AppMeshGatewayVirtualGateway/) },
    });
  });

  test.each([
    ['public', 'internet-facing', '0.0.0.0/0'],
    ['internal', 'internal', { 'Fn::GetAtt': [expect.stringMatching(/^Vpc/), 'CidrBlock'] }],
  ])('with ingress=%s its load balancer is %s', (ingress, scheme, source) => {
    const synthesized = templateOf({ ingress });
    expect(resourceOf(synthesized, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties).toMatchObject({
      Scheme: scheme,
      Type: 'network',
    });
    const group = resourcesOf(synthesized, 'AWS::EC2::SecurityGroup').find(([id]) =>
      /^AppMeshGateway(Internal)?LoadBalancer/.test(id),
    )?.[1].Properties;
    expect(group.SecurityGroupIngress).toEqual([expect.objectContaining({ CidrIp: source, FromPort: 80, ToPort: 80 })]);
  });

  test('with ingress=none there is none, and nobody reaches the tasks from outside', () => {
    const synthesized = templateOf({ ingress: 'none' });
    for (const type of [
      'AWS::AppMesh::VirtualGateway',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'AWS::EC2::SecurityGroupIngress',
    ]) {
      expect(resourcesOf(synthesized, type)).toEqual([]);
    }
    expect(synthesized.Outputs.Url).toBeUndefined();
  });
});

describe('the preview header', () => {
  const preview = templateOf({ ...both, greenWeight: 0, previewHeader: 'x-try', greenName: 'next' });

  test('reaches every active slot by its label, before the weights are asked', () => {
    const routes = resourcesOf(preview, 'AWS::AppMesh::Route').map(([, { Properties }]) => [
      Properties.Spec.Priority,
      Properties.Spec.HttpRoute.Match.Headers?.[0],
      Properties.Spec.HttpRoute.Action.WeightedTargets.map((target: any) => target.VirtualNode['Fn::GetAtt'][0].slice(0, -8)),
    ]);
    expect(routes).toEqual([
      [1, { Name: 'x-try', Match: { Exact: previewValueOf('blue') }, Invert: false }, ['AppBlueVirtualNode']],
      [1, { Name: 'x-try', Match: { Exact: previewValueOf('next') }, Invert: false }, ['AppGreenVirtualNode']],
      [1000, undefined, ['AppBlueVirtualNode', 'AppGreenVirtualNode']],
    ]);
  });

  test('waits for the slot, as the weights do', () => {
    const [, { DependsOn }] = resourcesOf(preview, 'AWS::AppMesh::Route').find(([id]) =>
      id.startsWith('AppGreenPreviewRoute'),
    ) as [string, any];
    expect(DependsOn).toEqual([expect.stringMatching(/^AppGreenService/), expect.stringMatching(/^AppGuard/)]);
  });
});

describe('a slot with a version of its own', () => {
  const own = templateOf({
    ...both,
    greenAppPort: 3000,
    greenHealthcheckPath: '/ready',
    greenEnvoyImage: 'envoy:2',
    greenEnvoyCpu: 64,
    greenXrayMemoryReservation: 128,
  });
  const of = (type: string, slot: string) => resourcesOf(own, type).find(([id]) => id.startsWith(`App${slot}`))?.[1].Properties;

  test.each([
    ['Blue', 8080, '/health'],
    ['Green', 3000, '/ready'],
  ])('%s is a node on port %d, checked at %s, to which Envoy leads', (slot, port, path) => {
    expect(of('AWS::AppMesh::VirtualNode', slot).Spec.Listeners).toEqual([
      expect.objectContaining({
        PortMapping: { Port: port, Protocol: 'http' },
        HealthCheck: expect.objectContaining({ Path: path, Port: port }),
      }),
    ]);
    expect(of('AWS::ECS::TaskDefinition', slot).ProxyConfiguration.ProxyConfigurationProperties).toContainEqual({
      Name: 'AppPorts',
      Value: `${port}`,
    });
  });

  test('callers still know the service by its own port', () => {
    expect(resourceOf(own, 'AWS::AppMesh::VirtualRouter').Properties.Spec.Listeners).toEqual([
      { PortMapping: { Port: 8080, Protocol: 'http' } },
    ]);
  });

  test.each([
    [
      'Blue',
      ['public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod', 32, 256],
      ['public.ecr.aws/xray/aws-xray-daemon:3.6.6', 32, 256],
    ],
    ['Green', ['envoy:2', 64, 256], ['public.ecr.aws/xray/aws-xray-daemon:3.6.6', 32, 128]],
  ])('the sidecars of %s', (slot, envoy, xray) => {
    const containers: { Name: string; Image: string; Cpu: number; MemoryReservation: number }[] = of(
      'AWS::ECS::TaskDefinition',
      slot,
    ).ContainerDefinitions;
    const [, ...sidecars] = containers.map(({ Name, Image, Cpu, MemoryReservation }) => [Name, Image, Cpu, MemoryReservation]);
    expect(sidecars).toEqual([
      ['envoy', ...envoy],
      ['xray', ...xray],
    ]);
  });

  test('the gateway keeps the image that is said of the app', () => {
    const gateway = resourcesOf(own, 'AWS::ECS::TaskDefinition').find(([id]) => id.startsWith('AppMeshGateway'))?.[1].Properties;
    expect(gateway.ContainerDefinitions[0].Image).toBe('public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod');
  });

  test.each([true, false])('the tasks admit the ports of both slots from the gateway; green active: %s', (greenActive) => {
    const synthesized = templateOf({ greenActive, greenWeight: 1, blueAppPort: 9000, greenAppPort: 3000 });
    const ingress = resourcesOf(synthesized, 'AWS::EC2::SecurityGroupIngress').filter(([id]) =>
      id.startsWith('AppSecurityGroup'),
    );
    expect(ingress.map(([, { Properties }]) => [Properties.FromPort, Properties.ToPort])).toEqual([
      [3000, 3000],
      [9000, 9000],
    ]);
  });
});
