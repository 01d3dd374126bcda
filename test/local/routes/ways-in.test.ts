import type { DeployedResource } from '../../../lib/local/emulator/follower';
import { productionRoute } from '../../../lib/local/routes/traffic-model';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import { planeNames } from '../../../lib/release/plane-limits';
import { synthesize } from '../../../lib/stack/synthesize';
import { freshContext, templateOf } from '../../app-template';
import { deployed } from './deployed';

const sharedArn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/shared/0123456789abcdef/0123456789abcdef';
const both = { blueActive: true, greenActive: true, blueWeight: 3, greenWeight: 7 };

function only(found: readonly WayIn[]): WayIn {
  expect(found).toHaveLength(1);
  return found[0] as WayIn;
}

function sharesBySlot({ model }: WayIn): Record<string, number> {
  const slotOf = (name: string) => model.targets.find((target) => target.name === name)?.slot ?? '?';
  return Object.fromEntries(productionRoute(model).targets.map(({ target, weight }) => [slotOf(target), weight]));
}

test.each(planeNames)('%s: the weights, and the service behind each slot', (trafficPlane) => {
  const resources = deployed(templateOf({ ...both, trafficPlane }));
  const wayIn = only(waysIn(resources));
  expect(wayIn.id).toBe(wayIn.owner);
  expect(sharesBySlot(wayIn)).toEqual({ blue: 3, green: 7 });
  const services = resources.filter(({ type }) => type === 'AWS::ECS::Service').map(({ physicalId }) => physicalId);
  for (const { name, slot } of wayIn.model.targets) {
    const behind = wayIn.targets[name]?.services ?? [];
    expect(behind).toEqual([{ service: expect.stringContaining(slot === 'blue' ? 'lue' : 'reen'), port: 8080 }]);
    expect(services).toContain(behind[0]?.service);
  }
});

test.each(planeNames)('%s: every state while it is deployed, and while it is deleted, can be read', (trafficPlane) => {
  const resources = deployed(templateOf({ ...both, trafficPlane }));
  const states = [...resources, undefined].map((_, count) => resources.slice(0, count));
  const firstWithWayIn = states.findIndex((state) => waysIn(state).length > 0);
  expect(firstWithWayIn).toBeGreaterThan(0);
  for (const state of states.slice(firstWithWayIn)) {
    const wayIn = only(waysIn(state));
    if (wayIn.model.routes.length === 0) {
      expect([404, 503]).toContain(wayIn.model.unmatchedStatus);
    }
  }
});

test.each(['load-balancer', 'lattice'] as const)(
  '%s: a target group for a container that does not run here is refused',
  (trafficPlane) => {
    const resources = deployed(templateOf({ ...both, trafficPlane }));
    const changed = resources.map((resource) => {
      const { ContainerDefinitions, LoadBalancers } = resource.properties as Record<string, Record<string, unknown>[]>;
      const [app] = ContainerDefinitions ?? [];
      const proxy = app && { Name: 'proxy', PortMappings: [{ Name: app.Name, ContainerPort: 80 }] };
      const properties = {
        ...resource.properties,
        ...(app ? { ContainerDefinitions: [proxy, { ...app, PortMappings: [{ ContainerPort: 8080 }] }] } : {}),
        ...(LoadBalancers?.length ? { LoadBalancers: [{ ...LoadBalancers[0], ContainerName: 'proxy', ContainerPort: 80 }] } : {}),
      };
      return { ...resource, properties };
    });
    expect(() => waysIn(changed)).toThrow(
      /^service \w+: got target group arn:\S+ for port 80 of container proxy, expected the container that runs here, \w+$/,
    );
  },
);

