import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { answerInWords, awsProblem, mayPass } from '../../lib/operate/aws-problem';

test('nobody answers', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const error = await once(connect(port, '127.0.0.1'), 'connect').catch((refused) => refused);
  expect(awsProblem(error, 'ecs:DescribeServices')).toBe(
    `ecs:DescribeServices: got no answer from 127.0.0.1:${port} (ECONNREFUSED), expected one; look at the network, AWS_REGION and AWS_ENDPOINT_URL`,
  );
});

test.each<[string, object, string]>([
  [
    'a name that nobody knows',
    { code: 'ENOTFOUND', hostname: 'ecs.nowhere.amazonaws.com' },
    's3:GetObject: got no answer from ecs.nowhere.amazonaws.com (ENOTFOUND), expected one; look at the network, AWS_REGION and AWS_ENDPOINT_URL',
  ],
  [
    'no answer in time',
    { name: 'TimeoutError' },
    's3:GetObject: got no answer (TimeoutError), expected one; look at the network, ',
  ],
  [
    'a session that is over',
    { name: 'CredentialsProviderError', message: 'Token is expired. To refresh this SSO session run aws sso login.' },
    'credentials: got expired ones, expected valid ones; sign in again: Token is expired. To refresh this SSO session run aws sso login',
  ],
  [
    'too many calls',
    { name: 'Throttling', message: 'Rate exceeded' },
    's3:GetObject: got Throttling (Rate exceeded), expected an answer; try again in a minute',
  ],
  [
    'a fault of AWS',
    { name: 'InternalFailure', message: 'unknown.', $fault: 'server' },
    's3:GetObject: got InternalFailure (unknown), expected an answer; try again in a minute',
  ],
])('%s', (_, properties, sentence) => {
  expect(awsProblem(Object.assign(new Error(), properties), 's3:GetObject')).toContain(sentence);
});

test.each([new Error('No updates are to be performed.'), 'text', undefined])('what only who asked can explain: %p', (error) => {
  expect(awsProblem(error, 's3:GetObject')).toBeUndefined();
});

test.each<[string, object, boolean]>([
  ['too many calls', { name: 'ThrottlingException' }, true],
  ['a lost connection', { code: 'ECONNRESET' }, true],
  ['a fault of AWS', { $fault: 'server' }, true],
  ['a session that is over', { name: 'ExpiredToken', $fault: 'client' }, false],
  ['a stack that is not there', { name: 'ValidationError', $fault: 'client' }, false],
])('%s: whether it may pass', (_, properties, passes) => {
  expect(mayPass(Object.assign(new Error(), properties))).toBe(passes);
});

test('an answer of AWS is told in words, and a fault of this program is not', () => {
  const answer = Object.assign(new Error('Stack [shop] does\n not exist.'), { name: 'ValidationError', $metadata: {} });
  expect(answerInWords(answer)).toBe('AWS: got ValidationError: Stack [shop] does not exist');
  expect(answerInWords(new TypeError('x is not a function'))).toBeUndefined();
});
