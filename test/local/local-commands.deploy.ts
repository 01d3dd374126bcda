import type { PageMessage } from '../../lib/local/page/view';
import { until } from '../until';
import { telling, told } from './apps/telling';
import { LocalCommand } from './local-command';
import { type Shop, shop } from './shops';

let local: LocalCommand;

afterEach(async () => {
  await local.end();
  expect(local.errors).toBe('');
});

async function shopOn(words: readonly string[], options: Partial<Shop> = {}, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  local = await LocalCommand.start({ words, environment });
  await deploy(options);
}

async function deploy(options: Partial<Shop>): Promise<void> {
  const stack = shop('load-balancer', { name: 'shop', weight: 0, ...options });
  const deployed = local.urlOf('shop') ? await local.stacks.update('shop', stack) : await local.stacks.create('shop', stack);
  expect(deployed.failures).toEqual({});
}

const url = () => local.urlOf('shop') ?? '';
const answer = async () => (await fetch(url())).text();

test('a command gets the environment of its container, and nothing that the user has of AWS', async () => {
  const Environment = [
    { Name: 'OWN_URL', Value: 'http://127.0.0.1:8080/shop' },
    { Name: 'YEAR', Value: '18080' },
  ];
  await shopOn(
    ['--run', `example/shop=${telling} --port 8080`],
    { container: { Environment } },
    {
      AWS_PROFILE: 'mine',
      AWS_ACCESS_KEY_ID: 'mine',
      AWS_SESSION_TOKEN: 'mine',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'mine',
      MINE: 'mine',
    },
  );
  const { environment, words } = await told(url());
  expect(words).toEqual(['--port', environment.PORT]);
  expect(environment).toMatchObject({
    HOST: '127.0.0.1',
    SLOT: 'blue',
    MINE: 'mine',
    OWN_URL: `http://127.0.0.1:${environment.PORT}/shop`,
    YEAR: '18080',
    AWS_ENDPOINT_URL: local.client.endpoint,
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_REGION: 'us-east-1',
  });
  expect(Object.keys(environment).filter((name) => environment[name] === 'mine')).toEqual(['MINE']);
});

test('a command gets the secrets of its container', async () => {
  const more = {
    Password: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'password', SecretString: 'of the shop: 8080' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'reads',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { 'Fn::GetAtt': ['Password', 'Id'] } },
              ],
            },
          },
        ],
      },
    },
  };
  local = await LocalCommand.start({ words: ['--run', `example/shop=${telling}`] });
  const container = { Secrets: [{ Name: 'PASSWORD', ValueFrom: { 'Fn::GetAtt': ['Password', 'Id'] } }] };
  const task = { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } };
  const created = await local.stacks.create('shop', {
    ...more,
    ...shop('load-balancer', { name: 'shop', weight: 0, container, task }),
  });
  expect(created.failures).toEqual({});
  expect((await told(url())).environment.PASSWORD).toBe('of the shop: 8080');
});

test('--run goes by the image: with its tag before all tags, and another image is another app', async () => {
  const words = ['example/shop', 'example/shop:2', 'example/shop:3'].flatMap((image, at) => [
    '--run',
    `${image}=${telling} ${at}`,
  ]);
  await shopOn(words, { images: { Blue: 'example/shop:1' } });
  const ran = [(await told(url())).words];
  for (const Blue of ['example/shop:2', 'example/shop:3', `example/shop@sha256:${'0'.repeat(64)}`]) {
    await deploy({ images: { Blue } });
    ran.push((await told(url())).words);
  }
  expect(ran).toEqual([['0'], ['1'], ['2'], ['0']]);
  await deploy({ images: { Blue: 'example/other:2' } });
  expect(await answer()).toMatch(/^blue /);
});

test('--blue and --green go by the slot, where no image is told of', async () => {
  await shopOn(['--blue', `${telling} blue`, '--green', `${telling} green`, '--run', `example/other=${telling} other`]);
  expect((await told(url())).words).toEqual(['blue']);
  await deploy({ weight: 100 });
  expect((await told(url())).words).toEqual(['green']);
  await deploy({ weight: 100, images: { Green: 'example/other' } });
  expect((await told(url())).words).toEqual(['other']);
});

test('a command that ends at once fails the deploy, with what it said last', async () => {
  local = await LocalCommand.start({ words: ['--run', 'example/shop:green=echo no database; exit 3'] });
  const { status, failures } = await local.stacks.create('shop', shop('load-balancer', { name: 'shop' }));
  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(Object.values(failures).join()).toContain('Essential container in task exited with exit code 3; it said: no database');
  await until(async () => (await local.processes()).size <= 2);
});

test('the page that it names shows what is deployed', async () => {
  await shopOn([]);
  const page = local.lines.flatMap((line) => /^# Watch it at (http:.*)$/.exec(line)?.[1] ?? [])[0] ?? '';
  expect(await (await fetch(page)).text()).toContain('<title>AWS on this machine</title>');
  expect(await answer()).toContain('blue');

  let told = '';
  const stop = new AbortController();
  const { body } = await fetch(`${page}/events`, { signal: stop.signal });
  const reader = body?.getReader();
  // A request is told of within half a second.
  await until(async () => {
    told += Buffer.from((await reader?.read())?.value ?? []).toString();
    return told.includes('"traffic"');
  });
  stop.abort();
  const [first = ''] = told.split('\n\n').flatMap((part) => /^data: (.*)$/.exec(part)?.[1] ?? []);
  const { stacks, events }: PageMessage = JSON.parse(first);
  expect(stacks).toMatchObject([
    {
      name: 'shop',
      status: 'CREATE_COMPLETE',
      phase: 'deployed',
      waysIn: [{ address: new URL(url()).host, plane: 'load-balancer', targets: [{ label: 'blue' }, { label: 'green' }] }],
      services: [
        { slot: 'blue', desired: 1, running: 1, tasks: [{ status: 'RUNNING', image: 'example/shop:blue' }] },
        { slot: 'green', desired: 1, running: 1, tasks: [{ status: 'RUNNING' }] },
      ],
    },
  ]);
  expect(events?.at(-1)).toMatchObject({ stack: 'shop', logicalId: 'shop', status: 'CREATE_COMPLETE' });
});
