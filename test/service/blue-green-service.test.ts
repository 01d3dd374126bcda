import {
  App,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  Lazy,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_secretsmanager as secretsmanager,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { PlaneName } from '../../lib/release/plane-limits';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../../lib/service/blue-green-service-props';
import { AppMeshPlane } from '../../lib/traffic/app-mesh-plane';
import { LatticePlane } from '../../lib/traffic/lattice-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import type { TrafficPlane } from '../../lib/traffic/traffic-plane';
import { resourcesOf, type TemplateJson } from '../app-template';

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');

const planes: Readonly<Record<PlaneName, (stack: Stack, cluster: ecs.ICluster) => TrafficPlane>> = {
  'app-mesh': (stack, cluster) =>
    new AppMeshPlane(stack, 'Plane', {
      namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc: cluster.vpc }),
      gateway: { cluster, internetFacing: true },
    }),
  'load-balancer': (stack, { vpc }) => new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: false }),
  lattice: (stack, { vpc }) => new LatticePlane(stack, 'Plane', { vpc }),
};

function inStack(plane: PlaneName) {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  const trafficPlane = planes[plane](stack, cluster);
  const service = (id: string, props: Partial<BlueGreenServiceProps> = {}) =>
    new BlueGreenService(stack, id, {
      cluster,
      trafficPlane,
      serviceName: id.toLowerCase(),
      slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
      ...props,
    });
  const template = (): TemplateJson => (stack.node.root as App).synth().getStackByName('Stack').template;
  return { stack, service, template, plane: trafficPlane };
}

const planeNames = Object.keys(planes) as PlaneName[];

test.each(planeNames)('one new is enough on %s, and what was made can be reached', (plane) => {
  const { service, template } = inStack(plane);
  const shop = service('Shop');

  expect(Object.keys(shop.slots)).toEqual(['blue', 'green']);
  expect(shop.slots.blue?.taskDefinition.family).toBe('shop-blue');
  expect(shop.split).toBe('blue 50 %, green 50 %');
  expect(shop.url).toBeDefined();
  expect(shop.route.node.scope).toBe(shop);
  const { requests, errors, latency } = shop.slots.green?.metrics ?? {};
  expect([requests, errors, latency]).not.toContain(undefined);
  expect(resourcesOf(template(), 'AWS::ECS::Service').filter(([id]) => id.startsWith('Shop'))).toHaveLength(2);
});

test.each(planeNames)('several services share one plane, one cluster and one stack on %s', (plane) => {
  const { service, template } = inStack(plane);
  service('Shop');
  service('Cart', { pathPrefix: '/cart' });
  service('Users', { pathPrefix: '/users', slots: { blue: { weight: 1, image }, green: { active: false, weight: 0, image } } });

  const families = resourcesOf(template(), 'AWS::ECS::TaskDefinition').map(([, { Properties }]) => Properties.Family);
  expect(families.filter((name) => /^(shop|cart|users)-/.test(name))).toEqual([
    'shop-blue',
    'shop-green',
    'cart-blue',
    'cart-green',
    'users-blue',
  ]);
});

test.each([
  [undefined, 'Retain'],
  [RemovalPolicy.DESTROY, 'Delete'],
])('the log of the app with removal policy %s outlives the service or not', (logRemovalPolicy, deletion) => {
  const { service, template } = inStack('load-balancer');
  service('Shop', { logRemovalPolicy });
  const [, logGroup] = resourcesOf(template(), 'AWS::Logs::LogGroup').find(([id]) => id.startsWith('ShopAppLogs')) ?? [];
  expect(logGroup).toMatchObject({ DeletionPolicy: deletion, UpdateReplacePolicy: deletion });
  // A name would be taken already when the service is made again.
  expect(logGroup?.Properties.LogGroupName).toBeUndefined();
});

