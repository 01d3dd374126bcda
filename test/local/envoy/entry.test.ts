import { setTimeout as wait } from 'node:timers/promises';
import type { TargetHealth } from '../../../lib/local/emulator/follower';
import { Entry } from '../../../lib/local/envoy/entry';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import type { WayIn } from '../../../lib/local/routes/way-in';
import { waysIn } from '../../../lib/local/routes/ways-in';
import { templateOf } from '../../app-template';
import { until } from '../../until';
import { deployed } from '../routes/deployed';
import { AppServer } from './app-server';

const apps: AppServer[] = [];
const entries: Entry[] = [];
const callers: (() => void)[] = [];
const stop = new AbortController();

afterEach(async () => {
  for (const end of callers.splice(0)) {
    end();
  }
  await Promise.all(entries.splice(0).map((entry) => entry.stop()));
  for (const app of apps.splice(0)) {
    app.stop();
  }
});

async function app(name: string): Promise<AppServer> {
  const server = await new AppServer(name).start();
  apps.push(server);
  return server;
}

function wayIn(blueWeight: number, greenWeight: number, trafficPlane = 'load-balancer'): WayIn {
  const flags = { blueActive: true, greenActive: true, blueWeight, greenWeight, trafficPlane, healthcheckInterval: 5 };
  const [first] = waysIn(deployed(templateOf(flags)));
  return first as WayIn;
}

async function start(way: WayIn, onHealth?: (target: string, port: number, health: TargetHealth) => void): Promise<Entry> {
  const entry = await Entry.start({ binary: await findEnvoy(), wayIn: way, signal: stop.signal, onHealth });
  entries.push(entry);
  return entry;
}

const target = ({ model }: WayIn, slot: string) => model.targets.find((each) => each.slot === slot)?.name ?? '';
const endpoints = (way: WayIn, blue: readonly AppServer[], green: readonly AppServer[]) => ({
  [target(way, 'blue')]: blue.map(({ port }) => port),
  [target(way, 'green')]: green.map(({ port }) => port),
});

async function ask(entry: Entry, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${entry.port}/`, { headers });
  return `${answer.status} ${answer.headers.get('x-slot') ?? '-'} ${await answer.text()}`;
}

async function askMany(entry: Entry, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let batch = 0; batch < count / 20; batch += 1) {
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => ask(entry)))) {
      counts[answer] = (counts[answer] ?? 0) + 1;
    }
  }
  return counts;
}

test('before it is told of a route it answers 503, and then by weights that hold exactly where they are 0 or all', async () => {
  const [blue, green] = [await app('blue'), await app('green')];
  const entry = await start(wayIn(1, 0));
  expect((await fetch(`http://127.0.0.1:${entry.port}/`)).status).toBe(wayIn(1, 0).model.unmatchedStatus);
  for (const [weights, expected] of [
    [[1, 0], { '200 blue blue': 200 }],
    [[0, 1], { '200 green green': 200 }],
    [[1, 0], { '200 blue blue': 200 }],
  ] as const) {
    const way = wayIn(weights[0], weights[1]);
    await entry.apply(way, endpoints(way, [blue], [green]));
    expect(await askMany(entry, 200)).toEqual(expected);
  }
  const half = wayIn(1, 1);
  await entry.apply(half, endpoints(half, [blue], [green]));
  const counts = await askMany(entry, 400);
  expect(Object.keys(counts).sort()).toEqual(['200 blue blue', '200 green green']);
  // 100 off the mean is ten times the standard deviation.
  expect(Math.abs((counts['200 blue blue'] ?? 0) - 200)).toBeLessThan(100);
});

test('tasks come and go under requests, and not one is lost', async () => {
  const way = wayIn(1, 1);
  const entry = await start(way);
  const steady = await app('green');
  let blues = [await app('blue 0')];
  await entry.apply(way, endpoints(way, blues, [steady]));
  const answers: string[] = [];
  let over = false;
  callers.push(() => {
    over = true;
  });
  const asking = Array.from({ length: 4 }, async () => {
    while (!over) {
      answers.push(await ask(entry).catch((error) => `${error}`));
    }
  });
  for (let round = 1; round <= 10; round += 1) {
    const next = await app(`blue ${round}`);
    await entry.apply(way, endpoints(way, [...blues, next], [steady]));
    await until(() => entry.health(target(way, 'blue'), next.port) === 'healthy');
    await entry.apply(way, endpoints(way, [next], [steady]));
    const [old] = blues;
    blues = [next];
    const before = old?.requests;
    const after = answers.length + 40;
    await until(() => answers.length > after);
    expect(old?.requests).toBe(before);
    await entry.drained(old?.port ?? 0, 60_000, stop.signal);
    old?.stop();
  }
  over = true;
  await Promise.all(asking);
  expect([...new Set(answers)].filter((answer) => !/^200 (blue blue \d+|green green)$/.test(answer))).toEqual([]);
}, 60_000);

