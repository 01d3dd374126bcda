import {
  App,
  type aws_certificatemanager as acm,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  Lazy,
  aws_logs as logs,
  RemovalPolicy,
  type aws_route53 as route53,
  Stack,
  aws_s3 as s3,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../../lib/service/blue-green-service-props';
import { NamedSecret } from '../../lib/service/named-secret';
import { readSettings } from '../../lib/settings/read-settings';
import { AppMeshPlane } from '../../lib/traffic/app-mesh-plane';
import { LatticePlane } from '../../lib/traffic/lattice-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import type { TrafficPlane } from '../../lib/traffic/traffic-plane';
import { freshContext } from '../app-template';

const image = ecs.ContainerImage.fromRegistry('example/shop:1.5.0');

type MakePlane = (stack: Stack, vpc: ec2.IVpc) => TrafficPlane;

const loadBalancer: MakePlane = (stack, vpc) => new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: false });

const appMesh: MakePlane = (stack, vpc) =>
  new AppMeshPlane(stack, 'Plane', {
    namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc }),
  });

function refusal(props: Partial<BlueGreenServiceProps>, plane = loadBalancer): string {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  try {
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane: plane(stack, cluster.vpc),
      serviceName: 'shop',
      slots: { blue: { weight: 1, image }, green: { weight: 0, image } },
      ...props,
    });
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

const certificate = (certificateArn: string) => ({ certificate: { certificateArn } as acm.ICertificate });

const expectedOf = (problem: string) =>
  /expected (?<expected>.*?)(; for example|; take it|; set|$)/.exec(problem)?.groups?.expected;

const scaling = { maxCapacity: 9, targetCpuUtilizationPercent: 60 };

