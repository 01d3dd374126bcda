import { verify } from '../../../lib/operate/verify/run-verify';
import { asked } from '../example-release';
import { served } from '../loopback-server';

const credentials = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** An AWS that answers one action, and lets nobody do another. */
const only = (action: string, xml: string) =>
  served(
    (request, answer) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        const isAnswered = body.includes(`Action=${action}`);
        const denied =
          '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
        answer.writeHead(isAnswered ? 200 : 403, { 'content-type': 'text/xml' }).end(isAnswered ? xml : denied);
      });
    },
    (port) => verify(asked, { ...credentials, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }),
  );

const identity =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Arn>arn:aws:iam::123456789012:user/ann</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

test('who is not known to AWS is told so, and nothing else is asked', async () => {
  const { items, exitCode } = await only('Nothing', '');
  expect(items).toEqual([
    {
      part: 'account',
      name: 'credentials',
      verdict: 'not ok',
      sentence: expect.stringContaining('sts:GetCallerIdentity: got access denied'),
    },
  ]);
  expect(exitCode).toBe(4);
});

test('who may not read the stack is told which right is missing', async () => {
  const { items, exitCode } = await only('GetCallerIdentity', identity);
  expect(items).toEqual([
    {
      part: 'account',
      name: 'credentials',
      verdict: 'ok',
      sentence: 'account 123456789012, as arn:aws:iam::123456789012:user/ann',
    },
    {
      part: 'stack',
      name: 'read',
      verdict: 'not ok',
      sentence: expect.stringContaining('cloudformation:DescribeStacks: got access denied'),
    },
  ]);
  expect(exitCode).toBe(4);
});
