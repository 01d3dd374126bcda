import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { canary, type ReleaseStep, release, rollback } from '../../lib/release/release';
import type { SlotName } from '../../lib/release/slots';
import { flagsOf } from '../../lib/settings/flags';
import { synthesize } from '../../lib/stack/synthesize';
import { type Context, freshContext, templateOf } from '../app-template';

const slotResources: Readonly<Record<PlaneName, readonly string[]>> = {
  'app-mesh': [
    'AWS::AppMesh::Route',
    'AWS::AppMesh::VirtualNode',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::ECS::Service',
    'AWS::ECS::TaskDefinition',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
  ],
  'load-balancer': [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::ECS::Service',
    'AWS::ECS::TaskDefinition',
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    'AWS::IAM::Role',
  ],
  lattice: [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
    'AWS::ECS::Service',
    'AWS::ECS::TaskDefinition',
    'AWS::IAM::Role',
    'AWS::IAM::Role',
    'AWS::VpcLattice::Rule',
    'AWS::VpcLattice::TargetGroup',
  ],
};

const guard = 'App/Guard Custom::ReleaseGuard';

const route: Readonly<Record<PlaneName, string>> = {
  'app-mesh': 'App/Route AWS::AppMesh::Route',
  'load-balancer': 'App/ProductionRule AWS::ElasticLoadBalancingV2::ListenerRule',
  lattice: 'App/LatticeRule AWS::VpcLattice::Rule',
};

/** What a deploy touches, by construct path and type, or by type alone below a slot. */
function touched(trafficPlane: PlaneName, from: ReleaseStep, to: ReleaseStep, flags: Context = {}, newFlags = flags) {
  const template = ({ state }: ReleaseStep, more: Context) =>
    templateOf({ ...flagsOf(state), trafficPlane, previewHeader: 'x-slot', 'aws:cdk:enable-path-metadata': true, ...more });
  const [before, after] = [template(from, flags), template(to, newFlags)];
  const result = {
    added: [] as string[],
    removed: [] as string[],
    changed: [] as string[],
    replaced: [] as string[],
    slots: new Set<SlotName>(),
  };
  fullDiff(before, after).resources.forEachDifference((id, change) => {
    const resource = (change.newValue ?? change.oldValue) as any;
    const path: string = resource.Metadata['aws:cdk:path'];
    const name = `${path.replace(/^sample-blue-green\//, '').replace(/\/Resource$/, '')} ${resource.Type}`;
    const slot = /^sample-blue-green\/App\/(Blue|Green)\//.exec(path)?.[1]?.toLowerCase() as SlotName | undefined;
    if (slot) {
      result.slots.add(slot);
    }
    if (change.isAddition) {
      result.added.push(slot ? resource.Type : name);
    } else if (change.isRemoval) {
      result.removed.push(slot ? resource.Type : name);
    } else {
      result.changed.push(slot ? `${id} ${resource.Type}` : name);
      if ([ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE].includes(change.changeImpact)) {
        result.replaced.push(`${id}: ${change.changeImpact}`);
      }
    }
  });
  return {
    ...result,
    added: result.added.sort(),
    removed: result.removed.sort(),
    changed: result.changed.sort(),
    slots: [...result.slots],
  };
}

const nothing = { added: [], removed: [], changed: [], replaced: [], slots: [] };

/** What a deploy may touch, from nothing but the flags: the one statement of the rule. */
function expected(trafficPlane: PlaneName, from: ReleaseStep, to: ReleaseStep) {
  const [before, after] = [from.state, to.state];
  const joins = (['blue', 'green'] as const).filter((slot) => !before[slot].active && after[slot].active);
  const leaves = (['blue', 'green'] as const).filter((slot) => before[slot].active && !after[slot].active);
  return {
    ...nothing,
    added: joins.length > 0 ? slotResources[trafficPlane] : [],
    removed: leaves.length > 0 ? slotResources[trafficPlane] : [],
    changed: [guard, route[trafficPlane]].sort(),
    slots: [...joins, ...leaves],
  };
}

const ways: readonly [string, readonly ReleaseStep[]][] = [
  ['the release', release()],
  ['the release back', [...release()].reverse()],
  ['the next release, from green to blue', release({ from: 'green', to: 'blue' })],
  ['a canary', canary([1, 25])],
  ['a canary that is broken off', [canary([1, 25])[3] as ReleaseStep, ...rollback(canary([1, 25]), 3)]],
];

const steps = planeNames.flatMap((plane) =>
  ways.flatMap(([way, list]) =>
    list.slice(1).map((step, index) => [plane, way, step.name, list[index] as ReleaseStep, step] as const),
  ),
);

