import { planeNames } from '../../lib/release/plane-limits';
import { demoCommand, demoHealthCheckCommand, demoImages } from '../../lib/settings/demo';
import { readSettings } from '../../lib/settings/read-settings';
import { type Context, freshContext } from '../fresh-context';
import { problemsOf, state } from './context';

const both = { blueActive: true, greenActive: true };

test('the state of the slots alone is enough: every other key has a default', () => {
  expect(readSettings(state)).toEqual(readSettings(freshContext));
});

const demo = { appCommand: demoCommand(), appHealthCheckCommand: demoHealthCheckCommand };
const defaultVersion = {
  appPort: 8080,
  appMemory: 256,
  healthcheckPath: '/health',
  appEnvironment: {},
  appCommand: undefined,
  appHealthCheckCommand: undefined,
  appSecrets: {},
  appUser: undefined,
  appReadonlyRootFilesystem: false,
  appStopTimeout: 30,
  spotPercent: 0,
  cpuArchitecture: 'X86_64',
  platformVersion: '1.4.0',
  taskCpu: 512,
  taskMemory: 1024,
  envoyImage: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod',
  envoyCpu: 32,
  envoyMemoryReservation: 256,
  xrayImage: 'public.ecr.aws/xray/aws-xray-daemon:3.6.6',
  xrayCpu: 32,
  xrayMemoryReservation: 256,
};

const noScaling = { maxTasks: undefined, minTasks: undefined, scaleAtCpu: undefined, scaleAtRequests: undefined };

test('the defaults', () => {
  expect(readSettings(state)).toEqual({
    ...defaultVersion,
    ...noScaling,
    slots: {
      blue: { ...defaultVersion, ...noScaling, ...demo, active: true, weight: 1, image: demoImages.blue, name: 'blue' },
      green: { ...defaultVersion, ...noScaling, ...demo, active: false, weight: 0, image: demoImages.green, name: 'green' },
    },
    stage: undefined,
    trafficPlane: 'app-mesh',
    appName: 'sample',
    healthcheckGracePeriod: 60,
    healthcheckInterval: 5,
    healthcheckTimeout: 2,
    healthcheckHealthyThreshold: 2,
    healthcheckUnhealthyThreshold: 2,
    previewHeader: undefined,
    previewCidrs: undefined,
    previewToken: undefined,
    previewPrincipals: undefined,
    ingressCidrs: undefined,
    idleTimeout: 60,
    deregistrationDelay: 30,
    exec: false,
    desiredCount: 1,
    maximumPercent: undefined,
    namespaceName: 'svc.local',
    ingress: 'public',
    accessLogBucket: undefined,
    accessLogPrefix: undefined,
    domainName: undefined,
    hostedZone: undefined,
    certificateArn: undefined,
    listenerArn: undefined,
    pathPrefix: '/',
    rulePosition: undefined,
    latticeAuthType: 'NONE',
    latticeProtocol: 'HTTPS',
    serviceNetworkId: undefined,
    latticePrefixListId: undefined,
    vpcId: undefined,
    clusterName: undefined,
    assignPublicIp: true,
    logRetentionDays: 30,
    dashboard: true,
    alarms: true,
    alarmTopicArn: undefined,
    guard: true,
    allowUnsafe: undefined,
    protect: false,
    stagedKeys: [],
    notices: [],
  });
});

test.each([
  ['load-balancer', { appMemory: undefined, taskCpu: 256, taskMemory: 512, previewHeader: 'x-slot', ingress: 'public' }],
  ['lattice', { appMemory: undefined, taskCpu: 256, taskMemory: 512, previewHeader: 'x-slot', ingress: 'internal' }],
])('the defaults that differ on %s', (trafficPlane, expected) => {
  expect(readSettings({ ...state, trafficPlane })).toMatchObject(expected);
});

