import type { DeployedResource, TargetGroupState, TargetHealth } from '../../../lib/local/emulator/follower';
import { Entries } from '../../../lib/local/envoy/entries';
import { type EnvoyBinary, findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import { planeNames } from '../../../lib/release/plane-limits';
import { type Context, templateOf } from '../../app-template';
import { until } from '../../until';
import { deployed } from '../routes/deployed';
import { AppServer } from './app-server';

const apps: AppServer[] = [];
const stop = new AbortController();
const lost: string[] = [];
let binary: EnvoyBinary;
let entries: Entries;
let groups: readonly TargetGroupState[];

beforeAll(async () => {
  binary = await findEnvoy();
}, 120_000);
beforeEach(() => {
  groups = [];
  entries = new Entries({
    binary,
    signal: stop.signal,
    onTargetGroups: (states) => {
      groups = states;
    },
    onLost: (problem) => lost.push(problem),
  });
});
afterEach(async () => {
  await entries.stop();
  for (const app of apps.splice(0)) {
    app.stop();
  }
  expect(lost).toEqual([]);
});

async function app(name: string): Promise<AppServer> {
  const server = await new AppServer(name).start();
  apps.push(server);
  return server;
}

const taskOf = ({ physicalId }: DeployedResource, { port }: AppServer) => ({
  id: `${physicalId} ${port}`,
  service: physicalId,
  ports: { 8080: port },
});
const both = { blueActive: true, greenActive: true };

/** A stack that is deployed onto the entries, one resource after the other, with one task for each of its services. */
class Deploy {
  readonly tasks = new Map<string, AppServer>();
  address = '';
  private resources: readonly DeployedResource[] = [];

  constructor(private readonly stack = 'stack') {}

  async to(flags: Context): Promise<void> {
    const before = new Map(this.resources.map((resource) => [resource.physicalId, resource]));
    this.resources = deployed(templateOf(flags), this.stack);
    for (const resource of this.resources) {
      const was = before.get(resource.physicalId);
      before.delete(resource.physicalId);
      if (JSON.stringify(was) !== JSON.stringify(resource)) {
        const { problem, address } = await entries.changed({ verb: was ? 'update' : 'create', resource });
        expect(problem).toBeUndefined();
        this.address = address ?? this.address;
        if (!was && resource.type === 'AWS::ECS::Service') {
          await this.startTask(resource);
        }
      }
    }
    for (const resource of [...before.values()].reverse()) {
      await this.remove(resource);
    }
  }

  async destroy(): Promise<void> {
    for (const resource of [...this.resources].reverse()) {
      await this.remove(resource);
    }
    this.resources = [];
  }

  private async startTask(service: DeployedResource): Promise<void> {
    const slot = ['blue', 'green'].find((each) => new RegExp(each, 'i').test(service.logicalId));
    if (slot) {
      const server = await app(slot);
      this.tasks.set(service.physicalId, server);
      const said: TargetHealth[] = [];
      await entries.register(taskOf(service, server), (health) => said.push(health));
      await until(() => said.at(-1) === 'healthy');
    }
  }

  private async remove(resource: DeployedResource): Promise<void> {
    const server = this.tasks.get(resource.physicalId);
    if (server) {
      await entries.deregister(taskOf(resource, server));
      await entries.drained(taskOf(resource, server), stop.signal);
      server.stop();
      this.tasks.delete(resource.physicalId);
    }
    expect(await entries.changed({ verb: 'delete', resource })).toEqual({});
  }
}

async function counts(address: string, count: number, path = '/'): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (let each = 0; each < count; each += 1) {
    const answer = await fetch(`http://${address}${path}`);
    const words = `${answer.status} ${answer.headers.get('x-slot') ?? '-'} ${await answer.text()}`;
    found[words] = (found[words] ?? 0) + 1;
  }
  return found;
}