test.each(steps)('on %s, %s, step %s touches what it must and replaces nothing', (plane, _way, _name, from, to) => {
  expect(touched(plane, from, to)).toEqual(expected(plane, from, to));
});

// All that is shared is ready for both from the beginning: ports, and the right to pull images.
const otherVersion: Context = {
  greenImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/next:1',
  greenAppPort: 3000,
  greenHealthcheckPath: '/ready',
  greenAppEnvironment: 'A=1',
  greenAppMemory: 128,
  greenTaskCpu: 1024,
  greenTaskMemory: 2048,
  greenPlatformVersion: 'LATEST',
  blueEnvoyImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/envoy:1',
  greenXrayImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/xray:1',
};
const releaseSteps = planeNames.flatMap((plane) =>
  release()
    .slice(1)
    .map((step, index) => [plane, step.name, release()[index] as ReleaseStep, step] as const),
);

test.each(releaseSteps)(
  'on %s, step %s of a release of another version in all respects touches no more',
  (plane, _, from, to) => {
    expect(touched(plane, from, to, otherVersion)).toEqual(expected(plane, from, to));
  },
);

const domain: Context = {
  domainName: 'shop.example.com',
  hostedZone: 'Z0123456789ABCDEFGHIJ',
  pathPrefix: '/shop',
  accessLogBucket: 'access-logs',
};

test.each(releaseSteps.filter(([plane]) => plane !== 'app-mesh'))(
  'on %s, step %s of a service with a domain name touches no more',
  (plane, _, from, to) => {
    expect(touched(plane, from, to, domain)).toEqual(expected(plane, from, to));
  },
);

test('in a listener that is there already, a release step touches the route, the guard and the slot that joins or leaves', () => {
  const shared: Context = {
    ...freshContext,
    trafficPlane: 'load-balancer',
    vpcId: 'vpc-0123456789abcdef0',
    listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/0123456789abcdef/0123456789abcdef',
    domainName: 'shop.example.com',
  };
  const templates = release().map(({ state }) => synthesize({ ...shared, ...flagsOf(state) }).template);
  const changes = templates.slice(1).map((template, index) => {
    const ids: string[] = [];
    fullDiff(templates[index] ?? {}, template).resources.forEachDifference((id) =>
      ids.push(id.replace(/^App(Blue|Green).*/, '$1').replace(/[0-9A-F]{8}$/, '')),
    );
    return [...new Set(ids)].sort();
  });
  const weights = ['AppGuard', 'AppProductionRule'];
  expect(changes).toEqual([[...weights, 'Green'], weights, weights, [...weights, 'Blue']]);
});

test.each(planeNames)('on %s, what green has of its own can be said of the app once blue is off: nothing changes', (plane) => {
  const last = release().at(-1) as ReleaseStep;
  const version = { AppEnvironment: 'A=1', AppMemory: 128, HealthcheckPath: '/ready', TaskCpu: 1024, TaskMemory: 2048 };
  const of = (nameOf: (key: string) => string) =>
    Object.fromEntries(Object.entries(version).map(([key, value]) => [nameOf(key), value]));
  const ofGreen = of((key) => `green${key}`);
  const ofApp = of((key) => `${key.charAt(0).toLowerCase()}${key.slice(1)}`);
  expect(touched(plane, last, last, ofGreen, ofApp)).toEqual(nothing);
  expect(touched(plane, last, last, {}, ofApp)).not.toEqual(nothing);
});

test.each(planeNames)('on %s, the same flags make the same template', (plane) => {
  const [first] = release();
  expect(touched(plane, first as ReleaseStep, first as ReleaseStep)).toEqual(nothing);
});

test.each(planeNames)('on %s, a weight change touches the route, and the guard that let it through', (plane) => {
  const changes = release()
    .slice(2, 4)
    .map((step, index) => touched(plane, release()[index + 1] as ReleaseStep, step).changed);
  expect(changes).toEqual([[guard, route[plane]].sort(), [guard, route[plane]].sort()]);
});

test.each(planeNames)(
  'on %s, a new image in the idle slot touches its task definition alone, and the guard that let it through',
  (trafficPlane) => {
    const state = flagsOf((release()[1] as ReleaseStep).state);
    const before = templateOf({ ...state, trafficPlane });
    const after = templateOf({ ...state, trafficPlane, greenImage: 'example/shop:1.5.0' });
    const changed: string[] = [];
    fullDiff(before, after).resources.forEachDifference((id) => changed.push(id.replace(/[0-9A-F]{8}$/, '')));
    expect(changed.sort()).toEqual(['AppGreenTaskDefinition', 'AppGuard']);
  },
);