test.each<[string, Context, object, object]>([
  ['the value of the app holds for both slots', { appMemory: 128 }, { appMemory: 128 }, { appMemory: 128 }],
  ['that of a slot holds for this one', { appMemory: 128, greenAppMemory: 64 }, { appMemory: 128 }, { appMemory: 64 }],
  [
    'variables of a slot replace those of the app whole',
    { appEnvironment: 'A=1,B=2', greenAppEnvironment: 'B=3' },
    { appEnvironment: { A: '1', B: '2' } },
    { appEnvironment: { B: '3' } },
  ],
  ['no variables at all are a value', { greenAppEnvironment: {} }, {}, { appEnvironment: {} }],
  [
    'an image of the user gets nothing of the demo, which the other slot still runs',
    { greenImage: 'nginx:1.29' },
    { image: demoImages.blue, ...demo, appEnvironment: {} },
    { image: 'nginx:1.29', appCommand: undefined, appHealthCheckCommand: undefined, appEnvironment: {} },
  ],
  ['an image of the demo is the demo in both slots', { blueImage: demoImages.green }, demo, demo],
  [
    'a command of the user takes the place of all of the demo',
    { greenAppCommand: 'node -v' },
    demo,
    { appCommand: ['node', '-v'], appHealthCheckCommand: undefined },
  ],
  [
    'a health check of the user beside the demo',
    { greenAppHealthCheckCommand: 'exit 0' },
    demo,
    { appCommand: demo.appCommand, appHealthCheckCommand: ['CMD-SHELL', 'exit 0'] },
  ],
  [
    'the default of the plane holds beside a value of the other slot',
    { trafficPlane: 'lattice', blueTaskCpu: 512, blueTaskMemory: 1024 },
    { taskCpu: 512, taskMemory: 1024 },
    { taskCpu: 256, taskMemory: 512 },
  ],
])('%s', (_, flags, blue, green) => {
  expect(readSettings({ ...state, ...flags }).slots).toMatchObject({ blue, green });
});

test('text means the same as JSON', () => {
  const json = {
    ...state,
    ...both,
    greenWeight: 5,
    trafficPlane: 'load-balancer',
    appPort: 3000,
    assignPublicIp: true,
    appEnvironment: { A: '1', B: 'x=y' },
    previewCidrs: ['10.0.0.0/8', '192.0.2.1/32'],
  };
  const text = {
    blueActive: 'true',
    blueWeight: '1',
    greenActive: 'true',
    greenWeight: '5',
    trafficPlane: 'load-balancer',
    appPort: '3000',
    assignPublicIp: 'true',
    appEnvironment: 'A=1,B=x=y',
    previewCidrs: '10.0.0.0/8,192.0.2.1/32',
  };
  expect(readSettings(text)).toEqual(readSettings(json));
  expect(readSettings({ ...json, appEnvironment: '{"A":1,"B":"x=y"}' })).toEqual(readSettings(json));
  expect(readSettings({ ...state, appEnvironment: '{}' }).appEnvironment).toEqual({});
});

test('keys that an app reads itself are left alone', () => {
  const context = { ...state, tenant: 'acme', tenent: 'acme' };
  expect(problemsOf(context)).toHaveLength(2);
  expect(() => readSettings(context, { otherKeys: ['tenant'] })).toThrow(/^tenent: got an unknown key/);
  expect(readSettings(context, { otherKeys: ['tenant', 'tenent'] })).toEqual(readSettings(state));
});

const bool = (key: string, got: string) => `${key}: got ${got}, expected true or false; for example -c ${key}=true`;
const weight = (got: string) => `blueWeight: got ${got}, expected a whole number from 0 to 100; for example -c blueWeight=1`;
const port = (got: string) => `appPort: got ${got}, expected a whole number from 1 to 65535; for example -c appPort=8080`;