function flagProblem(flags: Record<string, unknown>): string {
  try {
    readSettings({ ...freshContext, trafficPlane: 'load-balancer', ...flags });
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

test.each<[string, Partial<BlueGreenServiceProps>, Record<string, unknown>]>([
  ['a service name', { serviceName: 'My_Shop' }, { appName: 'My_Shop' }],
  ['a label', { slots: { blue: { weight: 1, image, label: 'Old!' }, green: { weight: 0, image } } }, { blueName: 'Old!' }],
  ['a port', { port: 70000 }, { appPort: 70000 }],
  ['a count of tasks', { desiredCount: 0 }, { desiredCount: 0 }],
  ['a share of CPU', { scaling: { maxCapacity: 9, targetCpuUtilizationPercent: 0 } }, { maxTasks: 9, scaleAtCpu: 0 }],
  ['requests to a task', { scaling: { maxCapacity: 9, requestsPerTarget: 0 } }, { maxTasks: 9, scaleAtRequests: 0 }],
  ['most tasks', { scaling: { maxCapacity: 0, requestsPerTarget: 9 } }, { maxTasks: 0, scaleAtRequests: 9 }],
  ['least tasks', { scaling: { minCapacity: 0, ...scaling } }, { maxTasks: 9, scaleAtCpu: 60, minTasks: 0 }],
  ['least tasks above most', { scaling: { minCapacity: 10, ...scaling } }, { maxTasks: 9, scaleAtCpu: 60, minTasks: 10 }],
  ['a health check path', { healthCheckPath: 'health' }, { healthcheckPath: 'health' }],
  ['a grace period', { healthCheckGracePeriod: Duration.days(2) }, { healthcheckGracePeriod: 172800 }],
  ['a share of tasks in a rollout', { maxHealthyPercent: 100 }, { maximumPercent: 100 }],
  ['a time between health checks', { healthCheck: { interval: Duration.seconds(4) } }, { healthcheckInterval: 4 }],
  ['a time for an answer', { healthCheck: { timeout: Duration.seconds(1) } }, { healthcheckTimeout: 1 }],
  ['good answers in a row', { healthCheck: { healthyThreshold: 1 } }, { healthcheckHealthyThreshold: 1 }],
  ['bad answers in a row', { healthCheck: { unhealthyThreshold: 11 } }, { healthcheckUnhealthyThreshold: 11 }],
  ['an answer that outlasts the interval', { healthCheck: { timeout: Duration.seconds(5) } }, { healthcheckTimeout: 5 }],
  ['a command that is none', { command: [''] }, { appCommand: [''] }],
  ['memory of the app', { appMemoryLimitMiB: 5 }, { appMemory: 5 }],
  ['a grace period with a part of a second', { healthCheckGracePeriod: Duration.millis(1500) }, { healthcheckGracePeriod: 1.5 }],
  ['days of logs', { logRetention: 77 as logs.RetentionDays }, { logRetentionDays: 77 }],
  [
    'a large command',
    { environment: { A: 'x' }, command: ['x'.repeat(60_000)] },
    { appEnvironment: { A: 'x' }, appCommand: ['x'.repeat(60_000)] },
  ],
  ['a large environment', { environment: { A: 'x'.repeat(60_000) } }, { appEnvironment: { A: 'x'.repeat(60_000) } }],
  ['a platform version', { platformVersion: ecs.FargatePlatformVersion.VERSION1_3 }, { platformVersion: '1.3.0' }],
  ['a user that is none', { user: 'a b' }, { appUser: 'a b' }],
  ['a time to end', { stopTimeout: Duration.seconds(1) }, { appStopTimeout: 1 }],
  ['a time to end with a part of a second', { stopTimeout: Duration.millis(2500) }, { appStopTimeout: 2.5 }],
  ['a processor', { cpuArchitecture: ecs.CpuArchitecture.of('MIPS') }, { cpuArchitecture: 'MIPS' }],
  [
    'a variable that is a secret, too',
    { environment: { A: '1' }, secrets: { A: new NamedSecret('a') } },
    { appEnvironment: 'A=1', appSecrets: 'A=a' },
  ],
  [
    'a way into containers that cannot be written to',
    { readonlyRootFilesystem: true, enableExecuteCommand: true },
    { appReadonlyRootFilesystem: true, exec: true },
  ],
  ['a path with signs that VPC Lattice refuses', { healthCheckPath: '/a|b' }, { healthcheckPath: '/a|b' }],
])('%s out of range is refused like the flag, in the same words', (_, props, flags) => {
  const [construct, flag] = [refusal(props), flagProblem(flags)];
  expect(expectedOf(construct)).toBe(expectedOf(flag));
  expect(expectedOf(flag)).toBeDefined();
});

test.each<[string, Partial<BlueGreenServiceProps>, string]>([
  [
    'a task size that Fargate does not have',
    { cpu: 256, memoryLimitMiB: 4096 },
    'cpu, memoryLimitMiB: got 256 and 4096, expected a pair that Fargate has: with 256 CPU units, 512, 1024, 2048 MiB',
  ],
  [
    'a CPU size that Fargate does not have',
    { cpu: 300 },
    'cpu: got 300, expected a CPU size that Fargate has: 256, 512, 1024, 2048, 4096, 8192, 16384',
  ],
  [
    'more memory for the app than the task has',
    { appMemoryLimitMiB: 1024 },
    'appMemoryLimitMiB: got 1024 MiB, expected at most the 512 MiB of memoryLimitMiB; lower them or raise memoryLimitMiB',
  ],
  [
    'a rollout in which no task can start',
    { desiredCount: 3, maxHealthyPercent: 133 },
    'maxHealthyPercent: got 133, expected at least 134 with 3 of desiredCount, so that a new task can start beside the others',
  ],
  [
    'a rollout in which no task can start beside the least of a slot that scales',
    { desiredCount: 9, scaling, maxHealthyPercent: 133 },
    'maxHealthyPercent: got 133, expected at least 200 with 1 of the tasks of a slot that scales, so that a new task can start beside the others',
  ],
  [
    'nothing to scale by',
    { scaling: { maxCapacity: 9 } },
    'scaling.maxCapacity: got 9, expected scaling.targetCpuUtilizationPercent or scaling.requestsPerTarget with it',
  ],
  [
    'a minimum above the maximum, and nothing to scale by',
    { scaling: { minCapacity: 10, maxCapacity: 9 } },
    'scaling.maxCapacity: got 9, expected scaling.targetCpuUtilizationPercent or scaling.requestsPerTarget with it; ' +
      'scaling.minCapacity, scaling.maxCapacity: got 10 and 9, expected a minimum up to the maximum',
  ],
  [
    'a minimum above the maximum',
    { scaling: { minCapacity: 10, ...scaling } },
    'scaling.minCapacity, scaling.maxCapacity: got 10 and 9, expected a minimum up to the maximum',
  ],
  ['a value that is no text', { environment: { A: 1 as unknown as string } }, 'environment: got 1, expected texts without NUL'],
  ['a NUL in a value', { environment: { A: 'a\0b' } }, 'environment: got "a\\u0000b", expected texts without NUL'],
  [
    'nothing to run on',
    { capacityProviderStrategies: [] },
    'capacityProviderStrategies: got 0, expected 1 to 20; leave it out to run on Fargate',
  ],
  [
    'nothing to run on for one slot',
    { slots: { blue: { weight: 1, image }, green: { weight: 0, image, capacityProviderStrategies: [] } } },
    'capacityProviderStrategies of green: got 0, expected 1 to 20; leave it out to run on Fargate',
  ],
  [
    'a rollout of no tasks',
    { desiredCount: 0, maxHealthyPercent: 150 },
    'desiredCount: got 0, expected a whole number from 1 to 5000',
  ],
  [
    'what becomes of a log group that is not made here',
    {
      logGroup: logs.LogGroup.fromLogGroupName(new Stack(), 'Logs', '/shop'),
      logRemovalPolicy: RemovalPolicy.DESTROY,
    },
    'logRemovalPolicy: got "destroy", expected none together with logGroup, which is not made here; leave it out',
  ],
  [
    'a secret that is always set',
    { secrets: { PORT: new NamedSecret('port') } },
    'secrets: got "PORT", expected names of letters, digits and _ with no digit first, other than PORT and SLOT',
  ],
  [
    'a variable that is always set',
    { environment: { SLOT: 'x', TZ: 'UTC' } },
    'environment: got "SLOT", expected names of letters, digits and _ with no digit first, other than PORT and SLOT',
  ],
])('%s is refused', (_, props, problem) => {
  expect(refusal(props)).toBe(`blue/green service shop: ${problem}`);
});

type PlaneProps = Record<string, unknown>;

const planes: Readonly<Record<string, (props: PlaneProps) => MakePlane>> = {
  'load-balancer': (props) => (stack, vpc) => new LoadBalancerPlane(stack, 'Plane', { vpc, internetFacing: true, ...props }),
  lattice: (props) => (stack, vpc) => new LatticePlane(stack, 'Plane', { vpc, ...props }),
  'app-mesh':
    ({ namespaceName = 'svc.local', gateway, ...props }) =>
    (stack, vpc) =>
      new AppMeshPlane(stack, 'Plane', {
        namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: `${namespaceName}`, vpc }),
        gateway: gateway
          ? {
              cluster: new ecs.Cluster(stack, 'GatewayCluster', { vpc }),
              internetFacing: true,
              ...(gateway as PlaneProps),
            }
          : undefined,
        ...props,
      }),
};

