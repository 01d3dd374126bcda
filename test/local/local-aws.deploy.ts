import { planeNames } from '../../lib/release/plane-limits';
import { until } from '../until';
import { LocalCommand, type LocalCommandOptions } from './local-command';
import { shop } from './shops';

let local: LocalCommand;

afterEach(async () => {
  await local.end();
  expect(local.errors).toBe('');
});

async function start(options: LocalCommandOptions = {}): Promise<void> {
  local = await LocalCommand.start(options);
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
