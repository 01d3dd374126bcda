import {
  App,
  Duration,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_logs as logs,
  Stack,
  aws_servicediscovery as servicediscovery,
} from 'aws-cdk-lib';
import { envoyDefaults } from '../../lib/release/sidecar-defaults';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../../lib/service/blue-green-service-props';
import { NamedImage } from '../../lib/service/named-image';
import { NamedSecret } from '../../lib/service/named-secret';
import { versionOf } from '../../lib/service/version';
import type { VersionProps } from '../../lib/service/version-props';
import { AppMeshPlane } from '../../lib/traffic/app-mesh-plane';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';

const stack = new Stack(new App(), 'Stack');
const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
const trafficPlane = new AppMeshPlane(stack, 'Plane', {
  namespace: new servicediscovery.PrivateDnsNamespace(stack, 'Namespace', { name: 'svc.local', vpc: cluster.vpc }),
});
const image = new NamedImage('app:1');

const versionsOf = (service: Partial<BlueGreenServiceProps>, green: Partial<BlueGreenSlotProps>) => {
  const props: BlueGreenServiceProps = {
    cluster,
    trafficPlane,
    serviceName: 'shop',
    slots: { blue: { weight: 1, image }, green: { weight: 0, active: false, image, ...green } },
    ...service,
  };
  return [versionOf(props, 'blue'), versionOf(props, 'green')] as const;
};

const { LATEST, VERSION1_4 } = ecs.FargatePlatformVersion;

test('without a word the defaults hold, with what the plane brings along', () => {
  const [blue, green] = versionsOf({}, {});
  expect(blue).toEqual(green);
  const { sidecars, ...rest } = blue;
  expect(rest).toEqual({
    port: 8080,
    healthCheckPath: '/health',
    cpu: 512,
    memoryLimitMiB: 1024,
    appMemoryLimitMiB: 256,
    environment: {},
    secrets: {},
    readonlyRootFilesystem: false,
    stopTimeout: Duration.seconds(30),
    cpuArchitecture: ecs.CpuArchitecture.X86_64,
    platformVersion: VERSION1_4,
  });
  expect(Object.values(sidecars)).toEqual(
    trafficPlane.sidecars.map(({ name, image: own, cpu, memoryReservationMiB }) => ({
      name,
      image: own,
      cpu,
      memoryReservationMiB,
    })),
  );
  expect(sidecars.envoy).toMatchObject({ name: 'envoy', cpu: envoyDefaults.cpu });
});

test('without sidecars the app may use what the task has', () => {
  const plane = new LoadBalancerPlane(stack, 'Alb', { vpc: cluster.vpc, internetFacing: true });
  const [blue] = versionsOf({ trafficPlane: plane, memoryLimitMiB: 2048 }, {});
  expect(blue.memoryLimitMiB).toBe(2048);
  expect(blue.appMemoryLimitMiB).toBeUndefined();
  expect(versionsOf({ trafficPlane: plane }, { appMemoryLimitMiB: 300 })[1].appMemoryLimitMiB).toBe(300);
});

const onService: Required<VersionProps> = {
  port: 1,
  healthCheckPath: '/a',
  cpu: 1024,
  memoryLimitMiB: 4096,
  appMemoryLimitMiB: 100,
  environment: { A: '1', B: '2' },
  secrets: { C: new NamedSecret('c') },
  user: 'a',
  readonlyRootFilesystem: true,
  stopTimeout: Duration.seconds(50),
  cpuArchitecture: ecs.CpuArchitecture.ARM64,
  command: ['a'],
  healthCheckCommand: ['CMD', 'a'],
  platformVersion: LATEST,
  capacityProviderStrategies: [{ capacityProvider: 'FARGATE', weight: 1 }],
  logGroup: logs.LogGroup.fromLogGroupName(stack, 'ServiceLogs', '/service'),
};
const onSlot: Required<VersionProps> = {
  port: 2,
  healthCheckPath: '/b',
  cpu: 2048,
  memoryLimitMiB: 8192,
  appMemoryLimitMiB: 0,
  environment: {},
  secrets: {},
  user: 'b',
  readonlyRootFilesystem: false,
  stopTimeout: Duration.seconds(60),
  cpuArchitecture: ecs.CpuArchitecture.X86_64,
  command: ['b'],
  healthCheckCommand: ['CMD', 'b'],
  platformVersion: VERSION1_4,
  capacityProviderStrategies: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
  logGroup: logs.LogGroup.fromLogGroupName(stack, 'SlotLogs', '/slot'),
};

test.each(Object.keys(onService) as (keyof VersionProps)[])(
  '%s: the slot before the service, whole, and for this slot alone',
  (key) => {
    const [blue, green] = versionsOf(onService, { [key]: onSlot[key] });
    expect(blue).toMatchObject(onService);
    expect(green).toEqual({ ...blue, [key]: onSlot[key] });
  },
);

test('of a sidecar, the slot has what it names otherwise, and the rest from the plane', () => {
  const own = new NamedImage('envoy:2');
  const [blue, green] = versionsOf({}, { sidecars: { envoy: { image: own }, xray: { cpu: 64, memoryReservationMiB: 6 } } });
  expect(green.sidecars.envoy).toEqual({ ...blue.sidecars.envoy, image: own });
  expect(green.sidecars.xray).toEqual({ ...blue.sidecars.xray, cpu: 64, memoryReservationMiB: 6 });
});
