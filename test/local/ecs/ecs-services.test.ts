import { randomUUID } from 'node:crypto';
import { EcsServices } from '../../../lib/local/ecs/ecs-services';
import type { DeployedResource, ServiceState } from '../../../lib/local/emulator/follower';
import { processTable } from '../../../lib/local/tasks/process-table';
import { until } from '../../until';
import { commandOf, NotedRegistrar } from './services';

let mark: string;
let registrar: NotedRegistrar;
let states: ServiceState[];
let services: EcsServices;

beforeEach(() => {
  mark = randomUUID();
  registrar = new NotedRegistrar();
  states = [];
  services = new EcsServices({
    registrar,
    commands: {
      byImage: new Map(['answering', 'exiting', 'silent'].map((name) => [name, commandOf(name)])),
      bySlot: {},
      demo: [],
    },
    environment: () => ({ TRIAL: mark }),
    onState: (state) => states.push(state),
  });
});
afterEach(async () => {
  await services.end();
  expect(await running()).toBe(0);
});

const running = async () => (await processTable().list(`TRIAL=${mark}`)).filter(({ marked }) => marked).length;

const taskDefinition = (image: string): DeployedResource => ({
  type: 'AWS::ECS::TaskDefinition',
  stack: 'stack',
  logicalId: 'Task',
  physicalId: `arn:task-definition/${image}`,
  properties: { ContainerDefinitions: [{ Name: 'app', Image: image, PortMappings: [{ ContainerPort: 8080 }] }] },
});

const service = (image: string, properties: object = {}): DeployedResource => ({
  type: 'AWS::ECS::Service',
  stack: 'stack',
  logicalId: 'Service',
  physicalId: 'arn:service/shop',
  properties: {
    ServiceName: 'shop',
    DesiredCount: 1,
    TaskDefinition: `arn:task-definition/${image}`,
    DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
    ...properties,
  },
});

const change = (verb: 'create' | 'update' | 'delete', resource: DeployedResource) => services.changed({ verb, resource });

test('a service runs what its task definition says, and goes on when that is deleted', async () => {
  await change('create', taskDefinition('answering'));
  await change('create', service('answering'));
  expect(await running()).toBe(1);
  await change('create', taskDefinition('silent'));
  await change('delete', taskDefinition('answering'));
  expect(await running()).toBe(1);
  await change('delete', service('answering'));
  expect(await running()).toBe(0);
  expect(states.at(-1)?.tasks.map(({ lastStatus }) => lastStatus)).toEqual(['STOPPED']);
});

test.each(['create', 'update'] as const)(
  'a service whose task definition is not there is refused when it is to %s',
  async (verb) => {
    await expect(change(verb, service('answering'))).rejects.toThrow(
      'service Service: got task definition arn:task-definition/answering, expected one that a stack has made',
    );
    expect([await running(), states]).toEqual([0, []]);
  },
);

test('of a new service that does not get stable nothing is kept: the next one begins anew', async () => {
  await change('create', taskDefinition('exiting'));
  await expect(change('create', service('exiting'))).rejects.toThrow(/Circuit Breaker was triggered/);
  expect(await running()).toBe(0);
  expect(registrar.registered.size).toBe(0);
  await change('create', taskDefinition('answering'));
  await change('create', service('answering'));
  expect(states.at(-1)).toMatchObject({
    deployments: [{ rolloutState: 'COMPLETED', failedTasks: 0 }],
    tasks: [{ lastStatus: 'RUNNING' }],
  });
});

test('a service whose update fails stays as it was', async () => {
  await change('create', taskDefinition('answering'));
  await change('create', taskDefinition('exiting'));
  await change('create', service('answering'));
  const [before] = states.at(-1)?.tasks ?? [];
  await expect(change('update', service('exiting'))).rejects.toThrow(/Circuit Breaker was triggered/);
  await change('update', service('answering'));
  expect(states.at(-1)?.tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')).toEqual([before]);
});

test('a service that is deleted before it is stable is gone with its tasks, and whoever waited for it is told', async () => {
  await change('create', taskDefinition('answering'));
  registrar.health = 'initial';
  const creation = expect(change('create', service('answering'))).rejects.toThrow(
    'service shop: it was deleted before it was stable',
  );
  await until(() => registrar.registered.size === 1);
  await change('delete', service('answering'));
  await creation;
  expect(await running()).toBe(0);
});

test('a task that somebody stops finishes what it is doing, and another one takes its place', async () => {
  await change('create', taskDefinition('answering'));
  await change('create', service('answering'));
  const [task] = states.at(-1)?.tasks ?? [];
  services.stopTask('another', 'not meant');
  services.stopTask(task?.id ?? '', 'too old');
  await until(() => states.at(-1)?.tasks.find(({ id }) => id === task?.id)?.lastStatus === 'STOPPED');
  await until(() => states.at(-1)?.events[0]?.message.endsWith('has reached a steady state.') ?? false);
  expect(states.at(-1)?.tasks).toEqual([
    expect.objectContaining({ lastStatus: 'RUNNING' }),
    expect.objectContaining({ id: task?.id, stoppedReason: 'too old', stopCode: 'UserInitiated', exitCode: 0 }),
  ]);
  expect(states.at(-1)?.deployments).toEqual([expect.objectContaining({ failedTasks: 0, rolloutState: 'COMPLETED' })]);
  expect(registrar.notes).toEqual(expect.arrayContaining(['deregister', 'drained']));
});

test('a service that nobody knows is gone', async () => {
  await change('delete', service('answering'));
  expect(states).toEqual([]);
});

test('after the end nothing is started any more, and nobody waits', async () => {
  await change('create', taskDefinition('answering'));
  await change('create', service('answering'));
  registrar.health = 'initial';
  const update = expect(change('update', service('answering', { DesiredCount: 2 }))).rejects.toThrow(
    'all ended before it was stable',
  );
  await until(() => registrar.registered.size === 2);
  await services.end();
  await update;
  await expect(change('create', service('answering'))).rejects.toThrow('service Service: all has ended');
  await change('delete', service('answering'));
});
