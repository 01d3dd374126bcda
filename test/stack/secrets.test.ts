import { planeNames } from '../../lib/release/plane-limits';
import { type Context, resourcesOf, templateOf } from '../app-template';

const minimize = '@aws-cdk/aws-iam:minimizePolicies';
const privateImage = (name: string) => `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${name}:1`;

const versions: Readonly<Record<string, Context>> = {
  'the same secrets': { appSecrets: 'DB=prod/db:password,KEY=/prod/key' },
  'other secrets in each slot': { blueAppSecrets: 'DB=prod/db:password', greenAppSecrets: 'KEY=/prod/key,DB=prod/db:word' },
  'secrets in one slot': { greenAppSecrets: 'KEY=/prod/key' },
  'secrets and private images': {
    blueImage: privateImage('blue'),
    greenImage: privateImage('green'),
    appSecrets: 'DB=prod/db',
    greenAppSecrets: 'DB=prod/new-db',
  },
};

/** What the shared role may do, and who it is, as text. */
function executionRole(context: Context): string {
  const { Resources } = templateOf(context);
  return JSON.stringify(Object.entries(Resources).filter(([id]) => id.startsWith('AppExecutionRole')));
}

describe.each(planeNames)('on %s', (trafficPlane) => {
  const cases = Object.keys(versions).flatMap((what) => [true, false].map((minimal) => [what, minimal] as const));

  test.each(cases)(
    'with %s, turning a slot on or off leaves the execution role as it is (policies made small: %s)',
    (what, minimal) => {
      const context = { ...versions[what], trafficPlane, [minimize]: minimal };
      const both = executionRole({ ...context, blueActive: true, greenActive: true });
      expect(both).toMatch(/secretsmanager:GetSecretValue|ssm:GetParameters/);
      expect(executionRole({ ...context, blueActive: true, greenActive: false })).toBe(both);
      expect(executionRole({ ...context, blueActive: false, greenActive: true, greenWeight: 1 })).toBe(both);
    },
  );

  test('each secret reaches the app of its slot, and no template holds more than where it is kept', () => {
    const template = templateOf({ ...versions['other secrets in each slot'], trafficPlane, greenActive: true });
    const secrets = resourcesOf(template, 'AWS::ECS::TaskDefinition').map(([id, { Properties }]) => [
      id.slice(0, 7),
      Properties.ContainerDefinitions.flatMap(({ Secrets = [] }: any) =>
        Secrets.map(({ Name, ValueFrom }: any) => [Name, place(ValueFrom)]),
      ),
    ]);
    expect(Object.fromEntries(secrets)).toMatchObject({
      AppBlue: [['DB', 'secretsmanager secret:prod/db:password::']],
      AppGree: [
        ['KEY', 'ssm parameter/prod/key'],
        ['DB', 'secretsmanager secret:prod/db:word::'],
      ],
    });
  });
});

// In whatever account and Region the stack is.
function place(valueFrom: any): string {
  const [partition, service, region, account, resource, ...others] = valueFrom['Fn::Join'][1]
    .map((part: any) => part.Ref ?? part)
    .join('')
    .replaceAll('AWS::', '')
    .replace(/^arn:/, '')
    .split(/:(?=secretsmanager|ssm|Region|AccountId|secret:|parameter)/);
  expect([partition, region, account, others]).toEqual(['Partition', 'Region', 'AccountId', []]);
  return `${service} ${resource}`;
}
