import { awsClients } from '../../../lib/operate/aws-clients';
import { handOver } from '../../../lib/operate/rollback/hand-over';

// It asks nobody: a Region that is not there would be a problem.
const instead = 'npx cdk deploy shop -c blueWeight=1';
const clients = awsClients({});

test('a template that fits into the call is handed over in it', async () => {
  const template = `"${'ä'.repeat(25_599)}"`;
  expect(await handOver(template, undefined, clients, instead)).toEqual({ TemplateBody: template });
});

test('a longer one of a stack without a bootstrap is refused, since there is no bucket', async () => {
  await expect(handOver(`"${'ä'.repeat(25_600)}"`, undefined, clients, instead)).rejects.toThrow(
    'template: got 51202 bytes and a stack that was deployed without cdk bootstrap, expected at most 51200, or a bucket for it; ' +
      'go back with npx cdk deploy shop -c blueWeight=1',
  );
});
