import { readTraffic } from '../../../lib/local/routes/read-traffic';
import { productionRoute, type TrafficModel, weightsOf } from '../../../lib/local/routes/traffic-model';
import { Template } from '../../../lib/local/template/template';
import { planeNames } from '../../../lib/release/plane-limits';
import { synthesize } from '../../../lib/stack/synthesize';
import { freshContext, type TemplateJson, templateOf } from '../../app-template';

const both = { blueActive: true, greenActive: true };
const read = (template: unknown): TrafficModel => readTraffic(new Template(template as TemplateJson));

describe.each(planeNames)('on %s', (trafficPlane) => {
  test.each([
    { blueWeight: 1, greenWeight: 0 },
    { blueWeight: 0, greenWeight: 1 },
    { blueWeight: 99, greenWeight: 1 },
    { blueWeight: 3, greenWeight: 7 },
  ])('reads $blueWeight and $greenWeight as they stand in the template', ({ blueWeight, greenWeight }) => {
    const model = read(templateOf({ ...both, trafficPlane, blueWeight, greenWeight }));
    expect(model.plane).toBe(trafficPlane);
    expect(weightsOf(model)).toEqual({ blue: blueWeight, green: greenWeight });
  });

  test('reads the health check', () => {
    const numbers = {
      healthcheckInterval: 7,
      healthcheckTimeout: 3,
      healthcheckHealthyThreshold: 4,
      healthcheckUnhealthyThreshold: 6,
    };
    const model = read(templateOf({ ...both, trafficPlane, healthcheckPath: '/alive', appPort: 8088, ...numbers }));
    for (const target of model.targets) {
      expect(target).toMatchObject({
        port: 8088,
        healthCheck: {
          path: '/alive',
          intervalMs: 7000,
          timeoutMs: 3000,
          healthyThreshold: 4,
          unhealthyThreshold: 6,
          statuses: [[200, 200]],
        },
      });
    }
  });

  test('says that tasks are not scaled, where they are', () => {
    const of = (flags: object) => read(templateOf({ ...both, trafficPlane, ...flags })).notShown;
    const scaled = of({ greenMaxTasks: 10, scaleAtCpu: 60 });
    expect(scaled.filter((sentence) => sentence.includes('follows the load'))).toHaveLength(1);
    expect(scaled.slice(0, -1)).toEqual(of({}));
  });

  test('reads the port and the health check of each slot', () => {
    const model = read(templateOf({ ...both, trafficPlane, greenHealthcheckPath: '/alive', greenAppPort: 8088 }));
    expect(model.targets.map(({ slot, port, healthCheck }) => [slot, port, healthCheck?.path])).toEqual([
      ['blue', 8080, '/health'],
      ['green', 8088, '/alive'],
    ]);
  });

  test('reads the preview routes, which come before the one with the weights', () => {
    const { routes } = read(templateOf({ ...both, trafficPlane, previewHeader: 'x-try', previewToken: 'k3PzQ8vT2m' }));
    expect(routes.map(({ production }) => production)).toEqual([false, false, true]);
    expect(routes.map(({ match }) => match.headers.map(({ name, value }) => `${name}=${value}`))).toEqual([
      ['x-try=blue-k3PzQ8vT2m'],
      ['x-try=green-k3PzQ8vT2m'],
      [],
    ]);
  });

  test('without a token of its own, a preview route has one that it can read', () => {
    const { routes } = read(templateOf({ ...both, trafficPlane, previewHeader: 'x-try' }));
    const values = routes.flatMap(({ match }) => match.headers.map(({ value }) => value));
    expect(values).toEqual([expect.stringMatching(/^blue-[0-9a-f-]{36}$/), expect.stringMatching(/^green-[0-9a-f-]{36}$/)]);
  });

  // Every object in every resource of the plane gets a property more; each must be noticed.
  test('stops at every property that it does not know', () => {
    const template = templateOf({ ...both, trafficPlane, previewHeader: 'x-try' });
    const places = objectsOf(template).filter(({ type }) => readTypes[trafficPlane].test(type));
    expect(places.length).toBeGreaterThan(30);
    const unnoticed = places.filter(({ path }) => {
      const changed = structuredClone(template);
      (at(changed, path) as Record<string, unknown>).Surprise = 1;
      try {
        read(changed);
        return true;
      } catch (error) {
        return !(error as Error).message.includes('Surprise');
      }
    });
    expect(unnoticed).toEqual([]);
  });

  test('stops at a resource that it does not know', () => {
    const template = structuredClone(templateOf({ ...both, trafficPlane })) as { Resources: Record<string, unknown> };
    const type = Object.values(template.Resources)
      .map((resource) => (resource as { Type: string }).Type)
      .find((each) => readTypes[trafficPlane].test(each));
    const service = type?.split('::').slice(0, 2).join('::');
    template.Resources.Odd = { Type: `${service}::Odd`, Properties: {} };
    expect(() => read(template)).toThrow(`${service}::Odd Odd: got a resource that the rehearsal cannot map`);
  });

  test('stops at weights that AWS would refuse', () => {
    const template = templateOf({ ...both, trafficPlane });
    expect(() => read(JSON.parse(JSON.stringify(template).replaceAll(/"Weight":1\b/g, '"Weight":0')))).toThrow(
      /got weights with a sum of 0/,
    );
    expect(() => read(JSON.parse(JSON.stringify(template).replaceAll(/"Weight":1\b/g, '"Weight":1000')))).toThrow(
      /got weight 1000 for/,
    );
  });

  test('stops where a weight is missing, which AWS would take for another one', () => {
    const text = JSON.stringify(templateOf({ ...both, trafficPlane })).replaceAll(/,"Weight":0/g, '');
    expect(() => read(JSON.parse(text))).toThrow(/Weight: got nothing, expected a value/);
  });
});