test.each<[string, Context, string[]]>([
  ['a boolean in other words', { greenActive: 'yes' }, [bool('greenActive', '"yes"')]],
  ['a boolean in capitals, with a space', { blueActive: 'TRUE ' }, [bool('blueActive', '"TRUE "')]],
  ['an empty boolean', { greenActive: '' }, [bool('greenActive', '""')]],
  ['a number for a boolean', { greenActive: 1 }, [bool('greenActive', '1')]],
  ['null', { greenActive: null }, [bool('greenActive', 'null')]],
  ['text for a weight', { blueWeight: 'abc' }, [weight('"abc"')]],
  ['a fraction', { blueWeight: '1.5' }, [weight('"1.5"')]],
  ['a fraction as JSON', { blueWeight: 1.5 }, [weight('1.5')]],
  ['an exponent', { blueWeight: '1e2' }, [weight('"1e2"')]],
  ['an empty weight', { blueWeight: '' }, [weight('""')]],
  ['a space before the weight', { blueWeight: ' 10' }, [weight('" 10"')]],
  ['a line break in the weight', { blueWeight: '1\n' }, [weight('"1\\n"')]],
  ['true for a weight', { blueWeight: true }, [weight('true')]],
  ['a list for a weight', { blueWeight: [1] }, [weight('[ 1 ]')]],
  ['a weight below the range', { blueWeight: -1 }, [`${weight('-1')}; this is what app-mesh takes`]],
  ['a weight above the range', { blueWeight: 101 }, [`${weight('101')}; this is what app-mesh takes`]],
  [
    'a weight above the range of the load balancer',
    { trafficPlane: 'load-balancer', blueWeight: '1000' },
    [
      'blueWeight: got "1000", expected a whole number from 0 to 999; for example -c blueWeight=1; this is what load-balancer takes',
    ],
  ],
  [
    'a weight above the range of lattice',
    { trafficPlane: 'lattice', blueWeight: '1000' },
    ['blueWeight: got "1000", expected a whole number from 0 to 999; for example -c blueWeight=1; this is what lattice takes'],
  ],
  [
    'no weight at all',
    { blueWeight: 0 },
    ['blueWeight: got 0, expected active slots with a sum of weights of at least 1; for example -c blueWeight=1'],
  ],
  ...planeNames.map(
    (trafficPlane) =>
      [
        `no weight on either slot on ${trafficPlane}`,
        { ...both, trafficPlane, blueWeight: 0, greenWeight: 0 },
        [
          'blueWeight, greenWeight: got 0 + 0 = 0, expected active slots with a sum of weights of at least 1; for example -c blueWeight=1 -c greenWeight=0',
        ],
      ] as [string, Context, string[]],
  ),
  [
    'weights that sum to more than App Mesh takes',
    { ...both, blueWeight: 60, greenWeight: 50 },
    [
      'blueWeight, greenWeight: got 60 + 50 = 110, expected a sum of weights of at most 100 on app-mesh; for example -c blueWeight=6 -c greenWeight=5',
    ],
  ],
  [
    'weights without a common divisor that sum to more than App Mesh takes',
    { ...both, blueWeight: 100, greenWeight: 1 },
    [
      'blueWeight, greenWeight: got 100 + 1 = 101, expected a sum of weights of at most 100 on app-mesh; for example -c blueWeight=99 -c greenWeight=1',
    ],
  ],
  [
    'no active slot',
    { blueActive: false },
    ['blueActive, greenActive: got false and false, expected at least one active slot; for example -c blueActive=true'],
  ],
  [
    'an unknown plane',
    { trafficPlane: 'istio' },
    [
      'trafficPlane: got "istio", expected app-mesh, load-balancer or lattice; for example "trafficPlane": "load-balancer" in cdk.json',
    ],
  ],
  [
    'a CPU size that Fargate does not have',
    { taskCpu: 300 },
    ['taskCpu: got 300, expected 256, 512, 1024, 2048, 4096, 8192 or 16384; for example -c taskCpu=512'],
  ],
  [
    'a pair that Fargate does not have',
    { taskMemory: 5000 },
    [
      'taskCpu, taskMemory: got 512 and 5000, expected a pair that Fargate has: with 512 CPU units, 1024 to 4096 in steps of 1024 MiB; for example -c taskMemory=4096',
    ],
  ],
  [
    'a small pair that Fargate does not have',
    { taskCpu: 256, taskMemory: 4096 },
    [
      'taskCpu, taskMemory: got 256 and 4096, expected a pair that Fargate has: with 256 CPU units, 512, 1024, 2048 MiB; for example -c taskMemory=2048',
    ],
  ],
  [
    'a rollout in which no task can start',
    { desiredCount: 4, maximumPercent: 124 },
    [
      'maximumPercent: got 124, expected at least 125 with 4 of desiredCount, so that a new task can start beside the others; for example -c maximumPercent=125',
    ],
  ],
  [
    'a rollout of a slot that scales in which no task can start',
    { desiredCount: 4, maximumPercent: 125, minTasks: 4, greenMinTasks: 3, blueMaxTasks: 9, greenMaxTasks: 9, scaleAtCpu: 60 },
    [
      'maximumPercent: got 125, expected at least 200 with 1 of the tasks of a slot that scales, so that a new task can start beside the others; for example -c maximumPercent=200',
    ],
  ],
  [
    'a rollout where one slot scales, and has one task at first',
    { desiredCount: 4, maximumPercent: 125, greenMaxTasks: 9, greenScaleAtCpu: 60 },
    [
      'maximumPercent: got 125, expected at least 200 with 1 of the tasks of a slot that scales, so that a new task can start beside the others; for example -c maximumPercent=200',
    ],
  ],
  ['nothing to scale by', { maxTasks: 10 }, ['maxTasks: got 10, expected scaleAtCpu with it; for example -c scaleAtCpu=60']],
  [
    'nothing to scale by on a plane that counts requests',
    { trafficPlane: 'load-balancer', greenMaxTasks: 10 },
    ['greenMaxTasks: got 10, expected scaleAtCpu or scaleAtRequests with it; for example -c scaleAtCpu=60'],
  ],
  [
    'requests to scale by on a plane that does not count them',
    { trafficPlane: 'lattice', maxTasks: 10, scaleAtRequests: 100 },
    ['maxTasks: got 10, expected scaleAtCpu with it; for example -c scaleAtCpu=60'],
  ],
  [
    'a target for one slot alone, where both scale',
    { maxTasks: 10, greenScaleAtCpu: 60 },
    ['maxTasks: got 10, expected scaleAtCpu with it; for example -c scaleAtCpu=60'],
  ],
  [
    'more tasks at least than at most',
    { maxTasks: 3, minTasks: 4, greenMinTasks: 5, scaleAtCpu: 60 },
    [
      'minTasks, maxTasks: got 4 and 3, expected a minimum up to the maximum; for example -c maxTasks=4',
      'greenMinTasks, maxTasks: got 5 and 3, expected a minimum up to the maximum; for example -c maxTasks=5',
    ],
  ],
  [
    'what is said of scaling without a maximum',
    { minTasks: 2, greenScaleAtCpu: 60 },
    [
      'minTasks: got 2, expected maxTasks with it; for example -c maxTasks=10 -c scaleAtCpu=60',
      'greenScaleAtCpu: got 60, expected greenMaxTasks with it; for example -c greenMaxTasks=10',
    ],
  ],
  [
    'what is said of a slot that does not scale, where the other one does',
    { blueMinTasks: 2, greenMaxTasks: 5, scaleAtCpu: 60 },
    ['blueMinTasks: got 2, expected blueMaxTasks with it; for example -c blueMaxTasks=10'],
  ],
  [
    'more tasks at least than the usual most, without a maximum',
    { minTasks: 50, greenMinTasks: 70 },
    [
      'minTasks: got 50, expected maxTasks with it; for example -c maxTasks=70 -c scaleAtCpu=60',
      'greenMinTasks: got 70, expected greenMaxTasks with it; for example -c greenMaxTasks=70 -c greenScaleAtCpu=60',
    ],
  ],
  [
    'the same on a plane that counts requests, where there is something to scale by',
    { trafficPlane: 'load-balancer', minTasks: 50, scaleAtRequests: 1000 },
    [
      'minTasks: got 50, expected maxTasks with it; for example -c maxTasks=50',
      'scaleAtRequests: got 1000, expected maxTasks with it; for example -c maxTasks=50',
    ],
  ],
  [
    'the same on an unknown plane, on which nobody knows what to scale by',
    { trafficPlane: 'x', minTasks: 50 },
    [
      'trafficPlane: got "x", expected app-mesh, load-balancer or lattice; for example "trafficPlane": "load-balancer" in cdk.json',
      'minTasks: got 50, expected maxTasks with it; for example -c maxTasks=50',
    ],
  ],
  [
    'more tasks at least than at most, with nothing to scale by',
    { maxTasks: 3, minTasks: 4 },
    [
      'maxTasks: got 3, expected scaleAtCpu with it; for example -c scaleAtCpu=60',
      'minTasks, maxTasks: got 4 and 3, expected a minimum up to the maximum; for example -c maxTasks=4',
    ],
  ],
  [
    'a maximum that is no number, and nothing else of what belongs to it',
    { maxTasks: 'many', minTasks: 2, scaleAtCpu: 60 },
    ['maxTasks: got "many", expected a whole number from 1 to 5000; for example -c maxTasks=10'],
  ],
  [
    'an unknown plane, of which a stop timeout is judged by the widest range',
    { trafficPlane: 'x', appStopTimeout: 1 },
    [
      'trafficPlane: got "x", expected app-mesh, load-balancer or lattice; for example "trafficPlane": "load-balancer" in cdk.json',
      'appStopTimeout: got 1, expected a whole number from 2 to 120; for example -c appStopTimeout=100',
    ],
  ],
  [
    'an unknown plane, on which nobody knows what to scale by',
    { trafficPlane: 'x', maxTasks: 10 },
    [
      'trafficPlane: got "x", expected app-mesh, load-balancer or lattice; for example "trafficPlane": "load-balancer" in cdk.json',
    ],
  ],
  [
    'containers that do not fit into the memory',
    { appMemory: 600 },
    [
      'appMemory, envoyMemoryReservation, xrayMemoryReservation: got 600 + 256 + 256 = 1112 MiB, expected at most the 1024 MiB of taskMemory; lower them or raise taskMemory',
    ],
  ],
  [
    'an app that does not fit into the memory on a plane without sidecars',
    { trafficPlane: 'load-balancer', appMemory: 513 },
    ['appMemory: got 513 MiB, expected at most the 512 MiB of taskMemory; lower them or raise taskMemory'],
  ],
  [
    'sidecars that do not fit into the CPU',
    { envoyCpu: 500 },
    [
      'envoyCpu, xrayCpu: got 500 + 32 = 532 CPU units, expected at most the 512 CPU units of taskCpu; lower them or raise taskCpu',
    ],
  ],
  [
    'a value of a slot, by the name that it was given',
    { greenAppPort: 0 },
    ['greenAppPort: got 0, expected a whole number from 1 to 65535; for example -c greenAppPort=8080'],
  ],
  [
    'a pair of one slot that Fargate does not have, by the keys from which it comes',
    { greenTaskCpu: 1024 },
    [
      'greenTaskCpu, taskMemory: got 1024 and 1024, expected a pair that Fargate has: with 1024 CPU units, 2048 to 8192 in steps of 1024 MiB; for example -c greenTaskMemory=2048',
    ],
  ],
  [
    'the pair of the app only for the slot that has it',
    { taskMemory: 5000, greenTaskMemory: 1024 },
    [
      'taskCpu, taskMemory: got 512 and 5000, expected a pair that Fargate has: with 512 CPU units, 1024 to 4096 in steps of 1024 MiB; for example -c taskMemory=4096',
    ],
  ],
  [
    'what both slots have from their own keys, of each',
    { blueAppPort: 9901, greenAppPort: 9901 },
    ['blueAppPort', 'greenAppPort'].map(
      (key) =>
        `${key}: got 9901, expected a port other than 2000, 9901, 15000, 15001, which belong to the sidecars on app-mesh; for example -c ${key}=8080`,
    ),
  ],
  [
    'containers of one slot that do not fit, with the key that leaves the other slot alone',
    { greenAppMemory: 600, blueEnvoyCpu: 500 },
    [
      'blueEnvoyCpu, xrayCpu: got 500 + 32 = 532 CPU units, expected at most the 512 CPU units of taskCpu; lower them or raise blueTaskCpu',
      'greenAppMemory, envoyMemoryReservation, xrayMemoryReservation: got 600 + 256 + 256 = 1112 MiB, expected at most the 1024 MiB of taskMemory; lower them or raise greenTaskMemory',
    ],
  ],
  [
    'a slot that is not active, too',
    { greenActive: false, greenAppPort: 15001 },
    [
      'greenAppPort: got 15001, expected a port other than 2000, 9901, 15000, 15001, which belong to the sidecars on app-mesh; for example -c greenAppPort=8080',
    ],
  ],
  [
    'a port of the sidecars that no slot has, but by which callers know the service',
    { appPort: 9901, blueAppPort: 80, greenAppPort: 80 },
    [
      'appPort: got 9901, expected a port other than 2000, 9901, 15000, 15001, which belong to the sidecars on app-mesh; for example -c appPort=8080',
    ],
  ],
  [
    'text that the CDK takes for a value of its own, in a text or in an object',
    {
      appEnvironment: { A: `x \${Token[TOKEN.12]}` },
      greenAppEnvironment: 'A=#{Token[TOKEN.1]}',
      allowUnsafe: `because \${Token[A]}`,
    },
    [
      ['appEnvironment', `{ A: 'x \${Token[TOKEN.12]}' }`, 'A=1,B=2'],
      ['allowUnsafe', `"because \${Token[A]}"`, '"green answers 500"'],
      ['greenAppEnvironment', '"A=#{Token[TOKEN.1]}"', 'A=1,B=2'],
    ].map(
      ([key, got, example]) =>
        `${key}: got ${got}, expected no text such as \${Token[…]} or #{Token[…]}, which the CDK takes for a value of its own; for example -c ${key}=${example}`,
    ),
  ],
  [
    'an environment that is too large for a task definition, once for both slots',
    { appEnvironment: { A: 'é'.repeat(30_000) } },
    [
      'appEnvironment: got 60033 bytes of JSON, expected at most 57344 together, since ECS takes a task definition of 64 KiB; keep long values elsewhere, such as in a file of the image',
    ],
  ],
  [
    'an environment of one slot that is too large where its placeholders are replaced',
    { greenAppEnvironment: { A: '{SLOT}'.repeat(3_000) } },
    [
      'greenAppEnvironment: got 60033 bytes of JSON, expected at most 57344 together, since ECS takes a task definition of 64 KiB; keep long values elsewhere, such as in a file of the image',
    ],
  ],
  ['a misspelt key of a slot', { greenTaskCpus: 512 }, ['greenTaskCpus: got an unknown key, did you mean greenTaskCpu?']],
  ['port 0', { appPort: 0 }, [port('0')]],
  ['a port that is none', { appPort: '65536' }, [port('"65536"')]],
  [
    'a port of the sidecars',
    { appPort: 15000 },
    [
      'appPort: got 15000, expected a port other than 2000, 9901, 15000, 15001, which belong to the sidecars on app-mesh; for example -c appPort=8080',
    ],
  ],
  [
    'a path without a slash',
    { healthcheckPath: 'health' },
    [
      'healthcheckPath: got "health", expected a path of up to 1024 characters that starts with /, of letters, digits and @:%_+.~?&/=-; for example -c healthcheckPath=/health',
    ],
  ],
  [
    'a name that AWS refuses',
    { appName: 'My_App' },
    [
      'appName: got "My_App", expected 1 to 40 lower-case letters, digits and single hyphens, a letter first and no hyphen last; for example -c appName=sample',
    ],
  ],
  [
    'two slots with one label',
    { blueName: 'live', greenName: 'live' },
    ['blueName, greenName: got "live" and "live", expected different labels; for example -c blueName=blue'],
  ],
  [
    'an empty image',
    { greenImage: '' },
    [
      'greenImage: got "", expected a container image such as registry/repository:tag; for example -c greenImage=example/shop:1.5.0',
    ],
  ],
  [
    'a variable that is a secret, too, of the slot where it is both',
    { appEnvironment: 'DB=x', greenAppSecrets: 'KEY=/key,DB=db' },
    ['appEnvironment, greenAppSecrets: got DB in both, expected each variable in one of them; take it out of appEnvironment'],
  ],
  [
    'the user of the sidecars, with any group',
    { greenAppUser: '1337:0' },
    ['greenAppUser: got "1337:0", expected a user other than 1337, whose requests pass by the sidecar on app-mesh'],
  ],
  [
    'a way into containers that cannot be written to',
    { greenAppReadonlyRootFilesystem: true, exec: true },
    [
      'greenAppReadonlyRootFilesystem, exec: got true and true, expected one of them at most, since ECS Exec writes to the root file system; for example -c exec=false',
    ],
  ],
  [
    'less time to end than VPC Lattice takes to send no more requests',
    { trafficPlane: 'lattice', appStopTimeout: 60 },
    [
      'appStopTimeout: got 60, expected a whole number from 90 to 120; for example -c appStopTimeout=100; this is what lattice takes',
    ],
  ],
  [
    'an environment that is too large with the places of its secrets',
    {
      appEnvironment: { A: 'x'.repeat(52_000) },
      appSecrets: Object.fromEntries([...Array(60).keys()].map((n) => [`S${n}`, 'db'])),
    },
    [
      expect.stringMatching(
        /^appEnvironment, appSecrets: got \d{5} bytes of JSON, .*; keep long values elsewhere, such as in a file of the image, or keep several secrets as the fields of one, which the app reads as a whole$/,
      ),
    ],
  ],
  [
    'places of secrets that are too large by themselves',
    { greenAppSecrets: Object.fromEntries([...Array(700).keys()].map((n) => [`S${n}`, 'db'])) },
    [
      expect.stringMatching(
        /^greenAppSecrets: got \d{5} bytes of JSON, .*; keep several secrets as the fields of one, which the app reads as a whole$/,
      ),
    ],
  ],
  [
    'a command and a health check that are too large together',
    { appCommand: ['x'.repeat(30_000)], greenAppHealthCheckCommand: ['x'.repeat(30_000)] },
    [
      'appCommand, greenAppHealthCheckCommand: got 60021 bytes of JSON, expected at most 57344 together, since ECS takes a task definition of 64 KiB; keep long values elsewhere, such as in a file of the image',
    ],
  ],
  [
    'a variable that is always set',
    { appEnvironment: 'PORT=1' },
    [
      'appEnvironment: got "PORT=1", expected variables such as A=1,B=2 or a JSON object of texts without NUL, other than PORT and SLOT; for example -c appEnvironment=A=1,B=2',
    ],
  ],
  [
    'a way in that the plane does not have',
    { trafficPlane: 'lattice', ingress: 'public' },
    ['ingress: got "public", expected internal or none; for example -c ingress=internal; this is what lattice takes'],
  ],
  [
    'a range that is none',
    { previewCidrs: '10.0.0.0/33' },
    [
      'previewCidrs: got "10.0.0.0/33", expected 1 to 3 different IPv4 ranges in CIDR notation, separated by commas; for example -c previewCidrs=203.0.113.0/24',
    ],
  ],
  [
    'private tasks in the new VPC',
    { assignPublicIp: 'false' },
    [
      'assignPublicIp: got false, expected true without vpcId, since the new VPC has no NAT gateways and the tasks could not pull their images; for example -c assignPublicIp=true, or name your own VPC with "vpcId": "vpc-0123456789abcdef0" in cdk.json',
    ],
  ],
  [
    'a cluster in no VPC',
    { clusterName: 'production' },
    [
      'clusterName: got "production", expected vpcId too, in which its tasks run; for example "vpcId": "vpc-0123456789abcdef0" in cdk.json',
    ],
  ],
  [
    'one problem only where another would follow from it: a flag, and so the sum of the weights',
    { greenActive: 'yes', blueWeight: 0 },
    [bool('greenActive', '"yes"')],
  ],
  [
    'one problem only where another would follow from it: a weight, and so the sum',
    { ...both, blueWeight: 'abc', greenWeight: 0 },
    [weight('"abc"')],
  ],
  [
    'one problem only where another would follow from it: a size, and so the pair',
    { taskMemory: 'abc' },
    ['taskMemory: got "abc", expected a whole number from 512 to 122880; for example -c taskMemory=1024'],
  ],
  [
    'one problem only where another would follow from it: the plane, and so its ports, weights and ways in',
    { trafficPlane: 'istio', appPort: 15000, blueWeight: 500, ingress: 'none' },
    [
      'trafficPlane: got "istio", expected app-mesh, load-balancer or lattice; for example "trafficPlane": "load-balancer" in cdk.json',
    ],
  ],
  [
    'a container that does not fit next to one that is not known',
    { appMemory: 'abc', envoyMemoryReservation: 1024 },
    [
      'appMemory: got "abc", expected a whole number from 6 to 122880; for example -c appMemory=256',
      'envoyMemoryReservation, xrayMemoryReservation: got 1024 + 256 = 1280 MiB, expected at most the 1024 MiB of taskMemory; lower them or raise taskMemory',
    ],
  ],
  [
    'a memory size between two that Fargate has',
    { trafficPlane: 'lattice', taskMemory: 1500 },
    [
      'taskCpu, taskMemory: got 256 and 1500, expected a pair that Fargate has: with 256 CPU units, 512, 1024, 2048 MiB; for example -c taskMemory=2048',
    ],
  ],
  [
    'several problems at once',
    { greenActive: 'on', appPort: 0, blueWieght: 3 },
    ['blueWieght: got an unknown key, did you mean blueWeight?', port('0'), bool('greenActive', '"on"')],
  ],
  [
    'a range named twice',
    { previewCidrs: '10.0.0.0/8,10.0.0.0/8' },
    [
      'previewCidrs: got "10.0.0.0/8,10.0.0.0/8", expected 1 to 3 different IPv4 ranges in CIDR notation, separated by commas; for example -c previewCidrs=203.0.113.0/24',
    ],
  ],
  [
    'a header name that a load balancer would drop',
    { previewHeader: 'x_slot' },
    [
      'previewHeader: got "x_slot", expected the name of an HTTP header in letters, digits and hyphens, up to 40 characters; for example -c previewHeader=x-slot',
    ],
  ],
])('refuses %s', (_, flags, expected) => {
  expect(problemsOf({ ...state, ...flags })).toEqual(expected);
});