const twice = ['10.0.0.0/8', '10.0.0.0/8'];

test.each<[string, string, PlaneProps, Record<string, unknown>]>([
  [
    'a prefix of access logs',
    'load-balancer',
    { accessLogs: { bucket: s3.Bucket.fromBucketName(new Stack(), 'Logs', 'access-logs'), prefix: '/shop' } },
    { accessLogBucket: 'access-logs', accessLogPrefix: '/shop' },
  ],
  ['a preview header', 'load-balancer', { previewHeader: 'x slot' }, { previewHeader: 'x slot' }],
  ['the host as preview header', 'lattice', { previewHeader: 'Host' }, { previewHeader: 'Host' }],
  ['a long preview header', 'app-mesh', { previewHeader: 'x'.repeat(41) }, { previewHeader: 'x'.repeat(41) }],
  ['ranges of a preview', 'load-balancer', { previewCidrs: ['300.0.0.0/8'] }, { previewCidrs: '300.0.0.0/8' }],
  ['the same range twice', 'load-balancer', { ingressCidrs: twice }, { ingressCidrs: twice }],
  ['the same range twice', 'lattice', { ingressCidrs: twice }, { ingressCidrs: twice }],
  ['the same range twice', 'app-mesh', { gateway: { ingressCidrs: twice } }, { ingressCidrs: twice }],
  ['an idle timeout', 'load-balancer', { idleTimeout: Duration.seconds(4001) }, { idleTimeout: 4001 }],
  ['a deregistration delay', 'load-balancer', { deregistrationDelay: Duration.hours(2) }, { deregistrationDelay: 7200 }],
  ['a prefix list', 'lattice', { prefixListId: 'pl-x' }, { latticePrefixListId: 'pl-x' }],
  ['who may call', 'lattice', { authType: 'ALL' }, { latticeAuthType: 'ALL' }],
  ['a count of gateway tasks', 'app-mesh', { gateway: { desiredCount: 0 } }, { desiredCount: 0 }],
  ['a namespace', 'app-mesh', { namespaceName: 'My_Namespace' }, { namespaceName: 'My_Namespace' }],
  ['CPU units of a sidecar', 'app-mesh', { envoy: { image, cpu: 0, memoryReservationMiB: 256 } }, { envoyCpu: 0 }],
  ['memory of a sidecar', 'app-mesh', { xray: { image, cpu: 32, memoryReservationMiB: 5 } }, { xrayMemoryReservation: 5 }],
])('%s that the flags refuse is refused of the plane %s, in the same words', (_, name, props, flags) => {
  const [construct, flag] = [refusal({}, planes[name]?.(props)), flagProblem({ trafficPlane: name, ...flags })];
  expect(expectedOf(flag)).toBeDefined();
  expect(expectedOf(construct)).toBe(expectedOf(flag));
});

