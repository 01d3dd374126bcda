import { type PlaneName, planeNames } from '../../lib/release/plane-limits';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { appKeys, type Key, keyNames, perSlotKeyName, perSlotKeys, slotKeyName, slotKeys } from '../../lib/settings/keys';
import { readSettings } from '../../lib/settings/read-settings';
import type { ScalingSettings } from '../../lib/settings/settings';
import { type Context, ofItsStage } from '../fresh-context';
import { problemsOf, state } from './context';

interface Values {
  /** None of them is the default. */
  readonly takes: readonly unknown[];
  readonly refuses: readonly unknown[];

  /** The planes on which the key counts; all of them unless said. */
  readonly planes?: readonly PlaneName[];
}

const digest = '0123456789abcdef'.repeat(4);
const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const listenerArn =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shared/0123456789abcdef/0123456789abcdef';
const named: readonly PlaneName[] = ['load-balancer', 'lattice'];
const label63 = 'a'.repeat(63);

const images: Values = {
  takes: [
    'nginx',
    'nginx:1.27',
    'library/nginx',
    'my-registry.example.com:5000/team/app_1:v1.2_3-x',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1',
    `nginx@sha256:${digest}`,
    `nginx:1@sha256:${digest}`,
  ],
  refuses: [
    '',
    'NGINX',
    ' nginx',
    'nginx ',
    'nginx:',
    'nginx:-x',
    'nginx:1!',
    '/nginx',
    'a//b',
    'registry:port/app',
    'registry:5000/',
    `nginx@sha256:${digest}0`,
    `nginx@sha256:${digest.slice(1)}`,
    `nginx@sha256:${'g'.repeat(64)}`,
    'a'.repeat(513),
    1,
  ],
};
const labels = (maxLength: number): Values => ({
  takes: ['a', 'a1-b2-c3', 'ab-cd', 'a'.repeat(maxLength)],
  refuses: ['', '1a', '-a', 'a-', 'a--b', 'a-b!', 'A', 'a_b', 'a b', 'a'.repeat(maxLength + 1)],
});
const flags: Values = { takes: [false, 'false'], refuses: ['no', 'FALSE', 0, ''] };

