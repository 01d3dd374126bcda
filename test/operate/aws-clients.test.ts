import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { awsClients } from '../../lib/operate/aws-clients';
import { exitCodes } from '../../lib/operate/exit-codes';
import { OperateError } from '../../lib/operate/operate-error';

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const region = { AWS_REGION: 'eu-central-1' };

/** What is said of a call that does not come to anything. */
async function problem(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(OperateError);
  expect(error).toMatchObject({ exitCode: exitCodes.refused });
  return error.problems.join('\n');
}

describe('with the environment of this process', () => {
  const before = { ...process.env };
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(`${tmpdir()}/home-`);
    for (const name of Object.keys(process.env).filter((each) => each.startsWith('AWS_'))) {
      delete process.env[name];
    }
    Object.assign(process.env, { HOME: home, AWS_EC2_METADATA_DISABLED: 'true' });
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, before);
    rmSync(home, { recursive: true });
  });

  const ask = () => awsClients().cloudFormation.send(new DescribeStacksCommand({}));

  test('no Region', async () => {
    Object.assign(process.env, keys);
    expect(await problem(ask())).toBe('AWS_REGION: got none, expected a Region such as eu-central-1; set it, or AWS_PROFILE');
  });

  test('no credentials', async () => {
    process.env.AWS_DEFAULT_REGION = 'eu-central-1';
    expect(await problem(ask())).toMatch(
      /^credentials: got none, expected some; sign in, such as with aws sso login, or set AWS_PROFILE/,
    );
  });
});

test('the Region is that of either variable', async () => {
  expect(await awsClients({ ...keys, AWS_DEFAULT_REGION: 'us-east-1' }).ecs.config.region()).toBe('us-east-1');
  expect(await awsClients({ ...keys, ...region, AWS_DEFAULT_REGION: 'us-east-1' }).ecs.config.region()).toBe('eu-central-1');
});

test('a client is made once', () => {
  const clients = awsClients({ ...keys, ...region });
  expect(clients.ecs).toBe(clients.ecs);
});

describe('what AWS answers', () => {
  let answer: { readonly status: number; readonly type: string; readonly body: string };
  const server = createServer((_, response) => {
    response.writeHead(answer.status, { 'content-type': answer.type, connection: 'close' }).end(answer.body);
  });
  let clients: ReturnType<typeof awsClients>;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    clients = awsClients({ ...keys, ...region, AWS_ENDPOINT_URL: url });
  });

  const describeStacks = (code: string, message: string) => {
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    answer = { status: 403, type: 'text/xml', body };
    return clients.cloudFormation.send(new DescribeStacksCommand({ StackName: 'shop' }));
  };

  const describeServices = (type: string, message: string) => {
    answer = { status: 400, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: type, message }) };
    return clients.ecs.send(new DescribeServicesCommand({ services: ['shop'] }));
  };

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'an expired token',
      () => describeStacks('ExpiredToken', 'The security token included in the request is expired'),
      'credentials: got expired ones, expected valid ones; sign in again: The security token included in the request is expired',
    ],
    [
      'an expired token, in the words of other services',
      () => describeServices('ExpiredTokenException', 'The security token included in the request is expired'),
      'credentials: got expired ones, expected valid ones; sign in again: The security token included in the request is expired',
    ],
    [
      'keys of nobody',
      () => describeStacks('InvalidClientTokenId', 'The security token included in the request is invalid.'),
      'credentials: got some that AWS does not know, expected those of the account; The security token included in the request is invalid',
    ],
    [
      'access denied, with the action',
      () => describeStacks('AccessDenied', 'User: ci is not authorized\n to perform: cloudformation:DescribeStacks'),
      'cloudformation:DescribeStacks: got access denied, expected a role that may do it; User: ci is not authorized to perform: cloudformation:DescribeStacks',
    ],
    [
      'access denied, in the words of other services',
      () => describeServices('AccessDeniedException', 'no'),
      'ecs:DescribeServices: got access denied, expected a role that may do it; no',
    ],
  ])('%s', async (_, ask, sentence) => {
    expect(await problem(ask())).toBe(sentence);
  });

  test('what is about the thing that was asked for stays as it is', async () => {
    await expect(describeServices('ClusterNotFoundException', 'Cluster not found.')).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));
});

test('each service has one client, in the Region of the environment', async () => {
  const clients = awsClients({ ...keys, ...region });
  const made = {
    cloudFormation: 'CloudFormation',
    cloudWatch: 'CloudWatch',
    ecs: 'ECS',
    loadBalancing: 'Elastic Load Balancing v2',
    lattice: 'VPC Lattice',
    appMesh: 'App Mesh',
    sts: 'STS',
    ssm: 'SSM',
    s3: 'S3',
    ecr: 'ECR',
    secretsManager: 'Secrets Manager',
  } as const;
  for (const [name, serviceId] of Object.entries(made) as [keyof typeof made, string][]) {
    const client = clients[name];
    expect(client.config).toMatchObject({ serviceId });
    expect(await client.config.region()).toBe('eu-central-1');
    expect(clients[name]).toBe(client);
  }
});
