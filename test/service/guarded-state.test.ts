import {
  App,
  CfnParameter,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  Stack,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { Annotations } from 'aws-cdk-lib/assertions';
import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { unsafeChanges } from '../../lib/release/transition';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../../lib/service/blue-green-service-props';
import { NamedImage } from '../../lib/service/named-image';
import { NamedSecret } from '../../lib/service/named-secret';
import { LatticePlane } from '../../lib/traffic/lattice-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { resourcesOf, type TemplateJson, templateOf } from '../app-template';

const guardType = 'Custom::ReleaseGuard';
const image = new NamedImage('example/shop:1');

function stackWith(make: (stack: Stack, cluster: ecs.ICluster, plane: LoadBalancerPlane) => void): {
  readonly stack: Stack;
  readonly template: TemplateJson;
} {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  make(stack, cluster, new LoadBalancerPlane(stack, 'Plane', { vpc: cluster.vpc, internetFacing: true }));
  return { stack, template: (stack.node.root as App).synth().getStackByName('Stack').template };
}

const shop = (slot: Partial<BlueGreenSlotProps> = {}, props: Partial<BlueGreenServiceProps> = {}) =>
  stackWith(
    (stack, cluster, trafficPlane) =>
      new BlueGreenService(stack, 'Shop', {
        cluster,
        trafficPlane,
        serviceName: 'shop',
        slots: { blue: { weight: 1, image, ...slot }, green: { active: false, weight: 0, image } },
        ...props,
      }),
  );

const guards = (template: TemplateJson) => resourcesOf(template, guardType).map(([, { Properties }]) => Properties);
const stateOf = (template: TemplateJson) => guards(template)[0].State;

// A setting that is new here, or gone, makes every live service look changed: raise `shape` in lib/service/guarded-state.ts with it.
const settings: Readonly<Record<PlaneName, { readonly wayIn: string; readonly slot: string }>> = {
  'app-mesh': {
    wayIn:
      'assignPublicIp cluster gatewayCluster gatewayOnCapacityProviders loadBalancer mesh namespace network pathPrefix plane routerPort scheme serviceName',
    slot:
      'appMemoryLimitMiB capacityProviderStrategies command cpu cpuArchitecture desiredCount environment envoyCpu envoyImage envoyMemoryReservationMiB healthCheckCommand healthCheckPath image label ' +
      'memoryLimitMiB platformVersion port readonlyRootFilesystem secrets stopTimeout weight xrayCpu xrayImage xrayMemoryReservationMiB',
  },
  'load-balancer': {
    wayIn: 'assignPublicIp cluster listener loadBalancer network pathPrefix plane scheme serviceName',
    slot:
      'capacityProviderStrategies command cpu cpuArchitecture desiredCount environment healthCheckCommand healthCheckPath image label memoryLimitMiB platformVersion port ' +
      'readonlyRootFilesystem secrets stopTimeout weight',
  },
  lattice: {
    wayIn: 'assignPublicIp authType cluster network pathPrefix plane protocol scheme serviceName serviceNetwork source',
    slot:
      'capacityProviderStrategies command cpu cpuArchitecture desiredCount environment healthCheckCommand healthCheckPath image label memoryLimitMiB platformVersion port ' +
      'readonlyRootFilesystem secrets stopTimeout weight',
  },
};

test.each(planeNames)('shape 3 on %s is these settings', (trafficPlane) => {
  const { shape, wayIn, slots } = stateOf(templateOf({ trafficPlane }));
  const names = (of: object) => Object.keys(of).sort().join(' ');
  expect({ shape, wayIn: names(wayIn), slot: names(slots.blue) }).toEqual({ shape: 3, ...settings[trafficPlane] });
});

test('the active slots are written down, with what they run', () => {
  const { template } = shop({
    port: 3000,
    environment: { B: '2', A: '1' },
    version: '7',
    platformVersion: ecs.FargatePlatformVersion.LATEST,
  });
  expect(stateOf(template).slots).toEqual({
    blue: {
      weight: 1,
      desiredCount: 1,
      label: 'blue',
      image: 'example/shop:1',
      version: '7',
      port: 3000,
      healthCheckPath: '/health',
      cpu: 256,
      memoryLimitMiB: 512,
      environment: ['A=1', 'B=2'],
      secrets: [],
      readonlyRootFilesystem: false,
      stopTimeout: 30,
      cpuArchitecture: 'X86_64',
      platformVersion: 'LATEST',
    },
  });
});

test('a memory limit for the app is another version, where there was none before', () => {
  const [before, after] = [stateOf(shop().template), stateOf(shop({ appMemoryLimitMiB: 300 }).template)];
  expect(unsafeChanges(before, after)).toMatchObject([{ slot: 'blue', setting: 'appMemoryLimitMiB', got: '300' }]);
  expect(unsafeChanges(after, before)).toMatchObject([{ slot: 'blue', setting: 'appMemoryLimitMiB', expected: '300' }]);
});

test('another place of a secret is another version, and its value is nobody’s business', () => {
  const [before, after, none] = ['shop/db', 'shop/db:password', undefined].map((place) =>
    stateOf(shop({ secrets: place === undefined ? {} : { DB: new NamedSecret(place) } }).template),
  );
  const DB = { slot: 'blue', setting: 'secrets.DB' };
  expect(unsafeChanges(before, after)).toMatchObject([{ ...DB, expected: 'shop/db', got: 'shop/db:password' }]);
  expect(unsafeChanges(before, none)).toMatchObject([{ ...DB, got: undefined }]);
  expect(unsafeChanges(none, before)).toMatchObject([{ ...DB, expected: undefined }]);
});

test('a secret of the same stack counts by its name in the template', () => {
  const { template } = stackWith((stack, cluster, trafficPlane) => {
    const secret = new secretsmanager.Secret(stack, 'Password');
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane,
      serviceName: 'shop',
      secrets: { PASSWORD: ecs.Secret.fromSecretsManager(secret, 'word') },
      slots: { blue: { weight: 1, image }, green: { active: false, weight: 0, image } },
    });
  });
  expect(stateOf(template).slots.blue.secrets).toEqual([expect.stringMatching(/^PASSWORD=<Password\w+>:word::$/)]);
});