const ofApp: Readonly<Record<string, Values>> = {
  appName: labels(40),
  stage: { ...labels(20), refuses: [...labels(20).refuses, 'guard', 'aws', 'ssm', 1] },
  appPort: { takes: [1, 65535], refuses: [0, 65536] },
  appMemory: { takes: [6], refuses: [5, 122881] },
  healthcheckPath: {
    takes: ['/', '/a?b=c', `/${'a'.repeat(1023)}`],
    refuses: ['', 'a', 'a/', '/a b', '/é', `/${'a'.repeat(1024)}`],
  },
  appSecrets: {
    takes: [{ A: 'prod/db' }, { A: '/prod/key', _b1: 'db:password' }],
    refuses: ['', 'A', 'A=', '=db', 'A=db,A=db', '1A=db', 'PORT=db', { SLOT: 'db' }, { A: null }, ['A=db'], '{"A": "db"', 5],
  },
  appUser: {
    takes: ['0', 1000, '1000:1000', 'app', 'app:1000', '_svc.a-b:staff', 2147483647, 'a'.repeat(32)],
    refuses: ['', ':', 'app:', ':1000', '1:2:3', '01', '2147483648', '-1', 1.5, '-app', 'a b', 'a'.repeat(33), null],
  },
  appReadonlyRootFilesystem: { ...flags, takes: [true, 'true'] },
  appStopTimeout: { takes: [100, 2, 120, '45'], refuses: [1, 121, 30.5] },
  cpuArchitecture: { takes: ['ARM64'], refuses: ['', 'arm64', 'x86', 'AMD64'] },
  spotPercent: { takes: [1, 100, '50'], refuses: [-1, 101, '50%'] },
  exec: { ...flags, takes: [true, 'true'] },
  healthcheckGracePeriod: { takes: [0, 86400], refuses: [-1, 86401], planes: ['load-balancer', 'lattice'] },
  previewHeader: {
    takes: ['x-preview', 'X-Slot', 'hostname', 'x', 'a'.repeat(40)],
    refuses: ['', 'host', 'Host', 'x_slot', 'x slot', 'x-slot:', 'a'.repeat(41)],
  },
  previewCidrs: { takes: [['10.0.0.0/8']], refuses: ['10.0.0.0', 5], planes: ['load-balancer'] },
  previewToken: {
    takes: ['abcdefgh', 'A-1-b-2-', 'a'.repeat(64)],
    refuses: ['', 'abcdefg', 'a'.repeat(65), 'with a space', 'star*star'],
  },
  previewPrincipals: {
    takes: [
      ['arn:aws:iam::123456789012:role/tester'],
      'arn:aws:iam::123456789012:role/a,arn:aws-cn:iam::123456789012:user/path/b',
    ],
    refuses: [
      [],
      5,
      '',
      'tester',
      'arn:aws:iam::1:role/a',
      ['arn:aws:iam::123456789012:role/a', 'arn:aws:iam::123456789012:role/a'],
      [5],
    ],
    planes: ['lattice'],
  },
  ingressCidrs: { takes: [['10.0.0.0/8', '192.0.2.0/24']], refuses: ['10.0.0.0', [], 5] },
  idleTimeout: { takes: [1, 4000], refuses: [0, 4001], planes: ['load-balancer'] },
  deregistrationDelay: { takes: [0, 3600], refuses: [-1, 3601], planes: ['load-balancer'] },
  latticeProtocol: { takes: ['HTTP', 'HTTPS'], refuses: ['', 'http', 'TLS'], planes: ['lattice'] },
  serviceNetworkId: {
    takes: ['sn-0123456789abcdef0', 'arn:aws:vpc-lattice:eu-west-1:123456789012:servicenetwork/sn-0123456789abcdef0'],
    refuses: ['', 'sn-1', 'vpc-0123456789abcdef0', 'arn:aws:vpc-lattice:eu-west-1:123456789012:service/sn-0123456789abcdef0'],
    planes: ['lattice'],
  },
  healthcheckInterval: { takes: [5, 300], refuses: [4, 301] },
  healthcheckHealthyThreshold: { takes: [2, 10], refuses: [1, 11] },
  healthcheckUnhealthyThreshold: { takes: [2, 10], refuses: [1, 11] },
  desiredCount: { takes: [2, 5000], refuses: [0, 5001] },
  maxTasks: { takes: [1, 5000], refuses: [0, 5001, 1.5] },
  minTasks: { takes: [1, 10], refuses: [0, 5001] },
  scaleAtCpu: { takes: [1, 100], refuses: [0, 101] },
  scaleAtRequests: { takes: [1, 1000000], refuses: [0, 1000001, 0.5], planes: ['load-balancer'] },
  maximumPercent: { takes: [200], refuses: [100, 201] },
  platformVersion: { takes: ['LATEST'], refuses: ['', '1.3.0', 'latest'] },
  envoyImage: { ...images, planes: ['app-mesh'] },
  envoyCpu: { takes: [1], refuses: [0, 16385], planes: ['app-mesh'] },
  envoyMemoryReservation: { takes: [6], refuses: [5, 122881], planes: ['app-mesh'] },
  xrayImage: { ...images, planes: ['app-mesh'] },
  xrayCpu: { takes: [1], refuses: [0, 16385], planes: ['app-mesh'] },
  xrayMemoryReservation: { takes: [6], refuses: [5, 122881], planes: ['app-mesh'] },
  namespaceName: {
    takes: ['local', 'a', 'a.b.c', 'a-b.c1', `${label63}.${label63}.${label63}.${'a'.repeat(8)}`],
    refuses: [
      '',
      'Svc',
      '-a',
      'a-',
      'a.-b',
      'a..b',
      '.a',
      'a.',
      'a_b',
      'svc.local ',
      `${label63}a`,
      `a.${label63}a`,
      `${label63}.${label63}.${label63}.${'a'.repeat(9)}`,
    ],
    planes: ['app-mesh'],
  },
  accessLogBucket: {
    takes: ['abc', 'a.b-c1', 'a'.repeat(63)],
    refuses: ['', 'ab', 'a..b', 'Logs', '-ab', 'ab-', 's3://logs', 'a'.repeat(64)],
    planes: ['load-balancer'],
  },
  accessLogPrefix: {
    takes: ['shop', 'team/shop', 'a'.repeat(128)],
    refuses: ['', '/shop', 'shop/', 'a//b', 'AWSLogs', 'shop/AWSLogs', 'a b', 'a'.repeat(129)],
    planes: ['load-balancer'],
  },
  hostedZone: {
    takes: ['Z1', 'Z0123456789ABCDEFGHIJ'],
    refuses: ['', 'z0123456789', '/hostedzone/Z1', 'Z1 ', `Z${'1'.repeat(32)}`],
    planes: named,
  },
  domainName: {
    takes: ['example.com', 'a.b.example.com', 'xn--bcher-kva.example', '1.example.com', `${'a'.repeat(60)}.com`],
    refuses: [
      '',
      'localhost',
      'Shop.example.com',
      'shop.example.com.',
      '*.example.com',
      '-a.example.com',
      'a_b.example.com',
      '10.0.0.1',
      `${'a'.repeat(61)}.com`,
    ],
    planes: named,
  },
  listenerArn: {
    takes: [listenerArn, listenerArn.replace('aws', 'aws-cn')],
    refuses: [
      '',
      listenerArn.replace('listener/', 'loadbalancer/'),
      listenerArn.replace('/app/', '/net/'),
      `${listenerArn}0`,
      listenerArn.replace(/\/\w+$/, ''),
    ],
    planes: ['load-balancer'],
  },
  pathPrefix: {
    takes: ['/shop', '/a/b/c/d/e/f/g/h/i', '/a/b/c/d/e/f/g/h/i/', '/@:_+.~&-'],
    refuses: ['', 'shop', '/shop*', '/a b', '/a/b/c/d/e/f/g/h/i/j', `/${'a'.repeat(126)}`],
  },
  rulePosition: { takes: [0, 832], refuses: [-1, 833], planes: ['load-balancer'] },
  certificateArn: {
    takes: [arn, arn.replace('aws', 'aws-us-gov').replace('eu-central-1', 'us-gov-west-1')],
    refuses: [
      '',
      ` ${arn}`,
      `${arn}!`,
      arn.replace('acm', 'iam'),
      arn.replace('eu-central-1', ''),
      arn.replace('123456789012', '12345678901'),
      arn.replace('123456789012', '12345678901x'),
      arn.replace(/certificate.*/, 'certificate/'),
    ],
    planes: named,
  },
  clusterName: { takes: ['a', 'My_cluster-1', 'a'.repeat(255)], refuses: ['', 'a b', 'a/b', 'a'.repeat(256)] },
  logGroupName: {
    takes: ['/shop/app', 'a', 'A_b.c#d-1', 'a'.repeat(512)],
    refuses: ['', 'a b', 'a:b', 'aws/x', 'a'.repeat(513)],
  },
  latticeAuthType: { takes: ['AWS_IAM'], refuses: ['', 'IAM', 'none'], planes: ['lattice'] },
  latticePrefixListId: {
    takes: ['pl-0123abcd', 'pl-0123456789abcdef0'],
    refuses: ['', 'pl-0123abc', 'pl-0123456789abcdef01', 'pl-0123abcg', 'xpl-0123abcd', 'pl-0123abcd '],
    planes: ['lattice'],
  },
  vpcId: {
    takes: ['vpc-0123abcd', 'vpc-0123456789abcdef0'],
    refuses: [
      '',
      'vpc-0',
      'vpc-0123abc',
      'vpc-0123abcd0',
      'vpc-0123456789abcdef01',
      'vpc-0123abcg',
      'xvpc-0123abcd',
      'vpc-0123abcd ',
    ],
  },
  logRetentionDays: { takes: [1, 3653], refuses: [0, 2, 3654] },
  dashboard: flags,
  alarms: flags,
  protect: { ...flags, takes: [true, 'true'] },
  alarmTopicArn: {
    takes: ['arn:aws:sns:eu-central-1:123456789012:on-call', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:On_Call'],
    refuses: [
      '',
      'on-call',
      'arn:aws:sqs:eu-central-1:123456789012:on-call',
      'arn:aws:sns:eu-central-1:123456789012:on-call.fifo',
    ],
  },
};

const values: Readonly<Record<string, Values>> = {
  blueImage: images,
  greenImage: images,
  blueName: labels(20),
  greenName: labels(20),
  ...ofApp,
  // Each takes for one slot what it takes for both.
  ...Object.fromEntries(
    slotNames.flatMap((slot) => perSlotKeys.flatMap((key) => (ofApp[key] ? [[perSlotKeyName(slot, key), ofApp[key]]] : []))),
  ),
};

// Without these the key is of no use on any plane, or not legal.
const beside: Readonly<Record<string, Context>> = {
  ...Object.fromEntries(
    [undefined, ...slotNames].flatMap((slot: SlotName | undefined) => {
      const named = (key: keyof ScalingSettings) => (slot === undefined ? key : perSlotKeyName(slot, key));
      return [
        [named('maxTasks'), { [named('scaleAtCpu')]: 60 }],
        [named('minTasks'), { maxTasks: 10, scaleAtCpu: 60 }],
        [named('scaleAtCpu'), { [named('maxTasks')]: 10 }],
        [named('scaleAtRequests'), { maxTasks: 10, scaleAtCpu: 60 }],
      ];
    }),
  ),
  previewToken: { previewHeader: 'x-slot' },
  previewPrincipals: { latticeAuthType: 'AWS_IAM' },
  clusterName: { vpcId: 'vpc-0123456789abcdef0' },
  accessLogPrefix: { accessLogBucket: 'access-logs' },
  domainName: { hostedZone: 'Z0123456789ABCDEFGHIJ' },
  hostedZone: { domainName: 'shop.example.com', certificateArn: arn },
  certificateArn: { domainName: 'shop.example.com', hostedZone: 'Z0123456789ABCDEFGHIJ' },
  listenerArn: { vpcId: 'vpc-0123456789abcdef0', pathPrefix: '/shop' },
};

const contextWith = (name: string, value: unknown, trafficPlane = values[name]?.planes?.[0] ?? 'app-mesh'): Context =>
  ofItsStage({ ...state, trafficPlane, ...beside[name], [name]: value });

const settingOf = (name: string, context: Context): unknown => {
  const settings = readSettings(context);
  const ofSlots = slotNames.flatMap((slot) => [
    ...Object.keys(slotKeys).map((key) => [slotKeyName(slot, key as keyof typeof slotKeys), slot, key.toLowerCase()] as const),
    ...perSlotKeys.map((key) => [perSlotKeyName(slot, key), slot, key] as const),
  ]);
  const [, slot, property] = ofSlots.find(([key]) => key === name) ?? [];
  return slot ? (settings.slots as any)[slot][property ?? ''] : (settings as any)[name];
};

const cases = (kind: 'takes' | 'refuses') =>
  Object.entries(values).flatMap(([name, value]) => value[kind].map((item): [string, unknown] => [name, item]));

test.each(cases('takes'))('%s takes %j', (name, value) => {
  expect(`${settingOf(name, contextWith(name, value))}`).toBe(`${value}`);
});

test.each(cases('refuses'))('%s refuses %j', (name, value) => {
  const problems = problemsOf(contextWith(name, value));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(
    new RegExp(`^${name}: got .+, expected .{4,}; for example (-c ${name}=\\S+|"${name}": "[^"]+" in cdk\\.json)`),
  );
});

test.each(Object.entries(appKeys) as [string, Key<unknown>][])('%s takes the example in its own message', (name, { planes }) => {
  const plane = planes?.[0] ?? 'load-balancer';
  const [problem] = problemsOf(contextWith(name, null, plane));
  // As the shell hands it on: without its quotes.
  const ofCommand = /; for example -c \w+=(?:"([^"]+)"|(\S+?))(;|$)/.exec(problem ?? '') ?? [];
  const ofFile = /; for example "\w+": "([^"]+)" in cdk\.json$/.exec(problem ?? '') ?? [];
  const example = ofCommand[1] ?? ofCommand[2] ?? ofFile[1];
  expect(example).toBeTruthy();
  const company = name === 'taskCpu' ? { taskMemory: 2048 } : {};
  expect(problemsOf({ ...contextWith(name, example, plane), ...company })).toEqual([]);
});