test("log groups of one's own are written to, and the role may do so for both slots whichever are there", () => {
  const made = (greenActive: boolean) => {
    const { stack: own, service, template } = inStack('load-balancer');
    const [common, ofGreen] = ['common', 'green'].map((name) => logs.LogGroup.fromLogGroupName(own, name, `/shop/${name}`));
    const slots = { blue: { weight: 1, image }, green: { active: greenActive, weight: 0, image, logGroup: ofGreen } };
    expect(service('Shop', { slots, logGroup: common }).logGroup).toBe(common);
    return template();
  };
  const [joined, without] = [made(true), made(false)];
  const role = (template: TemplateJson) =>
    resourcesOf(template, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('ShopExecutionRole'));
  expect(role(joined)).toEqual(role(without));
  for (const name of ['/shop/common', '/shop/green']) {
    expect(JSON.stringify(role(without))).toContain(`:log-group:${name}:*`);
  }
  const groups = resourcesOf(joined, 'AWS::ECS::TaskDefinition').map(
    ([, { Properties }]) => Properties.ContainerDefinitions[0].LogConfiguration.Options['awslogs-group'],
  );
  expect(groups).toEqual(['/shop/common', '/shop/green']);
  expect(resourcesOf(joined, 'AWS::Logs::LogGroup').filter(([id]) => id.includes('AppLogs'))).toEqual([]);
});

describe('a secret that is added to the containers of the slots', () => {
  const roleWith = (granted: boolean, greenActive: boolean) => {
    const { stack: own, service, template } = inStack('load-balancer');
    const secret = new secretsmanager.Secret(own, 'Secret');
    const shop = service('Shop', {
      slots: { blue: { weight: 1, image }, green: { active: greenActive, weight: 0, image } },
    });
    if (granted) {
      secret.grantRead(shop.executionRole);
    }
    const green = shop.slots.green?.taskDefinition.defaultContainer;
    green?.addSecret('PASSWORD', ecs.Secret.fromSecretsManager(secret));
    return resourcesOf(template(), 'AWS::IAM::Policy').filter(([id]) => id.startsWith('ShopExecutionRole'));
  };

  test('changes the role of both when a slot joins', () => {
    expect(roleWith(false, true)).not.toEqual(roleWith(false, false));
  });

  test('does not when the role may read it from the beginning', () => {
    expect(roleWith(true, true)).toEqual(roleWith(true, false));
    expect(JSON.stringify(roleWith(true, false))).toContain('secretsmanager:GetSecretValue');
  });
});

test('without capacity providers it runs on Fargate in any cluster, with them on what they say', () => {
  const { service, template } = inStack('load-balancer');
  service('Shop');
  service('Cart', { pathPrefix: '/cart', capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 2 }] });
  const runsOn = resourcesOf(template(), 'AWS::ECS::Service').map(([id, { Properties }]) => [
    id.slice(0, 4),
    Properties.LaunchType,
    Properties.CapacityProviderStrategy,
  ]);
  const onSpot = [{ CapacityProvider: 'FARGATE_SPOT', Weight: 2 }];
  expect(runsOn).toEqual([
    ['Shop', 'FARGATE', undefined],
    ['Shop', 'FARGATE', undefined],
    ['Cart', undefined, onSpot],
    ['Cart', undefined, onSpot],
  ]);
});

test('a slot may run on other capacity than the other one', () => {
  const { service, template } = inStack('load-balancer');
  const capacityProviderStrategies = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  service('Shop', {
    slots: { blue: { weight: 1, image }, green: { weight: 1, image, capacityProviderStrategies } },
  });
  expect(
    resourcesOf(template(), 'AWS::ECS::Service').map(([, { Properties }]) => [
      Properties.LaunchType,
      Properties.CapacityProviderStrategy,
    ]),
  ).toEqual([
    ['FARGATE', undefined],
    [undefined, [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]],
  ]);
});

test('it waits for the capacity providers of a cluster in which it stands itself', () => {
  const { stack: own, template } = inStack('load-balancer');
  const cluster = new ecs.Cluster(own, 'Own', { vpc: new ec2.Vpc(own, 'OwnVpc'), enableFargateCapacityProviders: true });
  new BlueGreenService(cluster, 'Inner', {
    cluster,
    trafficPlane: new LoadBalancerPlane(own, 'OwnPlane', { vpc: cluster.vpc, internetFacing: false }),
    serviceName: 'inner',
    slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
    capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
  });
  const [[providers] = ['']] = resourcesOf(template(), 'AWS::ECS::ClusterCapacityProviderAssociations');
  for (const [, { DependsOn }] of resourcesOf(template(), 'AWS::ECS::Service')) {
    expect(DependsOn).toContain(providers);
  }
});