const listenerArn = (resources: readonly DeployedResource[]) =>
  resources.find(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener')?.physicalId ?? '';

test('two apps behind one listener are one way in, with the routes of both', () => {
  const platform = deployed(templateOf({ trafficPlane: 'load-balancer' }), 'platform');
  const shared = { trafficPlane: 'load-balancer', vpcId: 'vpc-0123456789abcdef0', listenerArn: sharedArn };
  const { template } = synthesize({ ...freshContext, ...both, ...shared, pathPrefix: '/shop' });
  const text = JSON.stringify(template).replaceAll(/arn:aws:elasticloadbalancing:[^"]*:listener\/[^"]*/g, listenerArn(platform));
  const shop = deployed(JSON.parse(text), 'shop');
  const wayIn = only(waysIn([...platform, ...shop]));
  expect(wayIn.stack).toBe('platform');
  expect(wayIn.model.targets.map(({ slot }) => slot)).toEqual(['blue', 'blue', 'green']);
  expect(new Set(Object.keys(wayIn.targets)).size).toBe(3);
  expect(wayIn.model.routes.filter(({ production }) => production).map(({ match }) => match.prefix)).toEqual(
    expect.arrayContaining(['/', '/shop']),
  );
  // The app goes, and the platform stays.
  expect(waysIn([...platform, ...shop].slice(0, platform.length))).toEqual(waysIn(platform));
});

test.each(planeNames)('%s: two stacks are two ways in, whose names of targets are not the same', (trafficPlane) => {
  const found = ['one', 'two'].flatMap((stack) =>
    deployed(templateOf({ ...both, trafficPlane, appName: stack, namespaceName: `${stack}.local` }), stack),
  );
  const all = waysIn(found);
  expect(all.map(({ stack }) => stack)).toEqual(['one', 'two']);
  expect(new Set(all.flatMap(({ targets }) => Object.values(targets).map(({ resource }) => resource))).size).toBe(4);
});

test.each(['load-balancer', 'lattice'])('%s: a target keeps its name beside the one that replaces it', (trafficPlane) => {
  const resources = deployed(templateOf({ ...both, trafficPlane }));
  const [before] = waysIn(resources);
  const old = resources.find(({ type, logicalId }) => type.endsWith('::TargetGroup') && logicalId.includes('Blue'));
  const replacement = { ...(old as DeployedResource), physicalId: `${old?.physicalId}-new` };
  const rewritten = JSON.parse(
    JSON.stringify(resources).replaceAll(new RegExp(`("TargetGroup(Arn|Identifier)":"[^"]*${old?.logicalId})"`, 'g'), '$1-new"'),
  );
  const [after] = waysIn([...rewritten, replacement]);
  const names = (wayIn: WayIn | undefined) => Object.keys(wayIn?.targets ?? {});
  expect(names(after)).toHaveLength(2);
  expect(names(after).filter((name) => names(before).includes(name))).toHaveLength(1);
});

test('a mesh without a gateway has its virtual service as the way in, which has no DNS name', () => {
  const wayIn = only(waysIn(deployed(templateOf({ ...both, trafficPlane: 'app-mesh', ingress: 'none' }))));
  expect(wayIn.owner).toMatch(/virtualService/);
  expect(sharesBySlot(wayIn)).toEqual({ blue: 3, green: 7 });
});

test('with a certificate the DNS name leads to the listener that has the rules, and a redirect is no way in', () => {
  const flags = {
    domainName: 'shop.example.com',
    hostedZone: 'Z0123456789ABCDEFGHIJ',
    certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/01234567-89ab-cdef-0123-456789abcdef',
  };
  const resources = deployed(templateOf({ ...both, trafficPlane: 'load-balancer', ...flags }));
  const listeners = resources.filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener');
  expect(listeners.map(({ properties }) => properties.Port).sort()).toEqual([443, 80]);
  const all = waysIn(resources);
  expect(all[0]?.id).toBe(all[0]?.owner);
  expect(sharesBySlot(all[0] as WayIn)).toEqual({ blue: 3, green: 7 });
  expect(all.slice(1).every(({ model }) => model.routes.length === 0)).toBe(true);
});

test.each([
  ['load-balancer', 30_000],
  ['lattice', 60_000],
  ['app-mesh', 20_000],
])('%s: a task that goes has the time of its plane', (trafficPlane, drainMs) => {
  const [wayIn] = waysIn(deployed(templateOf({ ...both, trafficPlane })));
  expect(wayIn?.model.targets.map((target) => target.drainMs)).toEqual([drainMs, drainMs]);
});

test('what cannot be mapped, or AWS would refuse, is refused in words', () => {
  const resources = deployed(templateOf({ ...both, trafficPlane: 'load-balancer' }));
  const text = JSON.stringify(resources);
  expect(() => waysIn(JSON.parse(text.replaceAll(/"Weight":\d/g, '"Weight":0')))).toThrow(/got weights with a sum of 0/);
  expect(() =>
    waysIn(JSON.parse(text.replaceAll('"stickiness.enabled","Value":"false"', '"stickiness.enabled","Value":"true"'))),
  ).toThrow(/got stickiness/);
});

test('two apps behind one gateway are one way in, and the longer prefix comes first', () => {
  const resources = deployed(templateOf({ ...both, trafficPlane: 'app-mesh' }));
  const [alone] = waysIn(resources);
  const shop = resources
    .filter(({ type }) => /^AWS::AppMesh::(Virtual(Node|Router|Service)|Route|GatewayRoute)$/.test(type))
    .map((resource) => ({
      ...resource,
      stack: 'shop',
      physicalId: `${resource.physicalId}-shop`,
      properties: renamed(resource.properties),
    }));
  const wayIn = only(waysIn([...resources, ...shop]));
  expect(wayIn.model.routes.map(({ match }) => match.prefix)).toEqual([
    ...(alone?.model.routes ?? []).map(() => '/shop'),
    ...(alone?.model.routes ?? []).map(() => '/'),
  ]);
  expect(wayIn.model.targets.map(({ name }) => name).sort()).toEqual(['sample-blue', 'sample-green', 'shop-blue', 'shop-green']);
});

// Another app with the same tasks.
function renamed(properties: object): Record<string, unknown> {
  const text = JSON.stringify(properties);
  const prefix = text.replace(/("Match":\{[^}]*"Prefix":)"\/"/, text.includes('GatewayRouteName') ? '$1"/shop"' : '$&');
  return JSON.parse(prefix.replaceAll(/("(?!Mesh|VirtualGateway)\w*Name":|"VirtualNode":)"sample/g, '$1"shop'));
}

const elb = 'AWS::ElasticLoadBalancingV2';

// What a stack of somebody else may have: one service behind a listener that sends it everything.
function plainService(type: 'application' | 'network'): readonly DeployedResource[] {
  const resource = (kind: string, properties: Record<string, unknown>): DeployedResource => ({
    type: kind,
    stack: 'own',
    logicalId: kind.replaceAll(/\W/g, ''),
    physicalId: `arn:${kind}/1`,
    properties,
  });
  const group = { TargetGroupArn: `arn:${elb}::TargetGroup/1` };
  return [
    resource(`${elb}::LoadBalancer`, { Type: type, Scheme: 'internet-facing' }),
    resource(`${elb}::TargetGroup`, { TargetType: 'ip', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1' }),
    resource(`${elb}::Listener`, {
      LoadBalancerArn: `arn:${elb}::LoadBalancer/1`,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', ...group }],
    }),
    resource('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'web', PortMappings: [{ ContainerPort: 80 }] }] }),
    resource('AWS::ECS::Service', {
      ServiceName: 'web',
      TaskDefinition: 'arn:AWS::ECS::TaskDefinition/1',
      LoadBalancers: [{ ...group, ContainerName: 'web', ContainerPort: 80 }],
    }),
  ];
}

test('what no rule takes may go to a service, and the health check is as on AWS when nothing is said', () => {
  const { model, targets } = only(waysIn(plainService('application')));
  const [target] = model.targets;
  expect(model.routes.map(({ match, targets: to }) => [match.prefix, to])).toEqual([
    ['/', [{ target: target?.name, weight: 1 }]],
  ]);
  expect(targets[target?.name ?? '']?.services).toEqual([{ service: 'arn:AWS::ECS::Service/1', port: 80 }]);
  expect(target?.healthCheck).toEqual({
    path: '/',
    intervalMs: 30_000,
    timeoutMs: 5000,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    statuses: [[200, 200]],
  });
});

test('a network load balancer in front of anything but the gateway of a mesh is refused in words', () => {
  expect(() => waysIn(plainService('network'))).toThrow(
    'service web: got a network load balancer in front of it, expected an application load balancer or VPC Lattice',
  );
});

test('services of one name in two stacks are behind the nodes of their own stacks only', () => {
  const found = ['one', 'two'].flatMap((stack) => {
    const resources = deployed(
      templateOf({ ...both, trafficPlane: 'app-mesh', appName: stack, namespaceName: `${stack}.local` }),
      stack,
    );
    // As ECS has them: the name of a service is its own, and stands at its node.
    const own = (text: string) =>
      text.replaceAll(new RegExp(`"(ServiceName|Value)":"${stack}-(blue|green)"`, 'g'), '"$1":"same-$2"');
    return resources.map((resource) => ({ ...resource, properties: JSON.parse(own(JSON.stringify(resource.properties))) }));
  });
  const names = found.filter(({ type }) => type === 'AWS::ECS::Service').map(({ properties }) => `${properties.ServiceName}`);
  expect(names.filter((name) => name.startsWith('same-')).sort()).toEqual(['same-blue', 'same-blue', 'same-green', 'same-green']);
  for (const { stack, targets } of waysIn(found)) {
    for (const { services } of Object.values(targets)) {
      expect(services.map(({ service }) => found.find(({ physicalId }) => physicalId === service)?.stack)).toEqual([stack]);
    }
  }
});

describe('the access log of a mesh', () => {
  const resources = deployed(templateOf(both));
  const changed = (type: string, change: (properties: any) => object) =>
    resources.map((resource) =>
      resource.type === type ? { ...resource, properties: { ...resource.properties, ...change(resource.properties) } } : resource,
    );
  const accessLog = (file: object) => ({ Logging: { AccessLog: { File: file } } });
  const logsOf = ({ targets, gateway }: WayIn) =>
    [...Object.values(targets), ...(gateway ? [gateway] : [])].map((each) => each.accessLog);

  test('is that of each node and of the gateway, in the log of the Envoy of its tasks', () => {
    const logGroup = expect.any(String);
    expect(logsOf(only(waysIn(resources)))).toEqual([
      { format: expect.objectContaining({ target: 'sample-blue' }), log: { logGroup, streamPrefix: 'sample-blue/envoy/' } },
      { format: expect.objectContaining({ target: 'sample-green' }), log: { logGroup, streamPrefix: 'sample-green/envoy/' } },
      { format: expect.stringContaining('%UPSTREAM_HOST%'), log: { logGroup, streamPrefix: 'gateway/envoy/' } },
    ]);
  });

  test('may be a text', () => {
    const spec = ({ Spec }: any) => ({
      Spec: { ...Spec, ...accessLog({ Path: '/dev/stderr', Format: { Text: '%DURATION%' } }) },
    });
    expect(logsOf(only(waysIn(changed('AWS::AppMesh::VirtualNode', spec)))).map((log) => log?.format)).toEqual([
      '%DURATION%',
      '%DURATION%',
      expect.any(String),
    ]);
  });

  test.each([
    {
      none: 'a file in the container',
      type: 'AWS::AppMesh::VirtualNode',
      change: ({ Spec }: any) => ({ Spec: { ...Spec, ...accessLog({ Path: '/tmp/log' }) } }),
    },
    {
      none: 'no access log',
      type: 'AWS::AppMesh::VirtualNode',
      change: ({ Spec }: any) => ({ Spec: { ...Spec, Logging: undefined } }),
    },
    {
      none: 'a container without a log',
      type: 'AWS::ECS::TaskDefinition',
      change: ({ ContainerDefinitions }: any) => ({
        ContainerDefinitions: ContainerDefinitions.map((each: object) => ({ ...each, LogConfiguration: undefined })),
      }),
    },
  ])('is none with $none', ({ type, change }) => {
    expect(logsOf(only(waysIn(changed(type, change)))).slice(0, 2)).toEqual([undefined, undefined]);
  });
});
