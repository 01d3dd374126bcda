import { App, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { NamedSecret } from '../../lib/service/named-secret';

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbC123';
const parameter = 'arn:aws:ssm:eu-west-1:123456789012:parameter/prod/key';
const inStack = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;

const flat = (value: any): string =>
  typeof value === 'string' ? value : value.Ref ? `<${value.Ref}>` : value['Fn::Join'][1].map(flat).join('');

test.each([
  [
    'prod/db',
    inStack('secretsmanager', 'secret:prod/db'),
    'secretsmanager:GetSecretValue',
    inStack('secretsmanager', 'secret:prod/db-??????'),
  ],
  [
    'db:word',
    inStack('secretsmanager', 'secret:db:word::'),
    'secretsmanager:GetSecretValue',
    inStack('secretsmanager', 'secret:db-??????'),
  ],
  [arn, arn, 'secretsmanager:GetSecretValue', arn],
  [`${arn}:word`, `${arn}:word::`, 'secretsmanager:GetSecretValue', arn],
  ['/prod/key', inStack('ssm', 'parameter/prod/key'), 'ssm:GetParameters', inStack('ssm', 'parameter/prod/key')],
  [parameter, parameter, 'ssm:GetParameters', parameter],
])('%s is found, and may be read, and nothing else', (place, from, action, resource) => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const secret = new NamedSecret(place);
  secret.grantRead(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
  expect(flat(stack.resolve(secret.arn))).toBe(from);
  const resources = Object.values<any>(app.synth().getStackByName('Stack').template.Resources);
  const [{ Action, Resource }, ...others] = resources.find(({ Type }) => Type === 'AWS::IAM::Policy').Properties.PolicyDocument
    .Statement;
  expect([Action, flat(Resource), others]).toEqual([action, resource, []]);
  expect(secret.hasField).toBe(place.endsWith(':word'));
});

test('what is no place of a secret is refused, and not repeated', () => {
  expect(() => new NamedSecret('hunter 2')).toThrow(/^secret: got a place that is none, expected (?!.*hunter)/);
});