test('what is wrong with the plane is said with what is wrong with the service', () => {
  expect(refusal({ desiredCount: 0 }, planes.lattice?.({ authType: 'ALL', prefixListId: 'x' }))).toBe(
    'blue/green service shop: desiredCount: got 0, expected a whole number from 1 to 5000; ' +
      'authType of lattice: got "ALL", expected NONE or AWS_IAM; prefixListId of lattice: got "x", expected the id of a prefix list',
  );
});

test('what only the deploy knows of a plane is not judged', () => {
  const token = Lazy.string({ produce: () => 'x' });
  const known = { previewHeader: token, previewCidrs: [token, '10.0.0.0/8'], ingressCidrs: [token] };
  expect(refusal({}, planes['load-balancer']?.(known))).toBe('nothing');
  expect(refusal({}, planes.lattice?.({ prefixListId: token, previewHeader: token }))).toBe('nothing');
});

test('what names in the template follow from is known when the template is made', () => {
  const token = Lazy.string({ produce: () => 'shop' });
  const problems = refusal({
    serviceName: token,
    pathPrefix: token,
    slots: { blue: { weight: 1, image, label: token }, green: { weight: 0, image } },
  });
  for (const name of ['serviceName', 'pathPrefix', 'label of blue']) {
    expect(problems).toContain(`${name}: got a value that only the deploy knows, expected `);
  }
});

test('values that only the deploy knows are not judged', () => {
  const token = Lazy.number({ produce: () => 1024 });
  expect(refusal({ port: token, cpu: token, memoryLimitMiB: 2048, desiredCount: token })).toBe('nothing');
  expect(refusal({ desiredCount: token, maxHealthyPercent: 101 })).toBe('nothing');
  expect(refusal({ maxHealthyPercent: token })).toBe('nothing');
  const unknown = { minCapacity: token, maxCapacity: token, targetCpuUtilizationPercent: token, requestsPerTarget: token };
  expect(refusal({ scaling: unknown })).toBe('nothing');
});

const named = { domainName: 'shop.example.com' };
const zone = { hostedZone: { hostedZoneId: 'Z0123456789ABCDEFGHIJ' } as route53.IHostedZone };
const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';

