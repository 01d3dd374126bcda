import { App } from 'aws-cdk-lib';
import { planeNames } from '../../lib/release/plane-limits';
import { readSettings } from '../../lib/settings/read-settings';
import { BlueGreenStack } from '../../lib/stack/blue-green-stack';
import { appOf, type Context, freshContext, resourcesOf, templateOf } from '../app-template';

test.each<[string, Context, string]>([
  ['blue alone', {}, 'blue 100 %'],
  ['half and half', { greenActive: true, greenWeight: 1 }, 'blue 50 %, green 50 %'],
  ['a third', { greenActive: true, blueWeight: 2, greenWeight: 1 }, 'blue 66.7 %, green 33.3 %'],
  ['nothing yet', { greenActive: true }, 'blue 100 %, green 0 %'],
  [
    'hardly anything',
    { greenActive: true, trafficPlane: 'lattice', blueWeight: 999, greenWeight: 1 },
    'blue 99.9 %, green 0.1 %',
  ],
  ['labels', { greenActive: true, greenWeight: 1, blueName: 'old', greenName: 'new' }, 'old 50 %, new 50 %'],
])('the split in words: %s', (_, flags, split) => {
  expect(templateOf(flags).Outputs.Split?.Value).toBe(split);
});

test.each(planeNames)('the outputs on %s', (trafficPlane) => {
  const { Outputs } = templateOf({ trafficPlane, greenActive: true });
  const alarms = [
    'BlueEmptySlotAlarmArn',
    'BlueErrorAlarmArn',
    'GreenEmptySlotAlarmArn',
    'GreenErrorAlarmArn',
    'ServiceAlarmArn',
  ];
  const common = [
    ...alarms,
    'BlueServiceName',
    'BlueTarget',
    'ClusterName',
    'GreenServiceName',
    'GreenTarget',
    'SettleSeconds',
    'Split',
    'TaskSecurityGroupId',
    'Url',
  ];
  const own = {
    'app-mesh': ['MeshName', 'VirtualRouterName', 'VirtualServiceName'],
    'load-balancer': ['LoadBalancerName', 'BluePreview', 'GreenPreview'],
    lattice: ['LatticeServiceId', 'ServiceNetworkId', 'BluePreview', 'GreenPreview'],
  }[trafficPlane];
  expect(Object.keys(Outputs).sort()).toEqual([...common, ...own].sort());
});

test('the stack is named after the app', () => {
  expect(appOf({ appName: 'shop' }).stack.stackName).toBe('shop-blue-green');
});

describe.each(planeNames)('on %s, protect', (trafficPlane) => {
  const protectedBy = (protect?: boolean) => {
    const { app, stack } = appOf({ trafficPlane, ...(protect === undefined ? {} : { protect }) });
    const { template, terminationProtection } = app.synth().getStackByName(stack.stackName);
    const attributes = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap(
      ([, { Properties }]) => Properties.LoadBalancerAttributes,
    );
    return {
      stack: terminationProtection ?? false,
      loadBalancers: attributes.filter(({ Key }) => Key === 'deletion_protection.enabled').map(({ Value }) => Value),
    };
  };
  const loadBalancers = (value: string) => (trafficPlane === 'lattice' ? [] : [value]);

  test('keeps the stack and its load balancer', () => {
    expect(protectedBy(true)).toEqual({ stack: true, loadBalancers: loadBalancers('true') });
  });

  test.each([undefined, false])('does not when it is %s', (protect) => {
    expect(protectedBy(protect)).toEqual({ stack: false, loadBalancers: loadBalancers('false') });
  });
});

test('who makes the stack may protect it in spite of the flag', () => {
  const settings = readSettings({ ...freshContext, protect: false });
  const own = new BlueGreenStack(new App(), 'Own', { settings, terminationProtection: true });
  expect(own.terminationProtection).toBe(true);
  expect(new BlueGreenStack(new App(), 'Own', { settings, terminationProtection: undefined }).terminationProtection).toBe(false);
});

// Names that are unique in the account or in a cluster or mesh of the stack; everything else is named by CloudFormation.
const physicalName =
  /^(Family|(Mesh|VirtualNode|VirtualRouter|VirtualService|VirtualGateway|Route|GatewayRoute|Service|Cluster|LogGroup|Role|Dashboard|Alarm)?Name)$/;

test.each(planeNames)('two apps in one account have no physical name in common on %s', (trafficPlane) => {
  const names = (appName: string) =>
    Object.values(templateOf({ appName, trafficPlane, greenActive: true }).Resources).flatMap(({ Type, Properties }) =>
      Object.entries(Properties ?? {})
        .filter(
          ([key, value]) =>
            physicalName.test(key) && typeof value === 'string' && Type !== 'AWS::ServiceDiscovery::PrivateDnsNamespace',
        )
        .map(([key, value]) => `${Type} ${key} ${value}`),
    );
  const [shop, cart] = [names('shop'), names('cart')];
  expect(shop).toContain('AWS::ECS::TaskDefinition Family shop-green');
  expect(shop.filter((name) => cart.includes(name))).toEqual([]);
});

