import { awsClients } from '../../../lib/operate/aws-clients';
import type { DeployedStack } from '../../../lib/operate/deployed/deployed-stack';
import { updateWeights } from '../../../lib/operate/rollback/update-weights';
import { served } from '../loopback-server';

const stack = { name: 'shop', changedAt: new Date(0), parameters: [] } as unknown as DeployedStack;

test.each<[string, string, string, number, string]>([
  [
    'no answer says nothing of whether it was taken',
    'InternalFailure',
    'no',
    6,
    'cloudformation:UpdateStack: got InternalFailure (no), expected an answer; try again in a minute\n' +
      'stack shop: CloudFormation may have begun; npm run release -- status --watch',
  ],
  ['a refusal changes nothing', 'ValidationError', 'no', 4, 'stack shop: CloudFormation refused the update: no'],
  [
    'another deploy is under way',
    'ValidationError',
    'is in UPDATE_IN_PROGRESS state',
    6,
    'stack shop: another deploy has begun (is in UPDATE_IN_PROGRESS state); roll back again',
  ],
])('%s', async (_, code, message, exitCode, sentence) => {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  const status = code === 'InternalFailure' ? 500 : 400;
  const error = await served(
    (__, response) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body),
    async (port) => {
      const clients = awsClients({
        ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      });
      const update = { stack, template: { TemplateBody: '{}' }, deploying: clients };
      return updateWeights(update).catch((thrown) => thrown);
    },
  );
  expect(error).toMatchObject({ exitCode, message: sentence });
});
