import { App, Duration, aws_ec2 as ec2, aws_ecs as ecs, Lazy, Stack } from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import type { BlueGreenServiceProps } from '../../lib/service/blue-green-service-props';
import { readSettings } from '../../lib/settings/read-settings';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';
import { freshContext } from '../app-template';

const image = ecs.ContainerImage.fromRegistry('traefik/whoami:v1.11.0');

function refusal(props: Partial<BlueGreenServiceProps>): string {
  const stack = new Stack(new App(), 'Stack');
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: new ec2.Vpc(stack, 'Vpc') });
  try {
    new BlueGreenService(stack, 'Shop', {
      cluster,
      trafficPlane: new LoadBalancerPlane(stack, 'Plane', { vpc: cluster.vpc, internetFacing: false }),
      serviceName: 'shop',
      slots: { blue: { weight: 1, image }, green: { weight: 0, image } },
      ...props,
    });
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

const expectedOf = (problem: string) => /expected (?<expected>.*?)(; for example|$)/.exec(problem)?.groups?.expected;

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
  ['a health check path', { healthCheckPath: 'health' }, { healthcheckPath: 'health' }],
  ['a grace period', { healthCheckGracePeriod: Duration.days(2) }, { healthcheckGracePeriod: 172800 }],
  ['memory of the app', { appMemoryLimitMiB: 5 }, { appMemory: 5 }],
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
    'a variable that is always set',
    { environment: { SLOT: 'x', TZ: 'UTC' } },
    'environment: got "SLOT", expected names of letters, digits and _ with no digit first, other than PORT and SLOT',
  ],
])('%s is refused', (_, props, problem) => {
  expect(refusal(props)).toBe(`blue/green service shop: ${problem}`);
});

test('values that only the deploy knows are not judged', () => {
  const token = Lazy.number({ produce: () => 1024 });
  expect(refusal({ port: token, cpu: token, memoryLimitMiB: 2048, desiredCount: token })).toBe('nothing');
});
