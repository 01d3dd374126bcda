import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListTargetsCommand, VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import type { DeploymentState, ServiceState, TargetState, TaskState } from '../../../lib/local/emulator/follower';
import { followedEmulator } from './followed-emulator';
import { lattice, loadBalancer, service } from './followed-resources';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const targets: TargetState[] = [
  { port: 40001, state: 'initial' },
  { port: 40002, state: 'healthy' },
  { port: 40003, state: 'unhealthy' },
  { port: 40004, state: 'draining' },
];

describe('what the API says of what a follower reports', () => {
  const on = followedEmulator();

  const ecs = () => new ECSClient(on.emulator.client);
  const idOf = (id: string) => on.follower.lastOf(id)?.physicalId as string;
  const described = async () => {
    const { services: [found] = [] } = await ecs().send(
      new DescribeServicesCommand({ cluster: 'cluster', services: [idOf('Service')] }),
    );
    return found;
  };
  const tasks = async (options: object = {}) => {
    const { taskArns = [] } = await ecs().send(new ListTasksCommand({ cluster: 'cluster', ...options }));
    return taskArns.map((arn) => arn.split('/').at(-1));
  };

  /** Waits until the API says something: a report is not answered. */
  const says = async (condition: () => Promise<boolean>) => {
    while (!(await condition())) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  const deployment = (options: Partial<DeploymentState>): DeploymentState => ({
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    taskDefinition: idOf('Task'),
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    failedTasks: 3,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: 'ECS deployment ecs-svc/1 in progress.',
    createdAt: at,
    updatedAt: at + 1000,
    ...options,
  });
  const task = (id: string, options: Partial<TaskState> = {}): TaskState => ({
    id,
    deployment: 'ecs-svc/1',
    taskDefinition: idOf('Task'),
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    ports: { 8080: 40001 },
    createdAt: at,
    startedAt: at + 1000,
    ...options,
  });
  const stopped = (id: string): TaskState =>
    task(id, {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      healthStatus: 'UNKNOWN',
      stoppingAt: at + 2000,
      stoppedAt: at + 3000,
      stoppedReason: 'Essential container in task exited',
      stopCode: 'EssentialContainerExited',
      exitCode: 7,
    });
  const state = (options: Partial<ServiceState> = {}): ServiceState => ({
    service: idOf('Service'),
    deployments: [
      deployment({}),
      deployment({
        id: 'ecs-svc/0',
        status: 'ACTIVE',
        desiredCount: 1,
        runningCount: 1,
        pendingCount: 0,
        rolloutState: 'COMPLETED',
      }),
    ],
    tasks: [task('running'), task('pending', { lastStatus: 'PENDING', startedAt: undefined }), stopped('stopped')],
    events: [{ id: 'event', at, message: '(service shop) has started 1 tasks: (task running).' }],
    ...options,
  });

  test('a service that nobody has reported yet has no task, and is not done', async () => {
    const goOn = on.follower.waitAt('create Service');
    const creation = on.stacks.create('stack', service({ DesiredCount: 2 }));
    await on.follower.hasBeenTold('create Service');
    expect(await tasks()).toEqual([]);
    expect(await described()).toMatchObject({
      status: 'ACTIVE',
      runningCount: 0,
      pendingCount: 0,
      desiredCount: 2,
      events: [],
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: 0 }],
    });
    goOn({});
    await creation;
    await on.stacks.update('stack', service({ DesiredCount: 3 }, { Image: 'app:2' }));
    expect(await tasks()).toEqual([]);
    expect(await described()).toMatchObject({ runningCount: 0, desiredCount: 3, events: [] });
  });

  test('a service: its deployments and their counts, and its events', async () => {
    await on.stacks.create('stack', service({ DesiredCount: 2 }));
    on.emulator.report({ services: [state()] });
    await says(async () => (await described())?.deployments?.length === 2);

    expect(await described()).toMatchObject({
      desiredCount: 2,
      runningCount: 2,
      pendingCount: 1,
      events: [{ id: 'event', createdAt: new Date(at), message: '(service shop) has started 1 tasks: (task running).' }],
      deployments: [
        {
          id: 'ecs-svc/1',
          status: 'PRIMARY',
          failedTasks: 3,
          rolloutState: 'IN_PROGRESS',
          rolloutStateReason: 'ECS deployment ecs-svc/1 in progress.',
          taskDefinition: idOf('Task'),
          launchType: 'FARGATE',
          createdAt: new Date(at),
          updatedAt: new Date(at + 1000),
        },
        { id: 'ecs-svc/0', status: 'ACTIVE', rolloutState: 'COMPLETED', desiredCount: 1, runningCount: 1 },
      ],
    });
    const { clusters } = await ecs().send(new DescribeClustersCommand({ clusters: ['cluster'] }));
    expect(clusters).toMatchObject([{ runningTasksCount: 1, pendingTasksCount: 1 }]);
  });

  test('tasks: by service, family and wanted status, with why they stopped', async () => {
    await on.stacks.create('stack', service());
    on.emulator.report({ services: [state()] });
    await says(async () => (await tasks()).length === 2);

    const { properties: { ServiceName = '' } = {} } = on.follower.lastOf('Service') ?? {};
    expect(await tasks({ serviceName: ServiceName })).toEqual(['running', 'pending']);
    expect(await tasks({ serviceName: 'other' })).toEqual([]);
    expect(await tasks({ family: 'task', desiredStatus: 'STOPPED' })).toEqual(['stopped']);
    expect(await tasks({ family: 'other' })).toEqual([]);

    const { tasks: found = [], failures } = await ecs().send(
      new DescribeTasksCommand({ cluster: 'cluster', tasks: ['running', 'pending', 'stopped', 'gone'] }),
    );
    const shared = { group: `service:${ServiceName}`, startedBy: 'ecs-svc/1', createdAt: new Date(at), launchType: 'FARGATE' };
    expect(found).toMatchObject([
      {
        ...shared,
        lastStatus: 'RUNNING',
        healthStatus: 'HEALTHY',
        startedAt: new Date(at + 1000),
        containers: [
          {
            name: 'app',
            lastStatus: 'RUNNING',
            healthStatus: 'HEALTHY',
            networkBindings: [{ bindIP: '127.0.0.1', containerPort: 8080, hostPort: 40001 }],
          },
          { name: 'aside', lastStatus: 'RUNNING', networkBindings: [] },
        ],
      },
      { ...shared, lastStatus: 'PENDING', containers: [{ lastStatus: 'PENDING' }, { lastStatus: 'PENDING' }] },
      {
        ...shared,
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stoppedAt: new Date(at + 3000),
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'app', lastStatus: 'STOPPED', exitCode: 7 },
          { name: 'aside', lastStatus: 'STOPPED' },
        ],
      },
    ]);
    expect(found[2]?.containers?.[1]?.exitCode).toBeUndefined();
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  test('what is reported before an answer is in force when CloudFormation goes on', async () => {
    on.follower.answer = ({ resource }) => {
      if (resource.logicalId === 'Service') {
        on.emulator.report({ services: [state()] });
      }
      return {};
    };
    await on.stacks.create('stack', service());
    expect(await tasks()).toEqual(['running', 'pending']);
  });

  test('a task is there for as long as it is reported', async () => {
    await on.stacks.create('stack', service());
    on.emulator.report({ services: [state()] });
    on.emulator.report({ services: [state({ tasks: [task('running'), stopped('pending')] })] });
    await says(async () => (await tasks()).length === 1);
    expect(await tasks()).toEqual(['running']);
    expect(await tasks({ desiredStatus: 'STOPPED' })).toEqual(['pending']);
    on.emulator.report({ services: [state({ tasks: [] })] });
    await says(async () => (await tasks()).length === 0);
    expect(await tasks({ desiredStatus: 'STOPPED' })).toEqual([]);
  });

  test('a task that is stopped by the API: the follower is told, with a reason', async () => {
    await on.stacks.create('stack', service());
    on.emulator.report({ services: [state()] });
    await says(async () => (await tasks()).length === 2);
    const stop = (task: string, reason?: string) => ecs().send(new StopTaskCommand({ cluster: 'cluster', task, reason }));
    expect((await stop('running', 'too old')).task?.desiredStatus).toBe('STOPPED');
    await stop('pending');
    await expect(stop('gone')).rejects.toThrow(/not found/);
    await says(async () => on.follower.stops.length === 2);
    expect(on.follower.stops).toEqual(['running: too old', 'pending: Task stopped by user']);
  });

  test('a report of something that is not there does no harm', async () => {
    await on.stacks.create('stack', service());
    on.emulator.report({ services: [state({ service: 'arn:aws:ecs:us-east-1:123456789012:service/cluster/other' })] });
    on.emulator.report({ services: [state()], targetGroups: [{ targetGroup: 'arn', targets }] });
    await says(async () => (await tasks()).length === 2);
    expect((await on.stacks.delete('stack')).status).toBe('DELETE_COMPLETE');
    expect(await tasks({ cluster: 'cluster' }).catch(() => [])).toEqual([]);
  });

  test('targets of a load balancer: their health, and why', async () => {
    await on.stacks.create('stack', loadBalancer(50));
    const health = async (group: string, Targets?: { Id: string; Port?: number }[]) => {
      const { TargetHealthDescriptions = [] } = await new ElasticLoadBalancingV2Client(on.emulator.client).send(
        new DescribeTargetHealthCommand({ TargetGroupArn: idOf(group), Targets }),
      );
      return TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
        Target?.Id,
        Target?.Port,
        TargetHealth?.State,
        TargetHealth?.Reason,
      ]);
    };
    on.emulator.report({ targetGroups: ['Blue', 'Unused'].map((id) => ({ targetGroup: idOf(id), targets })) });
    await says(async () => (await health('Blue')).length > 0);

    const blue = [
      ['127.0.0.1', 40001, 'initial', 'Elb.RegistrationInProgress'],
      ['127.0.0.1', 40002, 'healthy', undefined],
      ['127.0.0.1', 40003, 'unhealthy', 'Target.FailedHealthChecks'],
      ['127.0.0.1', 40004, 'draining', 'Target.DeregistrationInProgress'],
    ];
    expect(await health('Blue')).toEqual(blue);
    expect(await health('Green')).toEqual([]);
    expect((await health('Unused')).slice(0, 2)).toEqual([
      ['127.0.0.1', 40001, 'unused', 'Target.NotInUse'],
      ['127.0.0.1', 40002, 'unused', 'Target.NotInUse'],
    ]);
    expect(await health('Blue', [{ Id: '127.0.0.1', Port: 40003 }, { Id: '10.0.0.1' }])).toEqual([
      blue[2],
      ['10.0.0.1', undefined, 'unused', 'Target.NotRegistered'],
    ]);
    await expect(
      new ElasticLoadBalancingV2Client(on.emulator.client).send(new DescribeTargetHealthCommand({ TargetGroupArn: 'none' })),
    ).rejects.toThrow(/not found/);
  });

  test('targets of Lattice: their status', async () => {
    await on.stacks.create('stack', lattice(50));
    const statuses = async (targetGroupIdentifier: string, asked?: { id: string; port: number }[]) => {
      const { items = [] } = await new VPCLatticeClient(on.emulator.client).send(
        new ListTargetsCommand({ targetGroupIdentifier, targets: asked }),
      );
      return items.map(({ id, port, status }) => [id, port, status]);
    };
    on.emulator.report({ targetGroups: ['Blue', 'Unused'].map((id) => ({ targetGroup: idOf(id), targets })) });
    await says(async () => (await statuses(idOf('Blue'))).length > 0);

    const id = idOf('Blue').split('/').at(-1) as string;
    expect(await statuses(id)).toEqual([
      ['127.0.0.1', 40001, 'INITIAL'],
      ['127.0.0.1', 40002, 'HEALTHY'],
      ['127.0.0.1', 40003, 'UNHEALTHY'],
      ['127.0.0.1', 40004, 'DRAINING'],
    ]);
    expect(await statuses(id, [{ id: '127.0.0.1', port: 40002 }])).toEqual([['127.0.0.1', 40002, 'HEALTHY']]);
    expect(await statuses(idOf('Green'))).toEqual([]);
    expect((await statuses(idOf('Unused'))).map(([, , status]) => status)).toEqual(['UNUSED', 'UNUSED', 'UNUSED', 'DRAINING']);
    await expect(statuses('tg-none')).rejects.toThrow(/does not exist/);
  });
});