test.each(planeNames)(
  'a release on %s',
  async (trafficPlane) => {
    const stack = new Deploy();
    const ingress = trafficPlane === 'lattice' ? {} : { ingress: 'public' };
    const flags = { trafficPlane, ...ingress };
    await stack.to({ ...flags, blueActive: true, greenActive: false });
    const blueOnly = stack.address;
    expect(blueOnly).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(entries.waysIn.map(({ address }) => address)).toEqual([blueOnly]);
    expect(await counts(stack.address, 50)).toEqual({ '200 blue blue': 50 });
    await stack.to({ ...flags, ...both, blueWeight: 1, greenWeight: 0 });
    expect(await counts(stack.address, 50)).toEqual({ '200 blue blue': 50 });
    await stack.to({ ...flags, ...both, blueWeight: 1, greenWeight: 1 });
    expect(Object.keys(await counts(stack.address, 100)).sort()).toEqual(['200 blue blue', '200 green green']);
    await stack.to({ ...flags, ...both, blueWeight: 0, greenWeight: 1 });
    expect(await counts(stack.address, 50)).toEqual({ '200 green green': 50 });
    await stack.to({ ...flags, blueActive: false, greenActive: true, greenWeight: 1 });
    expect(await counts(stack.address, 50)).toEqual({ '200 green green': 50 });
    expect(stack.address).toBe(blueOnly);
    if (trafficPlane !== 'app-mesh') {
      const green = [...stack.tasks.values()].map(({ port }) => ({ port, state: 'healthy' }));
      expect(groups.map(({ targets }) => targets)).toEqual([green]);
    }
    await stack.destroy();
    expect(entries.waysIn).toEqual([]);
    await expect(fetch(`http://${blueOnly}/`)).rejects.toThrow();
  },
  60_000,
);

// All that counts is what was said last, in whatever order it came and however much of it at once.
test.each([1, 2, 3])(
  'tasks and weights that change all at once end as they were told last (%i)',
  async (seed) => {
    const random = randomBy(seed);
    const flags = { trafficPlane: 'load-balancer', ...both };
    const stack = new Deploy();
    await stack.to(flags);
    const resources = deployed(templateOf(flags));
    const service = resources.find(({ type, logicalId }) => type === 'AWS::ECS::Service' && logicalId.includes('Blue'));
    const rule = (blueWeight: number, greenWeight: number) =>
      deployed(templateOf({ ...flags, blueWeight, greenWeight })).find(({ logicalId }) => /ProductionRule/.test(logicalId));
    const rules = [rule(1, 0), rule(0, 1), rule(1, 1)] as DeployedResource[];
    const others = await Promise.all(['one', 'two', 'three'].map((name) => app(name)));
    const registered = new Set<AppServer>();
    const under: Promise<unknown>[] = [];
    for (let step = 0; step < 40; step += 1) {
      const server = others[random(others.length)] as AppServer;
      const task = taskOf(service as DeployedResource, server);
      if (random(2) === 0) {
        under.push(entries.changed({ verb: 'update', resource: rules[random(rules.length)] as DeployedResource }));
      } else if (registered.delete(server)) {
        under.push(entries.deregister(task));
      } else {
        registered.add(server);
        under.push(entries.register(task, () => {}));
      }
      if (random(4) === 0) {
        await under.pop();
      }
    }
    under.push(entries.changed({ verb: 'update', resource: rules[0] as DeployedResource }));
    await Promise.all(under);
    await until(() => groups.every(({ targets }) => targets.every(({ state }) => state === 'healthy' || state === 'draining')));
    const expected = ['blue', ...[...registered].map(({ name }) => name)].map((name) => `200 blue ${name}`);
    expect(Object.keys(await counts(stack.address, 40)).sort()).toEqual(expected.sort());
  },
  60_000,
);

test('a change that cannot be followed is left aside, and the one after it is not', async () => {
  const stack = new Deploy();
  const flags = { trafficPlane: 'load-balancer', ...both };
  await stack.to(flags);
  const rule = deployed(templateOf(flags)).find(({ logicalId }) => /ProductionRule/.test(logicalId)) as DeployedResource;
  const resource = JSON.parse(JSON.stringify(rule).replaceAll(/"Weight":\d/g, '"Weight":0'));
  expect((await entries.changed({ verb: 'update', resource })).problem).toMatch(/got weights with a sum of 0/);
  expect(await counts(stack.address, 40)).toEqual({ '200 blue blue': 40 });
  await stack.to({ ...flags, blueWeight: 0, greenWeight: 1 });
  expect(await counts(stack.address, 40)).toEqual({ '200 green green': 40 });
}, 60_000);