test.each<[string, Partial<BlueGreenSlotProps>, string]>([
  ['user', { user: 'app' }, 'app'],
  ['readonlyRootFilesystem', { readonlyRootFilesystem: true }, 'true'],
  ['stopTimeout', { stopTimeout: Duration.minutes(1) }, '60'],
  ['cpuArchitecture', { cpuArchitecture: ecs.CpuArchitecture.ARM64 }, 'ARM64'],
])('another %s is another version', (setting, slot, got) => {
  expect(unsafeChanges(stateOf(shop().template), stateOf(shop(slot).template))).toMatchObject([{ slot: 'blue', setting, got }]);
});

test.each<[string, ecs.CapacityProviderStrategy[] | undefined, string | undefined]>([
  ['the launch type', undefined, undefined],
  ['one provider', [{ capacityProvider: 'FARGATE', weight: 1 }], 'FARGATE 1'],
  [
    'two, one of them with a base and without a weight',
    [
      { capacityProvider: 'FARGATE', base: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 40 },
    ],
    'FARGATE 0 base 1, FARGATE_SPOT 40',
  ],
])('what the tasks run on is written down in one text: %s', (_, capacityProviderStrategies, text) => {
  expect(stateOf(shop({ capacityProviderStrategies }).template).slots.blue.capacityProviderStrategies).toBe(text);
});

test('a weight of a provider that only the deploy knows is seen with its value', () => {
  const { template } = stackWith((stack, cluster, trafficPlane) => {
    const weight = new CfnParameter(stack, 'Weight', { type: 'Number' }).valueAsNumber;
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane,
      serviceName: 'shop',
      slots: {
        blue: { weight: 1, image, capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight }] },
        green: { active: false, weight: 0, image },
      },
    });
  });
  expect(stateOf(template).slots.blue.capacityProviderStrategies).toEqual({
    'Fn::Join': ['', ['FARGATE_SPOT ', { Ref: 'Weight' }]],
  });
});

test('what the tasks run on is a version of the slot: other capacity, and capacity providers instead of the launch type', () => {
  const onSpot = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
  const onDemand = [{ capacityProvider: 'FARGATE', weight: 1 }];
  const [none, before, after] = [undefined, onDemand, onSpot].map((capacityProviderStrategies) =>
    stateOf(shop({ capacityProviderStrategies }).template),
  );
  const capacity = { kind: 'changes', slot: 'blue', setting: 'capacityProviderStrategies' };
  expect(unsafeChanges(before, after)).toMatchObject([{ ...capacity, got: 'FARGATE_SPOT 1', expected: 'FARGATE 1' }]);
  expect(unsafeChanges(none, before)).toMatchObject([{ ...capacity, got: 'FARGATE 1', expected: undefined }]);
  expect(unsafeChanges(before, none)).toMatchObject([{ ...capacity, got: undefined, expected: 'FARGATE 1' }]);
});

test('how many tasks there are sure to be, and how many there may be, is written down', () => {
  const counts = (slot: Partial<BlueGreenSlotProps>, props: Partial<BlueGreenServiceProps> = {}) => {
    const { desiredCount, minCapacity, maxCapacity } = stateOf(shop(slot, props).template).slots.blue;
    return [desiredCount, minCapacity, maxCapacity];
  };
  const scaling = { maxCapacity: 9, targetCpuUtilizationPercent: 60 };
  expect(counts({}, { desiredCount: 4 })).toEqual([4, undefined, undefined]);
  expect(counts({}, { desiredCount: 4, scaling })).toEqual([undefined, 1, 9]);
  expect(counts({ scaling: { ...scaling, minCapacity: 3 } }, { scaling })).toEqual([undefined, 3, 9]);
});