test('what another deploy must not take back is to be written into the file', () => {
  const problemOf = (name: string) => `${problemsOf(ofItsStage({ ...state, trafficPlane: 'load-balancer', [name]: null }))}`;
  expect(
    Object.keys(appKeys)
      .filter((name) => problemOf(name).includes(`"${name}": "`))
      .sort(),
  ).toEqual([
    'accessLogBucket',
    'appSecrets',
    'certificateArn',
    'clusterName',
    'domainName',
    'hostedZone',
    'listenerArn',
    'logGroupName',
    'serviceNetworkId',
    'trafficPlane',
    'vpcId',
  ]);
  expect(problemOf('greenAppSecrets')).toContain('; for example "greenAppSecrets": "A=prod/db:password,B=/prod/key" in cdk.json');
});

test('no two keys have one name', () => {
  expect(keyNames).toHaveLength(new Set(keyNames).size);
});

test('all that lands in a task definition can be given per slot, the way to check it, how many tasks there are and on what', () => {
  expect(keyNames.filter((name) => /^green[A-Z]/.test(name)).map((name) => name.slice('green'.length))).toEqual([
    ...Object.keys(slotKeys),
    'AppPort',
    'AppMemory',
    'HealthcheckPath',
    'AppCommand',
    'AppHealthCheckCommand',
    'AppEnvironment',
    'AppSecrets',
    'AppUser',
    'AppReadonlyRootFilesystem',
    'AppStopTimeout',
    'MaxTasks',
    'MinTasks',
    'ScaleAtCpu',
    'ScaleAtRequests',
    'SpotPercent',
    'CpuArchitecture',
    'PlatformVersion',
    'TaskCpu',
    'TaskMemory',
    'EnvoyImage',
    'EnvoyCpu',
    'EnvoyMemoryReservation',
    'XrayImage',
    'XrayCpu',
    'XrayMemoryReservation',
    'LogGroupName',
  ]);
});

describe.each(planeNames)('on %s', (plane) => {
  const withoutState = Object.entries(values).filter(([name]) => !/^(blue|green)(Image|Name)$/.test(name));

  test.each(withoutState.map(([name, { takes, planes }]) => ({ name, value: takes[0], planes })))(
    'a notice for $name exactly when the plane does not use it',
    ({ name, value, planes = planeNames }) => {
      const { notices } = readSettings(contextWith(name, value, plane));
      const ofKey = notices.filter((notice) => notice.startsWith(`${name}:`));
      expect(ofKey.map((notice) => notice.replace(/got .*, ignored/, 'ignored'))).toEqual(
        planes.includes(plane) ? [] : [`${name}: ignored on ${plane}; it is for ${planes.join(' and ')}`],
      );
    },
  );
});
