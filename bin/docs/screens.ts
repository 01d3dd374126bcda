import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { App, aws_ecs as ecs, Stack } from 'aws-cdk-lib';
import { BlueGreenService } from '../../lib/service/blue-green-service';
import { readSettings } from '../../lib/settings/read-settings';
import { LoadBalancerPlane } from '../../lib/traffic/load-balancer-plane';

const root = join(__dirname, '..', '..');

/** A block of code in Markdown. */
export function fenced(text: string, language = ''): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** What `npm start -- --help` prints. */
export function helpScreen(): string {
  const text = execFileSync('npm', ['start', '--silent', '--', '--help'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  return fenced(text, 'text');
}

const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };

/** Two mistakes in the flags, as a newcomer makes them. */
export function firstErrors(): string {
  return fenced(settingsErrors({ ...state, trafficPlane: 'load-balancer', greenWieght: 1, blueWeight: 'abc' }), 'text');
}

/** Further mistakes, each as the app tells of it. */
export function moreErrors(): string {
  const contexts: readonly Readonly<Record<string, unknown>>[] = [
    {},
    { ...state, blueActive: false },
    { ...state, greenActive: true, blueWeight: 90, greenWeight: 20 },
    { ...state, trafficPlane: 'lattice', ingress: 'public' },
    { ...state, taskCpu: 256, taskMemory: 4096 },
    { ...state, assignPublicIp: false },
  ];
  return fenced(contexts.map(settingsErrors).join('\n'), 'text');
}

/** A mistake in the properties of the construct. */
export function constructErrors(): string {
  const stack = new Stack(new App(), 'Shop');
  const cluster = new ecs.Cluster(stack, 'Cluster');
  const image = ecs.ContainerImage.fromRegistry('shop');
  const trafficPlane = new LoadBalancerPlane(stack, 'Plane', { vpc: cluster.vpc, internetFacing: true });
  const slots = { blue: { weight: 1000, image }, green: { weight: 1.5, image, label: 'blue' } };
  return fenced(
    messageOf(
      () => new BlueGreenService(stack, 'Service', { cluster, trafficPlane, serviceName: 'shop', slots, desiredCount: 0 }),
    ),
    'text',
  );
}

function settingsErrors(context: Readonly<Record<string, unknown>>): string {
  return messageOf(() => readSettings(context));
}

function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error to show in the docs, got none');
}
