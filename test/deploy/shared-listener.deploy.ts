import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Emulator } from '../../lib/local/emulator/emulator';
import { type Resources, Stacks } from '../local/emulator/stacks';
import { Cdk, type CdkResult, type Context } from './cdk';
import { Stage } from './stage';

const resource = (Type: string, Properties: unknown = {}) => ({ Type, Properties });
const ref = (Ref: string) => ({ Ref });
const zones = ['us-east-1a', 'us-east-1b'];
const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: '-' } };

// The first priority of a service at `/` with the position 0.
const takenPriority = 47_482;

/** A load balancer that others have made, with a rule of theirs, and a hosted zone; and a VPC that has nothing to do with it. */
const platform: Resources = {
  Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Gateway: resource('AWS::EC2::InternetGateway'),
  Attachment: resource('AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
  Routes: resource('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  WayOut: {
    ...resource('AWS::EC2::Route', {
      RouteTableId: ref('Routes'),
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: ref('Gateway'),
    }),
    DependsOn: 'Attachment',
  },
  ...Object.fromEntries(
    zones.flatMap((AvailabilityZone, index) => [
      [
        `Subnet${index}`,
        resource('AWS::EC2::Subnet', {
          VpcId: ref('Vpc'),
          AvailabilityZone,
          CidrBlock: `10.0.${index}.0/24`,
          MapPublicIpOnLaunch: true,
        }),
      ],
      [
        `SubnetRoutes${index}`,
        resource('AWS::EC2::SubnetRouteTableAssociation', { RouteTableId: ref('Routes'), SubnetId: ref(`Subnet${index}`) }),
      ],
    ]),
  ),
  Group: resource('AWS::EC2::SecurityGroup', { GroupDescription: 'of the load balancer', VpcId: ref('Vpc') }),
  Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Type: 'application',
    Scheme: 'internet-facing',
    Subnets: [ref('Subnet0'), ref('Subnet1')],
    SecurityGroups: [ref('Group')],
  }),
  Zone: resource('AWS::Route53::HostedZone', { Name: 'example.com' }),
  Certificate: resource('AWS::CertificateManager::Certificate', {
    DomainName: '*.example.com',
    ValidationMethod: 'DNS',
    DomainValidationOptions: [{ DomainName: '*.example.com', HostedZoneId: ref('Zone') }],
  }),
  Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: ref('Balancer'),
    Port: 443,
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: ref('Certificate') }],
    DefaultActions: [fixed],
  }),
  Theirs: resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn: ref('Listener'),
    Priority: takenPriority,
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['www.example.com'] } }],
    Actions: [fixed],
  }),
  OtherVpc: resource('AWS::EC2::VPC', { CidrBlock: '10.1.0.0/16' }),
  OtherSubnet: resource('AWS::EC2::Subnet', {
    VpcId: ref('OtherVpc'),
    CidrBlock: '10.1.0.0/24',
    AvailabilityZone: 'us-east-1a',
    MapPublicIpOnLaunch: true,
  }),
};

const root = path.resolve(__dirname, '..', '..');

// The CDK writes what it has looked up beside the settings.
function folderOfSettings(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
  const { app, context } = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8'));
  writeFileSync(path.join(folder, 'cdk.json'), JSON.stringify({ app: `cd ${JSON.stringify(root)} && ${app}`, context }));
  return folder;
}

