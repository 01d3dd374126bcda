import { awsClients } from '../../lib/operate/aws-clients';
import { assumedRole, type Bootstrap, bootstrapOf, bootstrapRoleArn } from '../../lib/operate/deploy-role';
import { served } from './loopback-server';

const id = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop-blue-green/1';
const bootstrap: Bootstrap = { partition: 'aws', account: '123456789012', region: 'eu-central-1', qualifier: 'hnb659fds' };
const versioned = '{ "Parameters": { "BootstrapVersion": { "Default": "/cdk-bootstrap/own/version" } } }';

test.each<[what: string, roleArn: string | undefined, template: string, qualifier: string | undefined]>([
  [
    'the role of the stack',
    'arn:aws:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role-123456789012-eu-central-1',
    '{}',
    'hnb659fds',
  ],
  ['it with a path', 'arn:aws:iam::123456789012:role/a/b/cdk-shop-cfn-exec-role-123456789012-eu-central-1', '{}', 'shop'],
  ['without a role, the version that the template asks for', undefined, versioned, 'own'],
  ['neither', undefined, '{}', undefined],
  ['another role than that of a bootstrap', 'arn:aws:iam::123456789012:role/deployer', versioned, undefined],
])('a bootstrap is known by %s', (_, roleArn, template, qualifier) => {
  expect(bootstrapOf({ id, roleArn, template })).toEqual(qualifier === undefined ? undefined : { ...bootstrap, qualifier });
});

test('its roles', () => {
  expect(bootstrapRoleArn({ ...bootstrap, partition: 'aws-cn' }, 'file-publishing-role')).toBe(
    'arn:aws-cn:iam::123456789012:role/cdk-hnb659fds-file-publishing-role-123456789012-eu-central-1',
  );
});

/** Takes the deploy role of an AWS that answers in this way. */
async function taken(status: number, body: string) {
  const asked: URLSearchParams[] = [];
  const environment = { AWS_REGION: 'us-east-1', AWS_PROFILE: 'dev', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  const own = { clients: awsClients(environment) };
  const role = await served(
    (request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        asked.push(new URLSearchParams(text));
        response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
      });
    },
    (port) => {
      own.clients = awsClients({ ...environment, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
      return assumedRole(own.clients, bootstrap, 'deploy-role');
    },
  );
  return { role, own: own.clients, asked };
}

test('who may take it has its rights, in the Region of the stack', async () => {
  const { role, own, asked } = await taken(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>role-key</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>token</SessionToken>
      <Expiration>2036-11-27T10:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    RoleArn: 'arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-eu-central-1',
    RoleSessionName: expect.stringMatching(/^release-[\w+=,.@-]+$/),
  });
  expect(role.problem).toBeUndefined();
  expect(role.clients).not.toBe(own);
  const { config } = role.clients.cloudFormation;
  expect(await config.region()).toBe('eu-central-1');
  expect(await config.credentials()).toMatchObject({
    ...{ accessKeyId: 'role-key', secretAccessKey: 'role-secret', sessionToken: 'token' },
  });
});

test('who may not take it goes on with own rights, and is told so', async () => {
  const { role, own } = await taken(
    403,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
      <Message>User is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`,
  );
  expect(role.clients).toBe(own);
  expect(role.problem).toBe(
    'arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-eu-central-1: not assumed (sts:AssumeRole: got access denied, ' +
      'expected a role that may do it; User is not authorized to perform: sts:AssumeRole), so the rights of the caller are used',
  );
});