test('what Envoy refuses at one way in hurts nobody else: no other change, and no task that comes or goes', async () => {
  const flags = { trafficPlane: 'load-balancer', ...both };
  const [one, other] = [new Deploy('one'), new Deploy('other')];
  await one.to(flags);
  await other.to(flags);
  const service = serviceIn(flags, 'one', 'Blue');
  const old = one.tasks.get(service.physicalId) as AppServer;
  const refused = { ...productionRule(flags, 'one'), properties: refusedProperties(productionRule(flags, 'one')) };
  const moved = productionRule({ ...flags, blueWeight: 0, greenWeight: 1 }, 'other');
  const next = await app('next');
  const said: TargetHealth[] = [];
  const [answer, otherAnswer] = await Promise.all([
    entries.changed({ verb: 'update', resource: refused }),
    entries.changed({ verb: 'update', resource: moved }),
    entries.register(taskOf(service, next), (health) => said.push(health)),
    entries.register(taskOf(serviceIn(flags, 'other', 'Green'), await app('green')), () => {}),
  ]);
  expect(answer.problem).toMatch(/^load balancer \w+ of one: Envoy refused the configuration and kept the one before: [^:\s]/);
  expect(otherAnswer).toEqual({});
  expect(await counts(other.address, 40)).toEqual({ '200 green green': 40 });
  await until(() => said.at(-1) === 'healthy');
  const again = entries.changed({ verb: 'update', resource: refused });
  await new Promise((resolve) => setImmediate(resolve));
  await entries.deregister(taskOf(service, old));
  expect(await counts(one.address, 40)).toEqual({ '200 blue next': 40 });
  expect((await again).problem).toBe(answer.problem);
  await entries.drained(taskOf(service, old), stop.signal);
  expect(groups.flatMap(({ targets }) => targets).map(({ port }) => port)).not.toContain(old.port);
  await one.to({ ...flags, blueWeight: 0, greenWeight: 1 });
  expect(await counts(one.address, 40)).toEqual({ '200 green green': 40 });
}, 60_000);

test('a slot may have any name that a header can have, and who gives it another one is told', async () => {
  const flags = { trafficPlane: 'load-balancer', ...both };
  const stack = new Deploy();
  await stack.to(flags);
  const named = (slot: string) => {
    const definition = inStack(flags, 'stack', 'AWS::ECS::TaskDefinition', /Blue/);
    const text = JSON.stringify(definition.properties).replaceAll('"Value":"blue"', `"Value":${JSON.stringify(slot)}`);
    return { ...definition, properties: JSON.parse(text) };
  };
  expect(await entries.changed({ verb: 'update', resource: named('50%') })).toEqual({});
  expect(await counts(stack.address, 20)).toEqual({ '200 50% blue': 20 });
  const { problem } = await entries.changed({ verb: 'update', resource: named('two\nlines') });
  expect(problem).toMatch(/^load balancer \w+ of stack: Envoy refused the configuration/);
  expect(await counts(stack.address, 20)).toEqual({ '200 50% blue': 20 });
}, 60_000);

test('two tasks of one service without a port are two', async () => {
  const said: TargetHealth[][] = [[], []];
  const tasks = ['one', 'two'].map((id) => ({ id, service: 'worker', ports: {} }));
  await Promise.all(tasks.map((task, index) => entries.register(task, (health) => said[index]?.push(health))));
  expect(said).toEqual([['healthy'], ['healthy']]);
});

test('a task keeps the port and the target group with which it came, until it goes', async () => {
  const flags = { trafficPlane: 'load-balancer', ...both };
  const stack = new Deploy();
  await stack.to(flags);
  const service = serviceIn(flags, 'stack', 'Blue');
  const old = stack.tasks.get(service.physicalId) as AppServer;
  const at9090 = (resource: DeployedResource) =>
    JSON.parse(JSON.stringify(resource).replaceAll('"ContainerPort":8080', '"ContainerPort":9090'));
  for (const resource of [inStack(flags, 'stack', 'AWS::ECS::TaskDefinition', /Blue/), service]) {
    expect(await entries.changed({ verb: 'update', resource: at9090(resource) })).toEqual({});
    expect(await counts(stack.address, 20)).toEqual({ '200 blue blue': 20 });
  }
  const next = await app('next');
  const said: TargetHealth[] = [];
  await entries.register({ id: 'next', service: service.physicalId, ports: { 9090: next.port } }, (health) => said.push(health));
  await until(() => said.at(-1) === 'healthy');
  await entries.deregister(taskOf(service, old));
  expect(await counts(stack.address, 20)).toEqual({ '200 blue next': 20 });
}, 60_000);