test('an App Mesh route without time-out and retry policy gets what App Mesh would give it', () => {
  const template = structuredClone(templateOf(both)) as any;
  const route = Object.values<any>(template.Resources).find(({ Type }) => Type === 'AWS::AppMesh::Route');
  delete route.Properties.Spec.HttpRoute.Timeout;
  delete route.Properties.Spec.HttpRoute.RetryPolicy;
  expect(productionRoute(read(template))).toMatchObject({
    timeoutMs: 15_000,
    retry: { retries: 2, statusCodes: [503], hostSelectionAttempts: 5 },
  });
});

test('an App Mesh route has the retries and time-outs of the template', () => {
  expect(productionRoute(read(templateOf(both)))).toMatchObject({
    timeoutMs: 45_000,
    retry: {
      on: ['retriable-status-codes', 'reset', 'refused-stream', 'connect-failure'],
      statusCodes: [502, 503, 504],
      retries: 2,
      perTryTimeoutMs: 15_000,
    },
    rewrite: { prefix: undefined, host: 'sample.svc.local' },
  });
});

test('the other planes send nothing twice', () => {
  for (const trafficPlane of ['load-balancer', 'lattice']) {
    expect(productionRoute(read(templateOf({ ...both, trafficPlane }))).retry).toBeUndefined();
  }
});

test.each(planeNames)('an internal way in, or none, on %s is read too', (trafficPlane) => {
  for (const ingress of trafficPlane === 'load-balancer'
    ? ['public', 'internal']
    : trafficPlane === 'app-mesh'
      ? ['internal', 'none']
      : ['none']) {
    expect(weightsOf(read(templateOf({ trafficPlane, ingress })))).toEqual({ blue: 1 });
  }
});

const shop = { domainName: 'shop.example.com', hostedZone: 'Z0123456789ABCDEFGHIJ' };
const listenerArn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/shared/0123456789abcdef/0123456789abcdef';
const shared = { trafficPlane: 'load-balancer', vpcId: 'vpc-0123456789abcdef0', listenerArn };

test.each([
  ['load-balancer', shop.domainName],
  ['lattice', undefined],
])('on %s, a domain name is what callers ask for, and what the rules say', (trafficPlane, inRules) => {
  const model = read(templateOf({ ...both, trafficPlane, ...shop }));
  expect(model.host).toBe('shop.example.com');
  expect(model.routes.map(({ match }) => match.host)).toEqual([inRules, inRules, inRules]);
});

test('a host with a wildcard is refused', () => {
  const text = JSON.stringify(templateOf({ ...both, trafficPlane: 'load-balancer', ...shop }));
  expect(() => read(JSON.parse(text.replaceAll('["shop.example.com"]', '["*.example.com"]')))).toThrow(
    /HostHeaderConfig.Values: got 1 or with a wildcard, expected one plain value/,
  );
});

test('rules in a listener that is there already are read without it', () => {
  const { template } = synthesize({ ...freshContext, ...both, greenWeight: 3, ...shared, pathPrefix: '/shop' });
  const model = read(template);
  expect(model).toMatchObject({ entry: 'a shared listener', unmatchedStatus: 404, host: undefined });
  expect(weightsOf(model)).toEqual({ blue: 1, green: 3 });
  expect(productionRoute(model).match).toMatchObject({ prefix: '/shop', wholeSegments: true });
});

test('a bucket of access logs that only a deploy knows is no matter', () => {
  const flags = { trafficPlane: 'load-balancer', accessLogBucket: 'access-logs' };
  const text = JSON.stringify(templateOf({ ...both, ...flags })).replaceAll('"access-logs"', '{"Ref":"Bucket"}');
  expect(weightsOf(read(JSON.parse(text)))).toEqual({ blue: 1, green: 0 });
});

test('a name that only a deploy knows is refused', () => {
  const template = structuredClone(templateOf(both)) as any;
  for (const resource of Object.values<any>(template.Resources)) {
    if (resource.Type === 'AWS::AppMesh::VirtualService') {
      resource.Properties.VirtualServiceName = { 'Fn::ImportValue': 'elsewhere' };
    }
  }
  expect(() => read(template)).toThrow(
    /VirtualServiceName: got {"Fn::ImportValue":"elsewhere"}, expected a text or the name of a resource/,
  );
});

test('a template without any route is refused', () => {
  expect(() => read({ Resources: {} })).toThrow(/^template: got no resource in which weights stand/);
});

// What the readers read in full; of other types they need to know only that they are there.
const readTypes = {
  'app-mesh': /^AWS::AppMesh::/,
  'load-balancer': /^AWS::ElasticLoadBalancingV2::/,
  lattice: /^AWS::VpcLattice::(Service|Listener|Rule|TargetGroup)$/,
};

// Left aside on purpose: what is in them has no effect on requests.
const withoutEffect = /Logging|EgressFilter|Tags|Subnets|SecurityGroups|AuthPolicy|SourceIpConfig|Fn::GetAtt|Ref/;

function objectsOf(template: TemplateJson): { type: string; path: (string | number)[] }[] {
  const found: { type: string; path: (string | number)[] }[] = [];
  const walk = (value: unknown, type: string, path: (string | number)[]) => {
    if (typeof value !== 'object' || value === null || path.some((part) => withoutEffect.test(`${part}`))) {
      return;
    }
    const reference = Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
    if (!Array.isArray(value) && !reference) {
      found.push({ type, path });
    }
    for (const [key, child] of Object.entries(value)) {
      walk(child, type, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    walk(Properties, Type, ['Resources', id, 'Properties']);
  }
  return found;
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((each, part) => (each as Record<string | number, unknown>)[part], value);
}
