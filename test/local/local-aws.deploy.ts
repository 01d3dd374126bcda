import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  ECSClient,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListTargetsCommand, VPCLatticeClient } from '@aws-sdk/client-vpc-lattice';
import { planeNames } from '../../lib/release/plane-limits';
import { type RequestOptions, Requests } from '../deploy/requests';
import { until } from '../until';
import { telling, told } from './apps/telling';
import { LocalCommand, type LocalCommandOptions } from './local-command';
import { balancer, shop } from './shops';

let local: LocalCommand;
let sending: Requests[] = [];

afterEach(async () => {
  await Promise.all(sending.map((requests) => requests.stop()));
  sending = [];
  await local.end();
  expect(local.errors).toBe('');
});

async function start(options: LocalCommandOptions = {}): Promise<void> {
  local = await LocalCommand.start(options);
}

/** Sends requests until the end of the test at the latest. */
function sends(url: string, options: RequestOptions = {}): Requests {
  const requests = new Requests(url, options);
  sending.push(requests);
  return requests;
}

/** What the slots answer, as many times. */
async function answers(url: string, count = 40): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (let each = 0; each < count; each += 1) {
    const response = await fetch(url);
    const words = `${response.status} ${response.headers.get('x-slot')} ${(await response.text()).slice(0, 5).trim()}`;
    found[words] = (found[words] ?? 0) + 1;
  }
  return found;
}

/** What the API says, in the words of its real clients, of the service blue of a shop. */
class Says {
  private readonly ecs: ECSClient;
  private readonly balancing: ElasticLoadBalancingV2Client;
  private readonly lattice: VPCLatticeClient;

  constructor(
    client: LocalCommand['client'],
    private readonly group: string,
  ) {
    this.ecs = new ECSClient(client);
    this.balancing = new ElasticLoadBalancingV2Client(client);
    this.lattice = new VPCLatticeClient(client);
  }

  async service() {
    const { services: [found] = [] } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: 'shop', services: ['shop-Blue'] }),
    );
    return found;
  }

  /** Those that are to run, or to be stopped. */
  async tasks(desiredStatus: DesiredStatus) {
    const { taskArns = [] } = await this.ecs.send(
      new ListTasksCommand({ cluster: 'shop', serviceName: 'shop-Blue', desiredStatus }),
    );
    const { tasks = [] } =
      taskArns.length === 0 ? {} : await this.ecs.send(new DescribeTasksCommand({ cluster: 'shop', tasks: taskArns }));
    return tasks;
  }

  /** Has the API stop the task that runs. */
  async stop(reason: string): Promise<void> {
    const [task] = await this.tasks('RUNNING');
    await this.ecs.send(new StopTaskCommand({ cluster: 'shop', task: task?.taskArn, reason }));
  }

  /** What the targets are, in the order of the alphabet. */
  async targets(): Promise<readonly string[]> {
    if (this.group.includes(':vpc-lattice:')) {
      const { items = [] } = await this.lattice.send(new ListTargetsCommand({ targetGroupIdentifier: this.group }));
      return items.map(({ status = '' }) => status).sort();
    }
    const { TargetHealthDescriptions: found = [] } = await this.balancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: this.group }),
    );
    return found.map(({ TargetHealth }) => `${TargetHealth?.State}`.toUpperCase()).sort();
  }
}

/** Asks until so many processes have answered in a row of answers that is long enough to have them all. */
async function pids(url: string, count: number): Promise<ReadonlySet<number>> {
  for (;;) {
    const found = new Set<number>();
    for (let each = 0; each < 10 * count; each += 1) {
      const { ok, pid } = await told(url);
      if (ok) {
        found.add(pid);
      }
    }
    if (found.size === count) {
      return found;
    }
  }
}

test('several stacks on all planes answer at once, and are told of as they come and go', async () => {
  await start();
  const created = await Promise.all(planeNames.map((plane) => local.stacks.create(plane, shop(plane, { name: plane }))));
  expect(created.map(({ status, failures }) => ({ status, failures }))).toEqual(
    planeNames.map(() => ({ status: 'CREATE_COMPLETE', failures: {} })),
  );
  for (const plane of planeNames) {
    expect(Object.keys(await answers(local.urlOf(plane) ?? '')).sort()).toEqual(['200 blue blue', '200 green green']);
    await local.stacks.update(plane, shop(plane, { name: plane, weight: 100 }));
    expect(await answers(local.urlOf(plane) ?? '')).toEqual({ '200 green green': 40 });
  }
  const urls = planeNames.map((plane) => local.urlOf(plane));
  await Promise.all(planeNames.map((plane) => local.stacks.delete(plane)));
  await until(() => planeNames.every((plane) => local.urlOf(plane) === undefined));
  for (const url of urls) {
    await expect(fetch(url ?? '')).rejects.toThrow();
  }
});