test('refuses to guess the state of the slots', () => {
  const { blueActive, blueWeight, greenActive, greenWeight, ...rest } = freshContext;
  expect(problemsOf(rest)).toEqual([
    'blueActive, blueWeight, greenActive, greenWeight: got none of them, expected the state of the slots, which must not be guessed; restore it with git checkout -- cdk.context.json, or give all four with -c',
  ]);
});

test.each<[string, Context, string[]]>([
  [
    'a weight on an inactive slot',
    { greenWeight: 5 },
    ['greenWeight: got 5, ignored while greenActive is false; set it to 0 so that the slot starts without traffic'],
  ],
  ['weight 0 on an inactive slot', {}, []],
  [
    'a flag that is missing',
    { blueWeight: undefined },
    ['blueWeight: not set, so the default holds; keep all four flags in cdk.context.json'],
  ],
  [
    'two flags that are missing',
    { blueWeight: undefined, greenWeight: undefined },
    ['blueWeight, greenWeight: not set, so the default holds; keep all four flags in cdk.context.json'],
  ],
  ['an internal way in without source addresses', { trafficPlane: 'load-balancer', ingress: 'internal' }, []],
  [
    'source addresses on another plane, once',
    { ingress: 'internal', previewCidrs: '192.0.2.0/24' },
    ['previewCidrs: got "192.0.2.0/24", ignored on app-mesh; it is for load-balancer'],
  ],
  [
    'keys of another plane',
    { previewCidrs: '192.0.2.0/24', latticeAuthType: 'AWS_IAM', envoyCpu: 32 },
    [
      'previewCidrs: got "192.0.2.0/24", ignored on app-mesh; it is for load-balancer',
      'latticeAuthType: got "AWS_IAM", ignored on app-mesh; it is for lattice',
    ],
  ],
  [
    'keys of a slot for another plane',
    { trafficPlane: 'load-balancer', greenEnvoyImage: 'envoy:2', blueXrayCpu: 64 },
    [
      'blueXrayCpu: got 64, ignored on load-balancer; it is for app-mesh',
      'greenEnvoyImage: got "envoy:2", ignored on load-balancer; it is for app-mesh',
    ],
  ],
  ['a key of a slot for another plane that says what holds anyway', { trafficPlane: 'lattice', greenXrayCpu: '32' }, []],
  ['the usual values of keys of another plane', { trafficPlane: 'lattice', envoyCpu: 32, namespaceName: 'svc.local' }, []],
  [
    'source addresses inside the VPC',
    { trafficPlane: 'load-balancer', ingress: 'internal', previewCidrs: '192.0.2.0/24' },
    ['previewCidrs: got "192.0.2.0/24", ignored with ingress=internal, where previewHeader is honoured from anywhere'],
  ],
  [
    'a number of tasks where both slots scale',
    { trafficPlane: 'load-balancer', desiredCount: '4', maxTasks: 10, scaleAtCpu: 60 },
    ['desiredCount: got "4", ignored with maxTasks, which leaves the number of tasks to their load'],
  ],
  [
    'the same in a mesh without a gateway',
    { ingress: 'none', desiredCount: 4, blueMaxTasks: 10, greenMaxTasks: 5, scaleAtCpu: 60 },
    ['desiredCount: got 4, ignored with maxTasks, which leaves the number of tasks to their load'],
  ],
  ['a number of tasks that the gateway still has', { desiredCount: 4, maxTasks: 10, scaleAtCpu: 60 }, []],
  [
    'a number of tasks that one slot still has',
    { trafficPlane: 'lattice', desiredCount: 4, greenMaxTasks: 10, scaleAtCpu: 60 },
    [],
  ],
  ['the usual number of tasks', { trafficPlane: 'lattice', desiredCount: 1, maxTasks: 10, scaleAtCpu: 60 }, []],
])('notices: %s', (_, flags, notices) => {
  expect(readSettings({ ...state, ...flags }).notices).toEqual(notices);
});

