import { circuitBreakerOf } from '../../../lib/local/ecs/circuit-breaker';
import { serviceDefinition } from '../../../lib/local/ecs/service-definition';
import type { DeployedResource } from '../../../lib/local/emulator/follower';

const app = {
  Name: 'app',
  Image: 'shop:1',
  Environment: [
    { Name: 'PORT', Value: '8080' },
    { Name: 'SLOT', Value: 'candidate' },
  ],
  PortMappings: [{ ContainerPort: '8080', Name: 'app' }],
};
const proxy = { Name: 'envoy', Image: 'envoy', Environment: [{ Name: 'APPMESH_RESOURCE_ARN', Value: 'arn:node' }] };

function resource(type: string, properties: Record<string, unknown>, logicalId = 'ShopGreenService0123ABCD'): DeployedResource {
  return { type, stack: 'Shop', logicalId, physicalId: `arn:${type}`, properties };
}

const task = (...containers: unknown[]) =>
  resource('AWS::ECS::TaskDefinition', { Family: 'shop-candidate', ContainerDefinitions: containers });
const service = (more: Record<string, unknown> = {}) =>
  resource('AWS::ECS::Service', { ServiceName: 'shop', DesiredCount: 1, TaskDefinition: 'arn:task:1', ...more });

test('what is not said is as in ECS', () => {
  expect(serviceDefinition(service(), task(app))).toEqual({
    name: 'shop',
    arn: 'arn:AWS::ECS::Service',
    desiredCount: 1,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: circuitBreakerOf(undefined),
    healthCheckGracePeriodSeconds: 0,
    taskDefinition: 'arn:AWS::ECS::TaskDefinition',
    app: {
      name: 'app',
      image: 'shop:1',
      environment: { PORT: '8080', SLOT: 'candidate' },
      secrets: {},
      ports: [8080],
      healthCheck: undefined,
      stopTimeoutSeconds: 30,
    },
    slotName: 'green',
    targetGroups: [],
    tasksAreFrom: expect.any(String),
  });
});

test('what is said may be said in texts', () => {
  const definition = serviceDefinition(
    service({
      Cluster: 'shops',
      DesiredCount: '4',
      DeploymentConfiguration: {
        MinimumHealthyPercent: '0',
        MaximumPercent: '150',
        DeploymentCircuitBreaker: { Enable: 'true', Rollback: false },
      },
      HealthCheckGracePeriodSeconds: '60',
      LoadBalancers: [{ TargetGroupArn: 'arn:group' }],
      VpcLatticeConfigurations: [{ TargetGroupArn: 'arn:lattice' }],
    }),
    task({ ...app, StopTimeout: '120', HealthCheck: { Command: ['CMD', 'check'], Interval: '10', Retries: 5 } }),
    { app: { PASSWORD: 'secret' }, envoy: { KEY: 'other' } },
  );
  expect(definition).toMatchObject({
    desiredCount: 4,
    minimumHealthyPercent: 0,
    maximumPercent: 150,
    circuitBreaker: circuitBreakerOf({ Enable: true }),
    healthCheckGracePeriodSeconds: 60,
    targetGroups: ['arn:group', 'arn:lattice'],
    app: {
      secrets: { PASSWORD: 'secret' },
      stopTimeoutSeconds: 120,
      healthCheck: { command: ['CMD', 'check'], intervalSeconds: 10, timeoutSeconds: 5, retries: 5, startPeriodSeconds: 0 },
    },
  });
});

const web = { Name: 'web', PortMappings: [{ ContainerPort: 80 }] };
const udp = { Name: 'tracing', PortMappings: [{ ContainerPort: 2000, Protocol: 'udp' }] };

test.each([
  ['that with a slot, wherever it stands', [proxy, web, app], 'app'],
  ['else the first with a port', [proxy, udp, web, { ...web, Name: 'second' }], 'web'],
  ['else the first', [proxy, { Name: 'worker' }, udp], 'worker'],
  ['of a gateway none', [{ ...proxy, PortMappings: [{ ContainerPort: 8080 }] }], undefined],
])('the app is in one container: %s', (_, containers, name) => {
  expect(serviceDefinition(service(), task(...containers)).app?.name).toBe(name);
});

test('a container that the task definition calls its proxy is none', () => {
  const definition = resource('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [web, { ...web, Name: 'shop' }],
    ProxyConfiguration: { ContainerName: 'web' },
  });
  expect(serviceDefinition(service(), definition).app?.name).toBe('shop');
});

test.each([
  [{ TaskDefinition: 'arn:task:2' }, true],
  [{ NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['a'] } } }, true],
  [{ PlatformVersion: '1.4.0' }, true],
  [{ CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] }, true],
  [{ LoadBalancers: [{ TargetGroupArn: 'arn:group' }] }, true],
  [{ LoadBalancers: [] }, false],
  [{ DesiredCount: 2 }, false],
  [{ DeploymentConfiguration: { MaximumPercent: 150 } }, false],
  [{ HealthCheckGracePeriodSeconds: 5 }, false],
  [{ Tags: [{ Key: 'a', Value: 'b' }] }, false],
])('%j starts tasks anew: %s', (more, anew) => {
  const before = serviceDefinition(service(), task(app)).tasksAreFrom;
  expect(serviceDefinition(service(more), task(app)).tasksAreFrom !== before).toBe(anew);
});