test('a listener that several stacks share answers what it has of others, while two services behind it are changed', async () => {
  await start();
  const foreign = {
    Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    Properties: {
      ListenerArn: { Ref: 'Listener' },
      Priority: 5,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['old.example.com'] } }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }],
    },
  };
  const { refs, failures } = await local.stacks.create('edge', { ...balancer(), Foreign: foreign });
  expect(failures).toEqual({});
  const url = local.urlOf('edge') ?? '';
  const others = sends(url, { host: 'old.example.com', rate: 200 });
  const shops = ['one', 'two'].map((name, at) => ({ name, listener: refs.Listener ?? '', priority: 10 + at }));
  const created = await Promise.all(shops.map((each) => local.stacks.create(each.name, shop('load-balancer', each))));
  const updated = await Promise.all(
    shops.map((each) => local.stacks.update(each.name, shop('load-balancer', { ...each, weight: 100 }))),
  );
  expect([...created, ...updated].map((each) => each.failures)).toEqual([{}, {}, {}, {}]);
  for (const { name } of shops) {
    const requests = sends(url, { host: `${name}.example.com` });
    await requests.expectSplit({ blue: 0, green: 100 });
    await requests.stop();
  }
  await Promise.all(shops.map(({ name }) => local.stacks.delete(name)));
  await others.stop();
  expect(new Set(others.all.map(({ status, problem }) => status ?? problem))).toEqual(new Set([410]));
  expect(others.all.length).toBeGreaterThan(100);
});

test.each(planeNames)(
  'on %s a task that is killed is replaced, and one whose image is another one loses no request',
  async (plane) => {
    await start({ words: ['--run', `example/shop=${telling}`] });
    const stack = { name: 'shop', weight: 0, service: { DesiredCount: 2 } };
    expect((await local.stacks.create('shop', shop(plane, stack))).failures).toEqual({});
    const url = local.urlOf('shop') ?? '';
    const before = await pids(url, 2);
    const [killed = 0, kept] = before;
    const requests = sends(url);

    process.kill(killed, 'SIGKILL');
    await until(async () => !(await pids(url, 2)).has(killed));
    const replaced = await pids(url, 2);
    expect([...replaced].filter((pid) => before.has(pid))).toEqual([kept]);
    // Between its end and the moment when the way in knows of it, as in AWS: App Mesh tries another task.
    const { lost } = requests;
    if (plane === 'app-mesh') {
      expect(lost).toEqual({});
    }

    await local.stacks.update('shop', shop(plane, { ...stack, images: { Blue: 'example/shop:new' } }));
    expect([...(await pids(url, 2))].filter((pid) => replaced.has(pid))).toEqual([]);
    await requests.expectSplit({ blue: 100 });
    await requests.stop();
    // Only in the moment until its connections are known to be gone.
    expect(Object.values(lost).reduce((sum, count) => sum + count, 0)).toBeLessThan(250);
    expect(requests.lost).toEqual(lost);
  },
);

test.each(['load-balancer', 'lattice'] as const)(
  'what the API says on %s while a task takes the place of another',
  async (plane) => {
    await start({ words: ['--run', `example/shop=${telling}`, '--run', `example/shop:late=${telling} late`] });
    const { refs } = await local.stacks.create('shop', shop(plane, { name: 'shop', weight: 0 }));
    const says = new Says(local.client, refs.BlueGroup ?? '');
    expect([await says.targets(), await says.tasks('RUNNING')]).toEqual([
      ['HEALTHY'],
      [expect.objectContaining({ lastStatus: 'RUNNING' })],
    ]);

    const underWay = told(local.urlOf('shop') ?? '', 8000);
    const update = local.stacks.update('shop', shop(plane, { name: 'shop', weight: 0, images: { Blue: 'example/shop:late' } }));
    await until(async () => `${await says.targets()}` === 'HEALTHY,INITIAL');
    expect(await says.service()).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'IN_PROGRESS' }, { status: 'ACTIVE' }],
    });
    await until(async () => `${await says.targets()}` === 'DRAINING,HEALTHY');
    const [leaving] = await says.tasks('STOPPED');
    expect(leaving).toMatchObject({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' });
    expect((await underWay).ok).toBe(true);
    expect((await update).failures).toEqual({});
    expect(await says.targets()).toEqual(['HEALTHY']);
    expect(await says.service()).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
    expect(await says.tasks('STOPPED')).toEqual([
      expect.objectContaining({
        taskArn: leaving?.taskArn,
        lastStatus: 'STOPPED',
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: expect.stringMatching(/^Scaling activity initiated by \(deployment ecs-svc\/\d+\)$/),
        containers: [expect.objectContaining({ exitCode: 0 })],
      }),
    ]);

    process.kill((await told(local.urlOf('shop') ?? '')).pid, 'SIGKILL');
    await until(async () => (await says.tasks('STOPPED')).length === 2);
    expect(await says.tasks('STOPPED')).toContainEqual(
      expect.objectContaining({
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [expect.objectContaining({ exitCode: 137 })],
      }),
    );
    const isSteady = async () => /steady state/.test((await says.service())?.events?.[0]?.message ?? '');
    await until(isSteady);
    expect(await says.targets()).toEqual(['HEALTHY']);

    await says.stop('too old');
    await until(async () => (await says.tasks('STOPPED')).length === 3 && (await isSteady()));
    expect(await says.tasks('STOPPED')).toContainEqual(
      expect.objectContaining({ lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too old' }),
    );
    expect(await says.tasks('RUNNING')).toHaveLength(1);
  },
);
