import { idsIn } from '../../../lib/operate/live/ids-in';
import { routeOf, slotResources } from '../../../lib/operate/live/slot-resources';
import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import { slotNames } from '../../../lib/release/slots';
import { flagsOf } from '../../../lib/settings/flags';
import { synthesize } from '../../../lib/stack/synthesize';

/** What `Ref` gives of the types that are asked for, as far as it tells one from another. */
const arns: Readonly<Record<string, string>> = {
  'AWS::ElasticLoadBalancingV2::ListenerRule': 'arn:aws:elasticloadbalancing:r:1:listener-rule/app/shop/1/2/',
  'AWS::VpcLattice::Rule': 'arn:aws:vpc-lattice:r:1:service/svc-1/listener/listener-2/rule/',
  'AWS::AppMesh::Route': 'arn:aws:appmesh:r:1:mesh/m/virtualRouter/shop/route/',
  'AWS::AppMesh::GatewayRoute': 'arn:aws:appmesh:r:1:mesh/m/virtualGateway/g/gatewayRoute/',
};

function deployed(context: Parameters<typeof synthesize>[0]) {
  const { Resources = {} } = synthesize(context).template;
  return {
    physicalIds: new Map(Object.entries(Resources).map(([id, { Type }]) => [id, `${arns[Type] ?? ''}${id}`])),
    typeOf: (physicalId: string) => Resources[physicalId.split('/').at(-1) ?? '']?.Type,
  };
}

const both = { blue: { active: true, weight: 75 }, green: { active: true, weight: 25 } };
const one = { blue: { active: false, weight: 0 }, green: { active: true, weight: 1 } };
const target = (plane: PlaneName) =>
  ({
    'app-mesh': 'AWS::AppMesh::VirtualNode',
    'load-balancer': 'AWS::ElasticLoadBalancingV2::TargetGroup',
    lattice: 'AWS::VpcLattice::TargetGroup',
  })[plane];
const route = (plane: PlaneName) =>
  ({
    'app-mesh': 'AWS::AppMesh::Route',
    'load-balancer': 'AWS::ElasticLoadBalancingV2::ListenerRule',
    lattice: 'AWS::VpcLattice::Rule',
  })[plane];

describe.each(planeNames)('the resources of a service on %s', (trafficPlane) => {
  const named = { appName: 'shop', blueName: 'green-service', greenName: 'route' };

  test('of each slot that is on, whatever its label: its ECS service and its target', () => {
    const { physicalIds, typeOf } = deployed({ trafficPlane, ...named, ...flagsOf(both) });
    const slots = slotResources({ physicalIds });
    expect(slots.map(({ name }) => name)).toEqual(slotNames);
    for (const { name, service, target: found } of slots) {
      expect([service, found].map(typeOf)).toEqual(['AWS::ECS::Service', target(trafficPlane)]);
      expect([service, found].every((id) => id.toLowerCase().startsWith(`app${name}`))).toBe(true);
    }
    expect(slotResources(deployed({ trafficPlane, ...named, ...flagsOf(one) })).map(({ name }) => name)).toEqual(['green']);
  });

  test('the route: the one that holds the weights, and not that of a preview or of the network', () => {
    const preview = trafficPlane === 'app-mesh' ? { previewHeader: 'x-preview' } : {};
    const { physicalIds, typeOf } = deployed({ trafficPlane, ...named, ...preview, ...flagsOf(both) });
    const found = routeOf({ physicalIds }) as string;
    expect(typeOf(found)).toBe(route(trafficPlane));
    expect(found).toMatch(/App(Production|Lattice)?(Rule|Route)[0-9A-F]{8}$/);
    expect(routeOf({ physicalIds: new Map([...physicalIds].filter(([, id]) => id !== found)) })).toBeUndefined();
  });
});

test('the ids in an ARN', () => {
  expect([...idsIn('arn:aws:appmesh:r:1:mesh/m/virtualRouter/r/route/a:b')]).toEqual([
    ['mesh', 'm'],
    ['virtualRouter', 'r'],
    ['route', 'a:b'],
  ]);
});