test('a number of tasks makes no version', () => {
  const scaling = { minCapacity: 3, maxCapacity: 9, targetCpuUtilizationPercent: 60 };
  const [fixed, more, scaled] = [{}, { desiredCount: 9 }, { scaling }].map((props) => stateOf(shop({}, props).template));
  expect(unsafeChanges(fixed, more)).toEqual([]);
  expect(unsafeChanges(fixed, scaled)).toEqual([]);
  expect(unsafeChanges(scaled, more)).toEqual([]);
  expect(unsafeChanges(scaled, fixed)).toMatchObject([{ kind: 'shrinks', slot: 'blue', expected: '9' }]);
});

test('words of a command are told from each other', () => {
  const [before, after] = [
    ['say', 'a b'],
    ['say', 'a', 'b'],
  ].map((command) => stateOf(shop({ command }).template));
  expect(unsafeChanges(before, after)).toMatchObject([{ setting: 'command', expected: '["say","a b"]', got: 'say a b' }]);
});

test('a version that is said by hand is another version', () => {
  const [before, after] = [stateOf(shop({ version: '1' }).template), stateOf(shop({ version: '2' }).template)];
  expect(unsafeChanges(before, after)).toMatchObject([{ slot: 'blue', setting: 'version', got: '2', expected: '1' }]);
  expect(unsafeChanges(stateOf(shop().template), before)).toMatchObject([{ setting: 'version', got: '1' }]);
});

test('an image by a parameter of the template is seen with its value', () => {
  const { template } = stackWith((stack, cluster, trafficPlane) => {
    const tag = new CfnParameter(stack, 'Tag').valueAsString;
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane,
      serviceName: 'shop',
      slots: {
        blue: { weight: 1, image: ecs.ContainerImage.fromRegistry(`example/shop:${tag}`) },
        green: { active: false, weight: 0, image },
      },
    });
  });
  expect(stateOf(template).slots.blue.image).toEqual({ 'Fn::Join': ['', ['example/shop:', { Ref: 'Tag' }]] });
});

test('several services have a guard each, and one function', () => {
  const { template } = stackWith((stack, cluster, trafficPlane) => {
    for (const serviceName of ['shop', 'cart']) {
      new BlueGreenService(stack, serviceName, {
        cluster,
        trafficPlane,
        serviceName,
        pathPrefix: `/${serviceName}`,
        slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
      });
    }
  });
  expect(guards(template).map(({ Service }) => Service)).toEqual(['shop', 'cart']);
  expect(new Set(guards(template).map(({ ServiceToken }) => JSON.stringify(ServiceToken))).size).toBe(1);
  expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(1);
  // The listener is of both: it waits for both.
  const [[, listener] = []] = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener');
  expect(listener?.DependsOn).toEqual(
    resourcesOf(template, guardType)
      .map(([id]) => id)
      .sort(),
  );
});

test('a plane in another stack does not wait for the guard', () => {
  const app = new App();
  const shared = new Stack(app, 'Shared');
  const vpc = new ec2.Vpc(shared, 'Vpc');
  const cluster = new ecs.Cluster(shared, 'Cluster', { vpc });
  const trafficPlane = new LatticePlane(shared, 'Plane', { vpc });
  new BlueGreenService(new Stack(app, 'Own'), 'Shop', {
    cluster,
    trafficPlane,
    serviceName: 'shop',
    slots: { blue: { weight: 1, image }, green: { weight: 1, image } },
  });
  const assembly = app.synth();
  expect(resourcesOf(assembly.getStackByName('Shared').template, guardType)).toEqual([]);
  expect(resourcesOf(assembly.getStackByName('Own').template, guardType)).toHaveLength(1);
});

test('without the guard there is no function, and a notice says what is given up', () => {
  const { stack, template } = shop({}, { guard: false });
  expect(guards(template)).toEqual([]);
  expect(resourcesOf(template, 'AWS::Lambda::Function')).toEqual([]);
  Annotations.fromStack(stack).hasInfo(
    '/Stack/Shop',
    'guard: got false, so nothing refuses a deploy that takes a slot with requests away, or changes it',
  );
});

test.each(['', 'why', 'two\nlines', ' space', 'x'.repeat(201)])('refuses the reason %j', (allowUnsafe) => {
  expect(() => shop({}, { allowUnsafe })).toThrow(/allowUnsafe: got .*, expected a reason of 5 to 200 characters in one line/);
});

test('a reason is a property of the guard', () => {
  expect(guards(shop({}, { allowUnsafe: 'blue answers 500' }).template)[0].AllowUnsafe).toBe('blue answers 500');
});

test('words that only the deploy knows are written down as far as they are known', () => {
  const { template } = stackWith((stack, cluster, trafficPlane) => {
    const words = new CfnParameter(stack, 'Words', { type: 'CommaDelimitedList' });
    const check = new CfnParameter(stack, 'Check');
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane,
      serviceName: 'shop',
      command: words.valueAsList,
      healthCheckCommand: ['CMD-SHELL', `check ${check.valueAsString}`],
      slots: { blue: { weight: 1, image }, green: { active: false, weight: 0, image } },
    });
  });
  const { blue } = stateOf(template).slots;
  expect(blue.command).toEqual(expect.objectContaining({ 'Fn::Join': [' ', { Ref: 'Words' }] }));
  expect(JSON.stringify(blue.healthCheckCommand)).toContain('{"Ref":"Check"}');
});