test('the new VPC costs nothing: no NAT gateways, and no custom resource but the guard', () => {
  const types = Object.values(templateOf().Resources).map(({ Type }) => Type);
  expect(types).not.toContain('AWS::EC2::NatGateway');
  expect(types.filter((type) => /^(Custom::|AWS::Lambda::)/.test(type)).sort()).toEqual([
    'AWS::Lambda::Function',
    'Custom::ReleaseGuard',
  ]);
});

describe('images in a private ECR repository', () => {
  const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app';
  const pulls = (flags: Context) =>
    resourcesOf(templateOf(flags), 'AWS::IAM::Policy')
      .find(([id]) => id.startsWith('AppExecutionRole'))?.[1]
      .Properties.PolicyDocument.Statement.filter(({ Action }: { Action: unknown }) => JSON.stringify(Action).includes('ecr:'));

  test('may be pulled by the execution role, from that repository only', () => {
    expect(pulls({ blueImage: `${repository}:1` })).toEqual([
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:123456789012:repository/team/app']] },
      },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    ]);
  });

  test('of an inactive slot are granted already: turning it on leaves the role alone', () => {
    const flags = { greenImage: `${repository}:2` };
    expect(pulls({ ...flags, greenActive: true })).toEqual(pulls(flags));
    expect(pulls(flags)).toHaveLength(2);
  });

  test.each([`${repository}:1.2`, repository, `${repository}@sha256:${'a'.repeat(64)}`])('%s is pulled as it is', (blueImage) => {
    const task = resourcesOf(templateOf({ blueImage }), 'AWS::ECS::TaskDefinition').find(([id]) => id.startsWith('AppBlue'))?.[1];
    expect(task?.Properties.ContainerDefinitions[0].Image).toBe(blueImage);
  });
});

describe.each(planeNames)('the dashboards on %s', (trafficPlane) => {
  const dashboards = (flags: Context) =>
    Object.fromEntries(
      resourcesOf(templateOf({ trafficPlane, ...flags }), 'AWS::CloudWatch::Dashboard').map(([id, { Properties }]) => [
        id.slice(0, -8),
        JSON.stringify(Properties.DashboardBody),
      ]),
    );

  test('each slot has one, with its share of the requests', () => {
    const { AppBlueDashboard, AppGreenDashboard } = dashboards({ greenActive: true, blueName: 'old' });
    for (const title of ['share of requests, %', 'requests', 'errors, %', 'latency, ms (p95)']) {
      expect(AppBlueDashboard).toContain(`old: ${title}`);
      expect(AppGreenDashboard).toContain(`green: ${title}`);
    }
    expect(AppBlueDashboard).toContain('100 * FILL(slot, 0) / service');
  });

  test('the one of the service is the same whatever slots are active', () => {
    const states = [{}, { greenActive: true, greenWeight: 1 }, { greenActive: true, greenWeight: 1, blueActive: false }];
    const [first, ...others] = states.map((state) => dashboards(state).Dashboard);
    expect(first).toContain('errors, %');
    expect(others).toEqual([first, first]);
  });
});

test('dashboard and alarms can be switched off', () => {
  const template = templateOf({ dashboard: 'false', alarms: 'false' });
  expect(resourcesOf(template, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  expect(resourcesOf(template, 'AWS::CloudWatch::Alarm')).toEqual([]);
  expect(Object.keys(template.Outputs).filter((name) => name.includes('Alarm'))).toEqual([]);
});

test.each([
  ['load-balancer', { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount' }],
  ['lattice', { Namespace: 'AWS/VpcLattice', MetricName: 'TotalRequestCount' }],
  [
    'app-mesh',
    {
      Namespace: 'EcsBlueGreen',
      MetricName: 'Requests',
      Dimensions: [{ Name: 'Mesh' }, { Name: 'Target', Value: 'sample-blue' }],
    },
  ],
])('requests are counted per slot on %s', (trafficPlane, metric) => {
  const [, alarm] = resourcesOf(templateOf({ trafficPlane }), 'AWS::CloudWatch::Alarm').find(([id]) =>
    id.startsWith('AppBlueErrorAlarm'),
  ) as [string, any];
  const requests = alarm.Properties.Metrics.find(({ Id }: { Id: string }) => Id === 'requests');
  expect(requests.MetricStat).toMatchObject({ Metric: metric, Period: 60, Stat: 'Sum' });
});

test('on App Mesh the metrics come from the access log', () => {
  const filters = resourcesOf(templateOf(), 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
  expect(filters.map(({ FilterPattern }) => FilterPattern)).toEqual([
    '{ $.target = "*" && $.agent != "Envoy/HC" }',
    '{ $.target = "*" && $.agent != "Envoy/HC" && $.status >= 500 }',
    '{ $.target = "*" && $.agent != "Envoy/HC" && $.duration >= 0 }',
  ]);
  for (const { MetricTransformations } of filters) {
    expect(MetricTransformations[0]).toMatchObject({
      MetricNamespace: 'EcsBlueGreen',
      Dimensions: [
        { Key: 'Mesh', Value: '$.mesh' },
        { Key: 'Target', Value: '$.target' },
      ],
    });
  }
});

test('without a way in there is no URL', () => {
  expect(templateOf({ trafficPlane: 'lattice', ingress: 'none' }).Outputs.Url).toBeUndefined();
});