test.each<[string, Partial<BlueGreenServiceProps>, string, PlaneProps, string | undefined]>([
  ['a name on a load balancer', named, 'load-balancer', {}, undefined],
  ['a name and a certificate', { ...named, ...zone }, 'load-balancer', certificate(arn), undefined],
  ['a certificate that only the deploy knows', named, 'lattice', certificate(Lazy.string({ produce: () => 'x' })), undefined],
  ['a name for plain HTTP', named, 'lattice', { protocol: 'HTTP' }, undefined],
  [
    'a name that is none',
    { domainName: 'Shop' },
    'load-balancer',
    {},
    'domainName: got "Shop", expected a lower-case domain name of up to 64 characters with a dot in it',
  ],
  ['a zone without a name', zone, 'load-balancer', {}, 'hostedZone: got one, expected none without domainName, for which it is'],
  [
    'a certificate without a name',
    {},
    'load-balancer',
    certificate(arn),
    'certificate of load-balancer: got one, expected none without domainName, for which it is',
  ],
  [
    'a name for HTTPS without a certificate',
    named,
    'lattice',
    {},
    'domainName: got "shop.example.com", expected certificate of lattice with it, without which no HTTPS call by that name succeeds',
  ],
  [
    'a certificate of another kind',
    named,
    'lattice',
    certificate('arn:aws:iam::1:server-certificate/x'),
    'certificate of lattice: got "arn:aws:iam::1:server-certificate/x", expected the ARN of a certificate in AWS Certificate Manager',
  ],
  [
    'a name in a mesh',
    named,
    'app-mesh',
    {},
    'domainName: got "shop.example.com", expected none on app-mesh, which takes no domain names',
  ],
])('a domain name: %s', (_, props, plane, planeProps, problem) => {
  expect(refusal(props, planes[plane]?.(planeProps))).toBe(
    problem === undefined ? 'nothing' : `blue/green service shop: ${problem}`,
  );
});

interface SlotCase {
  readonly plane?: MakePlane;
  readonly service?: Partial<BlueGreenServiceProps>;
  readonly blue?: Partial<BlueGreenSlotProps>;
  readonly green?: Partial<BlueGreenSlotProps>;
}

const sizes = 'with 1024 CPU units, 2048 to 8192 in steps of 1024 MiB';