test.each([
  ['load-balancer', 'ListenerRule', 'initial'],
  ['lattice', 'Rule', 'healthy'],
])(
  'a task on %s to which no rule leads is %s',
  async (trafficPlane, rule, expected) => {
    const flags = { trafficPlane, ...both };
    const resources = deployed(templateOf(flags)).filter(({ type }) => !type.endsWith(`::${rule}`));
    for (const resource of resources) {
      expect((await entries.changed({ verb: 'create', resource })).problem).toBeUndefined();
    }
    const said: TargetHealth[] = [];
    await entries.register(taskOf(serviceIn(flags, 'stack', 'Blue'), await app('blue')), (health) => said.push(health));
    expect(said).toEqual([expected]);
  },
  60_000,
);

test('a task drains for as long as its target group says now', async () => {
  const flags = { trafficPlane: 'load-balancer', ...both };
  const stack = new Deploy();
  await stack.to(flags);
  const service = serviceIn(flags, 'stack', 'Blue');
  const task = taskOf(service, stack.tasks.get(service.physicalId) as AppServer);
  let isOver = false;
  const slow = fetch(`http://${stack.address}/`, { headers: { 'x-delay': '3000' } }).then((answer) => {
    isOver = true;
    return answer.text();
  });
  await until(() => stack.tasks.get(service.physicalId)?.requests === 1);
  for (const group of deployed(templateOf(flags)).filter(({ type }) => type.endsWith('::TargetGroup'))) {
    const TargetGroupAttributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '0' }];
    const resource = { ...group, properties: { ...group.properties, TargetGroupAttributes } };
    expect(await entries.changed({ verb: 'update', resource })).toEqual({});
  }
  await entries.deregister(task);
  await entries.drained(task, stop.signal);
  expect(isOver).toBe(false);
  expect(await slow).toBe('blue');
}, 60_000);

test('what a deletion leaves behind that cannot be read stays as it was, and other stacks go on', async () => {
  const [mesh, other] = [new Deploy('mesh'), new Deploy('other')];
  const flags = { trafficPlane: 'app-mesh', ingress: 'public', ...both };
  await mesh.to(flags);
  const node = inStack(flags, 'mesh', 'AWS::AppMesh::VirtualNode', /Blue/);
  expect(await entries.changed({ verb: 'delete', resource: node })).toEqual({});
  await other.to({ trafficPlane: 'load-balancer', ...both });
  expect(await counts(other.address, 20)).toEqual({ '200 blue blue': 20 });
  expect(await counts(mesh.address, 20)).toEqual({ '200 blue blue': 20 });
  await mesh.destroy();
  expect(entries.waysIn.map(({ stack }) => stack)).toEqual(['other']);
}, 60_000);

// A prefix that ends with a slash is none for Envoy.
function refusedProperties({ properties }: DeployedResource): DeployedResource['properties'] {
  return { ...properties, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/shop/', '/shop//*'] } }] };
}

const inStack = (flags: Context, stack: string, type: string, name: RegExp) =>
  deployed(templateOf(flags), stack).find((each) => each.type === type && name.test(each.logicalId)) as DeployedResource;
const serviceIn = (flags: Context, stack: string, slot: string) => inStack(flags, stack, 'AWS::ECS::Service', new RegExp(slot));
const productionRule = (flags: Context, stack: string) =>
  inStack(flags, stack, 'AWS::ElasticLoadBalancingV2::ListenerRule', /ProductionRule/);

// https://en.wikipedia.org/wiki/Linear_congruential_generator, with the numbers of Numerical Recipes.
function randomBy(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