test('a task that is not healthy gets no request, from its first check on and later', async () => {
  const way = wayIn(1, 0);
  const said: string[] = [];
  const [well, sick] = [await app('well'), await app('sick')];
  const names = new Map([
    [well.port, 'well'],
    [sick.port, 'sick'],
  ]);
  sick.health = 500;
  const entry = await start(way, (_, port, health) => said.push(`${names.get(port)} ${health}`));
  await entry.apply(way, endpoints(way, [well, sick], []));
  await until(() => said.includes('well healthy') && said.includes('sick unhealthy'));
  expect(await askMany(entry, 40)).toEqual({ '200 blue well': 40 });
  well.health = 500;
  sick.health = 200;
  await until(() => said.includes('well unhealthy') && said.includes('sick healthy'));
  expect(await askMany(entry, 40)).toEqual({ '200 blue sick': 40 });
}, 60_000);

test('a target that comes with its tasks gets requests only after their first check', async () => {
  const way = wayIn(1, 0);
  const [blue, green] = [await app('blue'), await app('green')];
  const entry = await start(way);
  const { targets, routes } = way.model;
  const blueOnly = {
    ...way,
    model: {
      ...way.model,
      targets: targets.filter(({ slot }) => slot === 'blue'),
      routes: routes.map((route) => ({
        ...route,
        targets: route.targets.filter((each) => each.target === target(way, 'blue')),
      })),
    },
  };
  const weighted = { ...blueOnly.model, routes: blueOnly.model.routes.filter((route) => route.targets.length > 0) };
  await entry.apply({ ...blueOnly, model: weighted }, endpoints(way, [blue], []));
  const both = wayIn(0, 1);
  await entry.apply(both, endpoints(both, [blue], [green]));
  expect(entry.health(target(way, 'green'), green.port)).toBe('healthy');
  expect(await askMany(entry, 40)).toEqual({ '200 green green': 40 });
});

test('a refused change leaves the routes as they are, and the next one is followed', async () => {
  const way = wayIn(1, 0);
  const [blue, green] = [await app('blue'), await app('green')];
  const entry = await start(way);
  await entry.apply(way, endpoints(way, [blue], [green]));
  const { model } = way;
  const bad = (change: object) => ({ ...way, model: { ...model, ...change } });
  const noWeights = model.routes.map((route) => ({
    ...route,
    targets: route.targets.map((each) => ({ ...each, weight: 0 })),
  }));
  for (const refused of [
    bad({ routes: noWeights }),
    bad({ targets: model.targets.map((each) => ({ ...each, connectTimeoutMs: -1 })) }),
  ]) {
    await expect(entry.apply(refused, endpoints(way, [blue], [green]))).rejects.toThrow(/Envoy refused the configuration/);
    expect(await askMany(entry, 40)).toEqual({ '200 blue blue': 40 });
  }
  const next = wayIn(0, 1);
  await entry.apply(next, endpoints(next, [blue], [green]));
  expect(await askMany(entry, 40)).toEqual({ '200 green green': 40 });
});

test('of several states that wait, the last one is in force when all callers are answered', async () => {
  const [blue, green] = [await app('blue'), await app('green')];
  const entry = await start(wayIn(1, 0));
  const states = Array.from({ length: 21 }, (_, index) => wayIn(index % 2, (index + 1) % 2));
  await Promise.all(states.map((way) => entry.apply(way, endpoints(way, [blue], [green]))));
  expect(await askMany(entry, 40)).toEqual({ '200 green green': 40 });
});

test('a task is drained when its last answer is over, or when the time is', async () => {
  const way = wayIn(1, 0);
  const [old, next] = [await app('old'), await app('next')];
  const entry = await start(way);
  await entry.apply(way, endpoints(way, [old], []));
  const slow = ask(entry, { 'x-delay': '2000' });
  await until(() => old.requests === 1);
  await entry.apply(way, endpoints(way, [next], []));
  let answered = '';
  void slow.then((answer) => {
    answered = answer;
  });
  await entry.drained(old.port, 50, stop.signal);
  expect(answered).toBe('');
  await entry.drained(old.port, 60_000, stop.signal);
  // It has only a short way to go by then.
  expect(await Promise.race([slow, wait(1000, 'late')])).toBe('200 blue old');
  const startedAt = performance.now();
  await entry.drained(old.port, 60_000, stop.signal);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test('whoever ends Envoy is noticed', async () => {
  const entry = await start(wayIn(1, 0));
  const ended = entry.ended();
  await entry.stop();
  await expect(ended).resolves.toMatch(/^envoy: ended with /);
});
