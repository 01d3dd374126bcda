import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws_sns as sns } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { planeNames } from '../../lib/release/plane-limits';
import { release } from '../../lib/release/release';
import { flagsOf } from '../../lib/settings/flags';
import { appOf, type Context } from '../app-template';
import { scan } from '../scan';
import { anySettings } from './any-flags';

const outdir = mkdtempSync(join(tmpdir(), 'validation-'));

beforeAll(() => {
  delete process.env.CDK_VALIDATION;
});

afterAll(() => rmSync(outdir, { recursive: true }));

/** What the CDK's own validation, with its default rules as errors, and AwsSolutions find in the app. */
function violations(flags: Context, change: (made: ReturnType<typeof appOf>) => void = () => {}) {
  const made = appOf({ '@aws-cdk/core:validateAgainstDefaultRules': true, ...flags }, { outdir });
  change(made);
  return scan(made.app);
}

const privateImages = Object.fromEntries(
  ['blueImage', 'greenImage', 'envoyImage', 'xrayImage'].map((key) => [
    key,
    `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${key.toLowerCase()}:1`,
  ]),
);
const everything: readonly [string, Context][] = [
  ['private images', { greenActive: true, ...privateImages }],
  [
    'secrets, and a way into the containers',
    {
      greenActive: true,
      appSecrets: 'A=prod/db:password,B=/prod/key',
      greenAppSecrets: 'A=prod/db',
      exec: true,
      spotPercent: 50,
    },
  ],
  ['containers that cannot write', { appUser: '1000', appReadonlyRootFilesystem: true, cpuArchitecture: 'ARM64' }],
  ['existing log groups', { greenActive: true, logGroupName: '/shop/app', greenLogGroupName: '/shop/green' }],
  ['inside the VPC', { ingress: 'internal' }],
  ['a preview header', { greenActive: true, previewHeader: 'x-try' }],
  [
    'a version of its own',
    { greenActive: true, greenAppPort: 3000, greenHealthcheckPath: '/ready', greenTaskCpu: 1024, greenTaskMemory: 2048 },
  ],
];
const states = planeNames.flatMap((trafficPlane) =>
  [...release().map(({ name, state }) => [name, flagsOf(state)] as const), ...everything].map(
    ([name, flags]) => [trafficPlane, name, { ...flags, trafficPlane }] as [string, string, Context],
  ),
);

test.each([
  ...states,
  ['app-mesh', 'no way in', { ingress: 'none' }],
  ['lattice', 'no way in', { ingress: 'none', trafficPlane: 'lattice' }],
  [
    'lattice',
    'signed requests',
    { latticeAuthType: 'AWS_IAM', latticePrefixListId: 'pl-0123456789abcdef0', trafficPlane: 'lattice' },
  ],
  [
    'load-balancer',
    'HTTPS',
    {
      trafficPlane: 'load-balancer',
      domainName: 'shop.example.com',
      hostedZone: 'Z0123456789ABCDEFGHIJ',
      accessLogBucket: 'access-logs',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    },
  ],
  ...(['load-balancer', 'lattice'] as const).map((trafficPlane) => [
    trafficPlane,
    'a domain name',
    { trafficPlane, domainName: 'shop.example.com', hostedZone: 'Z0123456789ABCDEFGHIJ' },
  ]),
] as [string, string, Context][])('%s, %s: nothing to find fault with', (_plane, _name, flags) => {
  expect(violations(flags)).toEqual([]);
});

test('whatever is set, there is nothing to find fault with', () => {
  // A look-up of a network takes an account.
  const settings = anySettings.filter(({ vpcId }) => vpcId === undefined);
  fc.assert(
    fc.property(settings, (flags) => {
      expect(violations({ greenActive: true, ...flags })).toEqual([]);
    }),
    { numRuns: 5 },
  );
});

test.each<[string, string, (topic: sns.CfnTopic) => void]>([
  ['AwsSolutions', 'AwsSolutions-SNS3', () => {}],
  ['the built-in validation', 'F3002', (topic) => topic.addPropertyOverride('NoSuchProperty', 1)],
])('%s does find fault: %s', (_, rule, change) => {
  expect(violations({}, ({ stack }) => change(new sns.Topic(stack, 'Topic').node.defaultChild as sns.CfnTopic))).toContain(rule);
});
