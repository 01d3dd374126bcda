import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../lib/rehearsal/command-line';
import { planRehearsal } from '../../lib/rehearsal/read-plan';
import { planeNames } from '../../lib/release/plane-limits';
import { canary, type ReleaseState, release } from '../../lib/release/release';
import { type OwnStackProps, ownTemplate } from './apps/own-stacks';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const filesOf = (states: readonly ReleaseState[], props: Omit<OwnStackProps, 'state'>) =>
  states.map((state, index) => file(`${index}.json`, ownTemplate({ ...props, state })));

const planOf = (files: readonly string[], ...words: readonly string[]) =>
  planRehearsal(readCommandLine([...files.flatMap((each) => ['--template', each]), ...words]), {
    signal: new AbortController().signal,
    say: () => {},
  });

const problemsOf = async (files: readonly string[], ...words: readonly string[]): Promise<string> => {
  const error = await planOf(files, ...words).catch((each: Error) => each);
  return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : '';
};

const half = { blue: { active: true, weight: 1 }, green: { active: true, weight: 1 } };

test.each(planeNames)('on %s, steps and weights are those of the templates', async (plane) => {
  const files = filesOf(
    canary([5, 50]).map(({ state }) => state),
    { plane },
  );
  const plan = await planOf(files, '--requests', '400');
  expect(plan).toMatchObject({ plane, path: '/', requestsPerStep: 400, fault: undefined, leaving: undefined });
  expect(plan.steps.map(({ name }) => name)).toEqual(['blue only', 'green at 0', '95/5', '50/50', 'blue at 0', 'green only']);
  expect(plan.steps[2]?.description).toMatch(/2\.json: blue 95 %, green 5 %$/);
  expect(plan.steps.map(({ changedResources }) => changedResources.length > 0)).toEqual([false, true, true, true, true, true]);
  expect(plan.apps.map(({ slot, healthCheckPath }) => [slot, healthCheckPath])).toEqual([
    ['blue', '/alive'],
    ['green', '/alive'],
  ]);
});

test('the slot that answers first stands in front, and steps with the same shares bear their number', async () => {
  const states = [
    { blue: { active: false, weight: 0 }, green: { active: true, weight: 1 } },
    { blue: { active: true, weight: 1 }, green: { active: true, weight: 3 } },
    { blue: { active: true, weight: 2 }, green: { active: true, weight: 6 } },
    { blue: { active: true, weight: 1 }, green: { active: true, weight: 2 } },
  ];
  const { steps } = await planOf(filesOf(states, { plane: 'lattice' }));
  expect(steps.map(({ name }) => name)).toEqual(['green only', '1: 75/25', '2: 75/25', '66.7/33.3']);
});

test('a fault and a way back are as with our own stack, and slots are named by their place and not by their label', async () => {
  const states = release().map(({ state }) => state);
  const files = filesOf(states, { plane: 'app-mesh', labels: { blue: 'green', green: 'next' } });
  const plan = await planOf(files, '--fault', 'green=crash', '--green', 'node a.js', '--rollback-at', '3');
  expect(plan).toMatchObject({ fault: { slot: 'next', name: 'crash', step: 2 }, leaving: { step: 4, jump: 4, going: 'back' } });
  expect(plan.steps.slice(3).map(({ name }) => name)).toEqual(['green at 0', 'back to next at 0', 'back to green only']);
  expect(plan.apps.map(({ slot, command }) => [slot, command])).toEqual([
    ['green', undefined],
    ['next', 'node a.js'],
  ]);
});

test('an own command gets the environment of the template, and is told what only a deploy knows', async () => {
  const plan = await planOf(filesOf([half], { plane: 'lattice' }), '--blue', 'node a.js');
  const [blue, green] = plan.apps;
  expect(blue?.environment(1234)).toEqual({ GREETING: 'hello from blue', PORT: '8080', SLOT: 'blue' });
  expect(green?.environment(1234)).toEqual({});
  expect(plan.notShown).toEqual([
    'your own command in blue runs without TOPIC, whose values only a deploy knows; set them yourself if it needs them',
  ]);
});

test('one of several services is chosen by its name', async () => {
  const files = filesOf([half], { plane: 'load-balancer', services: ['shop', 'cart'] });
  const plan = await planOf(files, '--service', 'cart');
  expect(plan.path).toBe('/cart');
  expect(plan.notShown).toEqual(['of the stack, only what belongs to the service cart is rehearsed']);
  expect(await problemsOf(files)).toBe('0.json: got 2 blue/green services, expected --service with one of shop, cart');
  expect(await problemsOf(files, '--service', 'users')).toBe(
    '0.json: got --service users, expected one of the blue/green services in it: shop, cart',
  );
});

test('tells of all files that are no templates', async () => {
  const files = [
    join(folder, 'none.json'),
    file('text.json', 'Resources:'),
    file('list.json', []),
    file('other.json', { Resources: { A: 1 } }),
  ];
  const lines = (await problemsOf(files)).split('\n');
  expect(lines).toEqual([
    'none.json: got no file that can be read (ENOENT), expected a CloudFormation template',
    expect.stringMatching(
      /^text\.json: got something that is not JSON \(.*\), expected a template as cdk synth writes it into cdk\.out$/,
    ),
    'list.json: got JSON without Resources that have a Type, expected a CloudFormation template',
    'other.json: got JSON without Resources that have a Type, expected a CloudFormation template',
  ]);
});

test.each([
  [
    'without weights',
    { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
    /^0\.json: template: got no resource in which weights stand, expected one of AWS::AppMesh::Route, .*Rule$/,
  ],
  [
    'with something that is not mapped',
    {
      Resources: {
        ...ownTemplate({ plane: 'load-balancer', state: half }).Resources,
        Other: { Type: 'AWS::ElasticLoadBalancingV2::TrustStore' },
      },
    },
    /^0\.json: AWS::ElasticLoadBalancingV2::TrustStore Other: got a resource that the rehearsal cannot map, expected /,
  ],
])('refuses a template %s', async (_, template, problem) => {
  expect(await problemsOf([file('0.json', template)])).toMatch(problem);
});

test('an own command cannot run in two environments', async () => {
  const files = ['a', 'b'].map((value) =>
    file(`${value}.json`, ownTemplate({ plane: 'lattice', state: half, props: { environment: { VALUE: value } } })),
  );
  expect((await planOf(files)).steps).toHaveLength(2);
  expect(await problemsOf(files, '--green', 'node a.js')).toBe(
    'b.json: got another environment for slot green than in a.json, expected the same, since your own command keeps running',
  );
});