describe('a service in a listener that is there already', () => {
  let stage: Stage;
  let folder: string;
  let cdk: Cdk;
  let refs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    stage = await Stage.open();
    folder = folderOfSettings();
    cdk = new Cdk(stage.emulator, folder);
    const made = await new Stacks(stage.emulator).create('platform', platform);
    expect(made).toMatchObject({ status: 'CREATE_COMPLETE', failures: {} });
    refs = made.refs;
  });

  afterAll(async () => {
    cdk?.end();
    rmSync(folder, { recursive: true, force: true });
    await stage?.close();
  });

  const context = (more: Context = {}): Context => ({
    trafficPlane: 'load-balancer',
    vpcId: refs.Vpc ?? '',
    listenerArn: refs.Listener ?? '',
    domainName: 'shop.example.com',
    hostedZone: refs.Zone ?? '',
    blueActive: true,
    blueWeight: 1,
    greenActive: false,
    greenWeight: 0,
    ...more,
  });
  const deploy = (more?: Context): Promise<CdkResult> =>
    cdk.run('deploy', '--require-approval', 'never', ...cdk.app(context(more)));

  test('is refused when the load balancer is in another VPC', async () => {
    const { code, output } = await deploy({ vpcId: refs.OtherVpc ?? '' });
    expect(code).toBe(1);
    expect(output).toContain(`expected a listener in ${refs.OtherVpc} as vpcId says, since its load balancer is in ${refs.Vpc}`);
  });

  test('is refused when somebody else has the priority', async () => {
    const { code, output } = await deploy({ rulePosition: 0 });
    expect(code).toBe(1);
    expect(output).toContain(`Priority '${takenPriority}' is currently in use`);
    await cdk.succeed('destroy', '--force', ...cdk.app(context({ rulePosition: 0 })));
  });

  test('takes the requests for its name, at which it answers, and leaves the rules of others alone', async () => {
    const { code, output } = await deploy();
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('Url = https://shop.example.com/');
    const rules = await rulesOf(stage.emulator, refs.Listener);
    expect(rules.map(hostOf).sort()).toEqual(['shop.example.com', 'shop.example.com', 'www.example.com']);
    expect(await sharesOf(stage.emulator, rules)).toEqual([[1]]);
  });

  test('goes through a release', async () => {
    expect(await deploy({ greenActive: true })).toMatchObject({ code: 0 });
    expect(await deploy({ greenActive: true, greenWeight: 3 })).toMatchObject({ code: 0 });
    expect(await sharesOf(stage.emulator, await rulesOf(stage.emulator, refs.Listener))).toEqual([[1, 3]]);
    const again = await deploy({ greenActive: true, greenWeight: 3 });
    expect(again.output).toContain('(no changes)');
  });

  test('moves to a load balancer of its own only with a reason, since callers come by the listener', async () => {
    const own = { greenActive: true, greenWeight: 3, listenerArn: '' };
    const { listenerArn: _, ...rest } = context(own);
    const move = (...more: string[]) => cdk.run('deploy', '--require-approval', 'never', ...cdk.app(rest), ...more);
    const refused = await move();
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('listenerArn: got none');
    expect(await move('-c', 'allowUnsafe=the listener goes away')).toMatchObject({ code: 0 });
    expect((await rulesOf(stage.emulator, refs.Listener)).map(hostOf)).toEqual(['www.example.com']);
  });

  test('leaves what others have made', async () => {
    const { listenerArn: _, ...rest } = context({ greenActive: true, greenWeight: 3 });
    await cdk.succeed('destroy', '--force', ...cdk.app(rest));
    expect(await new Stacks(stage.emulator).delete('platform')).toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});

async function rulesOf({ client }: Emulator, ListenerArn: string | undefined): Promise<readonly Rule[]> {
  const { Rules = [] } = await new ElasticLoadBalancingV2Client(client).send(new DescribeRulesCommand({ ListenerArn }));
  return Rules.filter(({ IsDefault }) => !IsDefault);
}

function hostOf({ Conditions = [] }: Rule): string {
  return Conditions.find(({ Field }) => Field === 'host-header')?.HostHeaderConfig?.Values?.join() ?? '';
}

// The weights of the rules that name no slot, of which each target group must still be there.
async function sharesOf({ client }: Emulator, rules: readonly Rule[]): Promise<readonly (readonly (number | undefined)[])[]> {
  const groups = rules
    .filter(({ Conditions = [] }) => Conditions.some(({ Field }) => Field === 'path-pattern'))
    .map(({ Actions: [action] = [] }) => action?.ForwardConfig?.TargetGroups ?? []);
  const TargetGroupArns = groups.flat().map(({ TargetGroupArn = '' }) => TargetGroupArn);
  await new ElasticLoadBalancingV2Client(client).send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
  return groups.map((each) => each.map(({ Weight }) => Weight));
}
