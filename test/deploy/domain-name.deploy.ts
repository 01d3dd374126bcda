import { type Resources, Stacks } from '../local/emulator/stacks';
import type { Context } from './cdk';
import { planeCases, servicePath } from './planes';
import { expectLogsOnly, Stage } from './stage';

const platform: Resources = {
  Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } },
  Logs: { Type: 'AWS::S3::Bucket' },
  LogsPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Logs' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Logs' }, '/*']] },
          },
        ],
      },
    },
  },
};

describe.each(['load-balancer', 'lattice'] as const)('a domain name on %s', (trafficPlane) => {
  const { route } = planeCases[trafficPlane];
  let stage: Stage;
  let refs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true });
    ({ refs } = await new Stacks(stage.emulator).create('platform', platform));
  });

  afterAll(() => stage?.close());

  const slots: Context = { trafficPlane, greenActive: true, greenWeight: 1 };
  const named = (domainName: string, more: Context = {}): Context => ({
    ...slots,
    ...(trafficPlane === 'load-balancer' ? { accessLogBucket: refs.Logs ?? '' } : {}),
    domainName,
    hostedZone: refs.Zone ?? '',
    ...more,
  });
  const names = async () =>
    (await stage.emulator.resources())
      .filter(({ type }) => type === 'AWS::Route53::RecordSet')
      .map(({ physicalId }) => physicalId);

  test('is refused on a service that answers requests, and given with a reason', async () => {
    await stage.deploy(slots);
    const { code, output } = await stage.tryDeploy(named('shop.example.com'));
    expect(code).toBe(1);
    expect(output).toContain('domainName: got "shop.example.com", expected none');
    expect(await names()).toEqual([]);

    const { output: said } = await stage.deploy(named('shop.example.com', { allowUnsafe: 'callers are told' }));
    expect(said).toContain('Url = https://shop.example.com/');
    expect(await names()).toEqual(['shop.example.com.']);
  });

  test('is part of no release step', async () => {
    await stage.deploy(named('shop.example.com'));
    const { changes } = await stage.deploy(named('shop.example.com', { greenWeight: 3 }));
    expect(changes.map(({ path }) => path).sort()).toEqual([`${servicePath}/Guard`, `${servicePath}/${route.id}`]);
    expect((await stage.deploy(named('shop.example.com', { greenWeight: 3 }))).output).toContain('(no changes)');
  });

  test('becomes another one with a reason, with all that is for it', async () => {
    const { output } = await stage.deploy(named('cart.example.com', { allowUnsafe: 'callers are told' }));
    expect(output).toContain('Url = https://cart.example.com/');
    expect(await names()).toEqual(['cart.example.com.']);
  });

  test('goes with a reason, and with the stack', async () => {
    await stage.deploy({ ...slots, allowUnsafe: 'callers are told' });
    expect(await names()).toEqual([]);
    await stage.deploy(named('shop.example.com', { allowUnsafe: 'callers are told' }));
    await stage.destroy(named('shop.example.com'));
    expect(await names()).toEqual([]);
    expectLogsOnly((await stage.leftovers()).filter(({ stack }) => stack !== 'platform'));
  });
});