test('services behind one load balancer: the deeper path first, previews before weights, and every priority used once', () => {
  const { service, template } = inStack('load-balancer');
  service('Shop');
  service('Cart', { pathPrefix: '/cart' });
  service('User', { pathPrefix: '/cart/user' });
  const rules = resourcesOf(template(), 'AWS::ElasticLoadBalancingV2::ListenerRule')
    .map(([id, { Properties }]) => [Properties.Priority, id.slice(0, -8)] as const)
    .sort(([a], [b]) => a - b);
  expect(rules.map(([, id]) => id)).toEqual([
    'UserBlueAssociationRule',
    'UserGreenAssociationRule',
    'UserProductionRule',
    'CartBlueAssociationRule',
    'CartGreenAssociationRule',
    'CartProductionRule',
    'ShopBlueAssociationRule',
    'ShopGreenAssociationRule',
    'ShopProductionRule',
  ]);
  expect(new Set(rules.map(([priority]) => priority)).size).toBe(rules.length);
});

test('other members of a mesh name the virtual service as their backend', () => {
  const { service, plane } = inStack('app-mesh');
  service('Shop');
  expect((plane as AppMeshPlane).virtualServices.get('shop')?.virtualServiceName).toBeDefined();
});

test.each<PlaneName>(['app-mesh', 'load-balancer'])('two services with one path prefix are refused on %s', (plane) => {
  const { service } = inStack(plane);
  service('Shop');
  expect(() => service('Cart')).toThrow(
    /^path prefix of cart: got "\/", expected a prefix that shop on the same .* does not have; set pathPrefix$/,
  );
});

type Slots = { blue: Partial<BlueGreenSlotProps>; green: Partial<BlueGreenSlotProps> };

test.each<[string, PlaneName, Slots, string]>([
  [
    'no active slot',
    'app-mesh',
    { blue: { active: false }, green: { active: false } },
    'slots: got none active, expected at least one; set active of a slot to true',
  ],
  [
    'a weight out of range',
    'app-mesh',
    { blue: { weight: 101 }, green: {} },
    'weight of blue: got 101, expected a whole number from 0 to 100 on app-mesh',
  ],
  [
    'a weight out of range',
    'load-balancer',
    { blue: { weight: 1000 }, green: {} },
    'weight of blue: got 1000, expected a whole number from 0 to 999 on load-balancer',
  ],
  [
    'a weight out of range',
    'lattice',
    { blue: { weight: -1 }, green: {} },
    'weight of blue: got -1, expected a whole number from 0 to 999 on lattice',
  ],
  [
    'weights that are no numbers',
    'lattice',
    { blue: { weight: Number.NaN }, green: { weight: 1.5 } },
    'weight of blue: got NaN, expected a whole number from 0 to 999 on lattice; weight of green: got 1.5, expected a whole number from 0 to 999 on lattice',
  ],
  [
    'weights that sum to too much',
    'app-mesh',
    { blue: { weight: 60 }, green: { weight: 41 } },
    'weight of blue, weight of green: got 60 + 41 = 101, expected a sum of weights of at most 100 on app-mesh',
  ],
  ...planeNames.map(
    (plane) =>
      [
        'weights that sum to 0',
        plane,
        { blue: { weight: 0 }, green: { weight: 0 } },
        'weight of blue, weight of green: got 0 + 0 = 0, expected active slots with a sum of weights of at least 1',
      ] as [string, PlaneName, Slots, string],
  ),
  [
    'slots with one label',
    'lattice',
    { blue: { label: 'a' }, green: { label: 'a' } },
    'label of blue, green: got a, a, expected different ones',
  ],
])('refuses %s on %s', (_, plane, { blue, green }, problem) => {
  const { service } = inStack(plane);
  const slots = { blue: { weight: 1, image, ...blue }, green: { weight: 1, image, ...green } };
  expect(() => service('Shop', { slots })).toThrow(`blue/green service shop: ${problem}`);
});