test.each<[string, SlotCase, string]>([
  [
    'what both slots have from the service, said once',
    { service: { healthCheckPath: 'x' } },
    'healthCheckPath: got "x", expected a path of up to 1024 characters that starts with /, of letters, digits and @:%_+.~?&/=-',
  ],
  [
    'how one slot scales, and not the service, which no slot follows',
    {
      service: { scaling: { maxCapacity: 0 } },
      blue: { scaling },
      green: { scaling: { minCapacity: 2, maxCapacity: 1, requestsPerTarget: 9 } },
    },
    'scaling.minCapacity of green, scaling.maxCapacity of green: got 2 and 1, expected a minimum up to the maximum',
  ],
  [
    'requests to scale by on a plane that does not count them',
    { plane: appMesh, service: { scaling: { maxCapacity: 9, requestsPerTarget: 9 } } },
    'scaling.maxCapacity: got 9, expected scaling.targetCpuUtilizationPercent with it',
  ],
  [
    'a port of one slot',
    { plane: appMesh, green: { port: 15001 } },
    'port of green: got 15001, expected a whole number from 1 to 65535 other than 2000, 9901, 15000, 15001',
  ],
  [
    'the user of the sidecars',
    { plane: appMesh, green: { user: '1337' } },
    'user of green: got "1337", expected a user other than 1337, whose requests pass by the sidecar on app-mesh',
  ],
  [
    'a secret of one slot that is a variable of both',
    { service: { environment: { A: '1' } }, green: { secrets: { A: new NamedSecret('a') } } },
    'environment, secrets of green: got A in both, expected each variable in one of them; take it out of environment',
  ],
  [
    'a time to end that is too short for the plane',
    { plane: (stack, vpc) => new LatticePlane(stack, 'Plane', { vpc }), blue: { stopTimeout: Duration.seconds(60) } },
    'stopTimeout of blue: got 60, expected a whole number from 90 to 120',
  ],
  [
    'a port of the service that no slot has, but by which callers know it',
    { plane: appMesh, service: { port: 9901 }, blue: { port: 1 }, green: { port: 1 } },
    'port: got 9901, expected a whole number from 1 to 65535 other than 2000, 9901, 15000, 15001',
  ],
  [
    'a slot that is not active, too',
    { green: { active: false, healthCheckPath: 'x' } },
    'healthCheckPath of green: got "x", expected a path of up to 1024 characters that starts with /, of letters, digits and @:%_+.~?&/=-',
  ],
  [
    'a variable of one slot',
    { blue: { environment: { PORT: '1' } } },
    'environment of blue: got "PORT", expected names of letters, digits and _ with no digit first, other than PORT and SLOT',
  ],
  [
    'a size of one slot with what it has from the service',
    { service: { memoryLimitMiB: 1024 }, green: { cpu: 1024 } },
    `cpu of green, memoryLimitMiB: got 1024 and 1024, expected a pair that Fargate has: ${sizes}`,
  ],
  [
    'the same of both slots, of each',
    { blue: { cpu: 1024 }, green: { cpu: 1024 } },
    ['blue', 'green']
      .map((slot) => `cpu of ${slot}, memoryLimitMiB: got 1024 and 512, expected a pair that Fargate has: ${sizes}`)
      .join('; '),
  ],
  [
    'a sidecar of one slot that does not fit',
    { plane: appMesh, green: { sidecars: { xray: { memoryReservationMiB: 600 } } } },
    'appMemoryLimitMiB, envoy, xray of green: got 256 + 256 + 600 = 1112 MiB, expected at most the 1024 MiB of memoryLimitMiB; lower them or raise memoryLimitMiB',
  ],
  [
    'CPU units and memory of a sidecar out of range',
    { plane: appMesh, green: { sidecars: { envoy: { cpu: 0, memoryReservationMiB: 5 } } } },
    'cpu of envoy of green: got 0, expected a whole number from 1 to 16384; ' +
      'memoryReservationMiB of envoy of green: got 5, expected a whole number from 6 to 122880',
  ],
  [
    'a sidecar that the plane does not have',
    { plane: appMesh, blue: { sidecars: { nginx: {} } } },
    'sidecars of blue: got "nginx", expected a sidecar of app-mesh: envoy, xray',
  ],
  [
    'a sidecar where the plane has none',
    { blue: { sidecars: { envoy: {} } } },
    'sidecars of blue: got "envoy", expected none, since load-balancer has no sidecars',
  ],
  ...['', 'a'.repeat(101), 'a\nb', 'é'].map((version): [string, SlotCase, string] => [
    'a name of a version that does not print',
    { green: { version } },
    `version of green: got ${JSON.stringify(version).length > 80 ? `${JSON.stringify(version).slice(0, 80)}…` : JSON.stringify(version)}, expected 1 to 100 printable ASCII characters`,
  ]),
])('refuses %s', (_, { plane, service, blue, green }, problems) => {
  const slots = { blue: { weight: 1, image, ...blue }, green: { weight: 0, image, ...green } };
  expect(refusal({ ...service, slots }, plane)).toBe(`blue/green service shop: ${problems}`);
});

test.each<[string, SlotCase]>([
  [
    'a size of the service that fits no slot, where both have their own',
    { service: { cpu: 1024 }, blue: { cpu: 256 }, green: { cpu: 256 } },
  ],
  ['the user of sidecars that the plane does not have', { green: { user: '1337' } }],
  ['a user that only the deploy knows', { plane: appMesh, green: { user: Lazy.string({ produce: () => '1337' }) } }],
  ['a version of 100 characters', { green: { version: 'a b'.padEnd(100, '~') } }],
  ['a sidecar that fits', { plane: appMesh, green: { sidecars: { envoy: { cpu: 480 }, xray: { memoryReservationMiB: 512 } } } }],
])('takes %s', (_, { plane, service, blue, green }) => {
  const slots = { blue: { weight: 1, image, ...blue }, green: { weight: 0, image, ...green } };
  expect(refusal({ ...service, slots }, plane)).toBe('nothing');
});
