import { Stack } from 'aws-cdk-lib';
import { NamedImage } from '../../lib/service/named-image';
import { readSettings } from '../../lib/settings/read-settings';
import { serviceProps } from '../../lib/stack/service-props';
import { type Context, freshContext } from '../fresh-context';

const propsOf = (flags: Context) => serviceProps(new Stack(), readSettings({ ...freshContext, ...flags }));

test('what slots have in common stands on the service, where a stack may still change it for both', () => {
  const { slots, ...service } = propsOf({ appPort: 3000, taskCpu: 1024, taskMemory: 2048, greenTaskCpu: 1024 });
  expect(service).toMatchObject({ port: 3000, cpu: 1024, memoryLimitMiB: 2048 });
  for (const { port, cpu, memoryLimitMiB, environment } of Object.values(slots)) {
    expect([port, cpu, memoryLimitMiB, environment]).toEqual([undefined, undefined, undefined, undefined]);
  }
});

test('what a slot has otherwise stands on the slot', () => {
  const { slots, ...service } = propsOf({
    greenAppPort: 3000,
    greenAppEnvironment: {},
    blueXrayCpu: 1,
    blueEnvoyImage: 'envoy:2',
  });
  expect(service.port).toBe(8080);
  expect(slots.green).toMatchObject({ port: 3000, environment: {} });
  expect(slots.blue.sidecars).toEqual({
    envoy: { image: new NamedImage('envoy:2'), cpu: undefined, memoryReservationMiB: undefined },
    xray: { image: undefined, cpu: 1, memoryReservationMiB: undefined },
  });
});

test('a share on Spot of one slot stands on the slot, beside that of the service', () => {
  const { slots, ...service } = propsOf({ spotPercent: 30, greenSpotPercent: 0 });
  expect([service, slots.blue, slots.green].map((props) => props.capacityProviderStrategies)).toEqual([
    [
      { capacityProvider: 'FARGATE', weight: 70 },
      { capacityProvider: 'FARGATE_SPOT', weight: 30 },
    ],
    undefined,
    [{ capacityProvider: 'FARGATE', weight: 1 }],
  ]);
});

test.each<[string, Context, object]>([
  ['no slot that scales', { desiredCount: 4 }, [undefined, undefined, undefined]],
  ['both slots', { maxTasks: 9, scaleAtCpu: 60 }, [{ maxCapacity: 9, targetCpuUtilizationPercent: 60 }, undefined, undefined]],
  [
    'one slot otherwise, whole',
    { maxTasks: 9, minTasks: 2, scaleAtCpu: 60, greenMinTasks: 5 },
    [
      { minCapacity: 2, maxCapacity: 9, targetCpuUtilizationPercent: 60 },
      undefined,
      { minCapacity: 5, maxCapacity: 9, targetCpuUtilizationPercent: 60 },
    ],
  ],
  [
    'one slot alone',
    { trafficPlane: 'load-balancer', greenMaxTasks: 9, scaleAtRequests: 100 },
    [undefined, undefined, { maxCapacity: 9, requestsPerTarget: 100 }],
  ],
])('how many tasks there are, of %s', (_, flags, expected) => {
  const { slots, scaling } = propsOf(flags);
  expect([scaling, slots.blue.scaling, slots.green.scaling]).toEqual(expected);
});

test('a plane without sidecars is told of none', () => {
  const { slots } = propsOf({ trafficPlane: 'lattice', greenEnvoyImage: 'envoy:2' });
  expect([slots.blue.sidecars, slots.green.sidecars]).toEqual([undefined, undefined]);
});