test('refuses a port, a count and paths out of range, all at once', () => {
  const { service } = inStack('app-mesh');
  expect(() => service('Shop', { port: 15000, desiredCount: 0, healthCheckPath: 'health', pathPrefix: 'shop' })).toThrow(
    'blue/green service shop: desiredCount: got 0, expected a whole number from 1 to 5000; ' +
      'pathPrefix: got "shop", expected a path of up to 126 characters and 9 parts that starts with /, of letters, digits and @:_+.~&/-; ' +
      'port: got 15000, expected a whole number from 1 to 65535 other than 2000, 9901, 15000, 15001; ' +
      'healthCheckPath: got "health", expected a path of up to 1024 characters that starts with /, of letters, digits and @:%_+.~?&/=-',
  );
});

test('a weight that only the deploy knows is taken as it is', () => {
  const { service, template } = inStack('load-balancer');
  const shop = service('Shop', {
    slots: { blue: { weight: Lazy.number({ produce: () => 7 }), image }, green: { weight: 1, image } },
  });
  const rule = resourcesOf(template(), 'AWS::ElasticLoadBalancingV2::ListenerRule').find(([id]) =>
    id.startsWith('ShopProductionRule'),
  )?.[1].Properties;
  expect(rule.Actions[0].ForwardConfig.TargetGroups[0].Weight).toBe(7);
  expect(shop.split).toBe('blue, green');
});

test('what the user calls a version is kept on the slot, with what it runs with', () => {
  const { service } = inStack('load-balancer');
  const { blue, green } = service('Shop', {
    port: 3000,
    slots: { blue: { weight: 1, image, version: '2026-11-24 b' }, green: { weight: 1, image, port: 4000 } },
  }).slots;
  expect([blue?.version, green?.version]).toEqual(['2026-11-24 b', undefined]);
  expect([blue?.settings.port, green?.settings.port]).toEqual([3000, 4000]);
});

test('further clients can be admitted to the app port', () => {
  const { service, stack, template } = inStack('app-mesh');
  const shop = service('Shop', { port: 3000 });
  const client = new ec2.SecurityGroup(stack, 'Client', { vpc: shop.slots.blue?.service.cluster.vpc as ec2.IVpc });
  shop.connections.allowDefaultPortFrom(client);
  const sources = resourcesOf(template(), 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => [
    Properties.SourceSecurityGroupId['Fn::GetAtt'][0].slice(0, -8),
    Properties.ToPort,
  ]);
  expect(sources).toContainEqual(['Client', 3000]);
});

test('a prefix that another plane would strip is kept by the gateway too', () => {
  const { service, template } = inStack('app-mesh');
  service('Cart', { pathPrefix: '/cart' });
  expect(resourcesOf(template(), 'AWS::AppMesh::GatewayRoute')[0]?.[1].Properties.Spec.HttpRoute).toMatchObject({
    Match: { Prefix: '/cart' },
    Action: { Rewrite: { Prefix: { DefaultPrefix: 'DISABLED' } } },
  });
});

test.each<[string, PlaneName, Partial<BlueGreenServiceProps>, string | undefined]>([
  ['on lattice for both', 'lattice', {}, 'healthCheckCommand of blue, healthCheckCommand of green'],
  [
    'on lattice for the slot without one',
    'lattice',
    { slots: { blue: { weight: 1, image, healthCheckCommand: ['CMD', '/healthy'] }, green: { weight: 1, image } } },
    'healthCheckCommand of green',
  ],
  [
    'on lattice in the words of the user',
    'lattice',
    { settingNames: { healthCheckCommand: '{slot}Check' } },
    'blueCheck, greenCheck',
  ],
  [
    'not for a slot that is off',
    'lattice',
    { slots: { blue: { weight: 1, image }, green: { active: false, weight: 0, image } } },
    'healthCheckCommand of blue',
  ],
  ['not where both have one', 'lattice', { healthCheckCommand: ['CMD-SHELL', 'exit 0'] }, undefined],
  ['not where ECS waits for the load balancer', 'load-balancer', {}, undefined],
])('a notice that nothing tells ECS whether a task answers: %s', (_, plane, props, names) => {
  const { stack, service } = inStack(plane);
  service('Shop', props);
  const notices = Annotations.fromStack(stack)
    .findInfo('/Stack/Shop', Match.stringLikeRegexp('ECS calls a task stable'))
    .map(({ entry }) => entry.data);
  expect(notices).toEqual(
    names === undefined
      ? []
      : [
          `${names}: got none, so ECS calls a task stable as soon as it runs: on lattice it does not wait until the task answers; name a command that finds that out in the container`,
        ],
  );
});
