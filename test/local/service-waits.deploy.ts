import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand, type UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { until } from '../until';
import type { Resources, StackResult } from './emulator/stacks';
import { LocalCommand } from './local-command';
import { shop } from './shops';

const answering = `node -e "require('http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, '127.0.0.1')"`;

let folder: string;
let local: LocalCommand;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waits-'));
  const gated = `until [ -e ${gate()} ]; do sleep 0.05; done; exec ${answering}`;
  local = await LocalCommand.start({ words: ['--run', `example/gated=${gated}`, '--run', 'example/bad=exit 3'] });
});
afterEach(async () => {
  await local.end();
  rmSync(folder, { recursive: true });
  expect(local.errors).toBe('');
});

/** A task of the image `example/gated` does not start before this file is there. */
const gate = () => join(folder, 'gate');

const withGreen = (image: string, service: object = {}) =>
  shop('load-balancer', { name: 'shop', images: { Green: image }, service });
const ecs = () => new ECSClient(local.client);

async function green() {
  const { services: [found] = [] } = await ecs().send(new DescribeServicesCommand({ cluster: 'shop', services: ['shop-Green'] }));
  return found;
}

const changeByHand = (change: Partial<UpdateServiceRequest>) =>
  ecs().send(new UpdateServiceCommand({ cluster: 'shop', service: 'shop-Green', ...change }));

/** Waits until the service is there, and waits for its new task. */
const waitsForTask = () => until(async () => (await green().catch(() => undefined))?.deployments?.[0]?.pendingCount === 1);

const statusOf = async (operation: Promise<StackResult>) => (await operation).status;

test('a service that is scaled by hand while CloudFormation waits for it: the deploy waits on, and goes through', async () => {
  expect(await statusOf(local.stacks.create('shop', withGreen('example/good')))).toBe('CREATE_COMPLETE');
  const update = local.stacks.update('shop', withGreen('example/gated'));
  await waitsForTask();
  await changeByHand({ desiredCount: 2 });
  await until(async () => (await green())?.deployments?.[0]?.pendingCount === 2);
  expect(await local.stacks.status('shop')).toBe('UPDATE_IN_PROGRESS');
  writeFileSync(gate(), '');
  expect(await update).toMatchObject({ status: 'UPDATE_COMPLETE', failures: {} });
  expect(await green()).toMatchObject({ desiredCount: 2, runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
});

test('an update that hangs is cancelled, and goes back to what ran', async () => {
  expect(await statusOf(local.stacks.create('shop', withGreen('example/good')))).toBe('CREATE_COMPLETE');
  const before = await green();
  const update = local.stacks.update('shop', withGreen('example/gated'));
  await waitsForTask();
  await local.stacks.cancelUpdate('shop');
  expect(await statusOf(update)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await green()).toMatchObject({ taskDefinition: before?.taskDefinition, runningCount: 1 });
  expect(await statusOf(local.stacks.delete('shop'))).toBe('DELETE_COMPLETE');
});

test('a stack whose creation hangs is deleted, with its tasks and its way in', async () => {
  const creation = local.stacks.create('shop', withGreen('example/gated')).catch(() => undefined);
  await waitsForTask();
  expect(await statusOf(local.stacks.delete('shop'))).toBe('DELETE_COMPLETE');
  await creation;
  expect(local.urlOf('shop')).toBeUndefined();
  writeFileSync(gate(), '');
  expect(await statusOf(local.stacks.create('shop', withGreen('example/gated')))).toBe('CREATE_COMPLETE');
});

test('a bad task definition by hand: the circuit breaker goes back, and so does what the API says', async () => {
  const { GreenTask: BadTask } = withGreen('example/bad');
  const withBad = { ...withGreen('example/good'), BadTask } as Resources;
  const { refs } = await local.stacks.create('shop', withBad);
  await changeByHand({ taskDefinition: refs.BadTask, forceNewDeployment: true });
  await until(async () => (await green())?.events?.some(({ message }) => message?.includes('rolling back')) ?? false);
  await until(async () => (await green())?.taskDefinition === refs.GreenTask);
  await changeByHand({ desiredCount: 2 });
  await until(async () => (await green())?.deployments?.[0]?.rolloutState === 'COMPLETED');
  expect(await green()).toMatchObject({
    desiredCount: 2,
    runningCount: 2,
    taskDefinition: refs.GreenTask,
    deployments: [{ taskDefinition: refs.GreenTask }],
  });
});