test.each([
  ['app-mesh', 100, 0],
  ['app-mesh', 0, 100],
  ['app-mesh', 50, 50],
  ['load-balancer', 999, 0],
  ['load-balancer', 999, 999],
  ['lattice', 999, 999],
])('takes weights up to the limit of %s: %d and %d', (trafficPlane, blueWeight, greenWeight) => {
  expect(readSettings({ ...both, trafficPlane, blueWeight, greenWeight }).slots).toMatchObject({
    blue: { weight: blueWeight },
    green: { weight: greenWeight },
  });
});

test('one flag is enough to say that the state is known; the others have their defaults', () => {
  expect(readSettings({ blueWeight: 3 }).slots).toMatchObject({
    blue: { active: true, weight: 3 },
    green: { active: false, weight: 0 },
  });
});

test.each<[string, Context]>([
  ['containers that fill the task', { appMemory: 512 }],
  ['an app that fills the task', { trafficPlane: 'lattice', appMemory: 512 }],
  ['sidecars that fill the task', { envoyCpu: 256, xrayCpu: 256 }],
  ['private tasks in an existing VPC', { vpcId: 'vpc-0123abcd', assignPublicIp: false }],
  ['keys of the app that fit no slot, where both have their own', { taskCpu: 1024, blueTaskCpu: 512, greenTaskCpu: 512 }],
  ['a slot that scales beside one that does not', { greenMaxTasks: 5, greenMinTasks: 5, scaleAtCpu: 60 }],
  ['slots that scale by targets of their own', { maxTasks: 5, minTasks: 5, greenScaleAtCpu: 60, blueScaleAtCpu: 50 }],
  ['a slot that scales by requests', { trafficPlane: 'load-balancer', blueMaxTasks: 5, scaleAtRequests: 100 }],
  ['a rollout of a slot that scales', { desiredCount: 4, maximumPercent: 200, maxTasks: 10, minTasks: 4, scaleAtCpu: 60 }],
  ['the ports of the sidecars where there are none', { trafficPlane: 'load-balancer', appPort: 15000 }],
])('takes %s', (_, flags) => {
  expect(problemsOf({ ...state, ...flags })).toEqual([]);
});
