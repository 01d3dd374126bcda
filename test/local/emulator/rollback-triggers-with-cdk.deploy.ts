import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { App, BootstraplessSynthesizer, CfnResource, Stack } from 'aws-cdk-lib';
import { Emulator } from '../../../lib/local/emulator/emulator';
import { Cdk } from '../../deploy/cdk';
import { Stacks } from './stacks';
import { alarmOnNothing } from './watched-stack';

describe('rollback triggers with the real cdk', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rollback-triggers-'));
  let emulator: Emulator;
  let cdk: Cdk;
  let stacks: Stacks;
  let cloudWatch: CloudWatchClient;
  let arn: string;
  let assemblies = 0;

  beforeAll(async () => {
    emulator = await Emulator.start({ minuteSeconds: 1 });
    cdk = new Cdk(emulator);
    stacks = new Stacks(emulator);
    cloudWatch = new CloudWatchClient(emulator.client);
    arn = `arn:aws:cloudwatch:${emulator.region}:${emulator.account}:alarm:alarm`;
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName: 'alarm', ...alarmOnNothing }));
    await setAlarm('OK');
  });

  afterAll(async () => {
    cdk?.end();
    await emulator?.stop();
    rmSync(folder, { recursive: true });
    expect(emulator?.complaints).not.toContain('Traceback');
  });

  const setAlarm = (StateValue: 'ALARM' | 'OK') =>
    cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'alarm', StateValue, StateReason: 'ordered by a test' }));

  /** Options that name an app with a stack of topics. */
  const app = (...topics: string[]): string[] => {
    assemblies += 1;
    const outdir = path.join(folder, `assembly-${assemblies}`);
    const cdkApp = new App({ outdir, builtinCloudFormationValidation: false });
    const { account, region } = emulator;
    const stack = new Stack(cdkApp, 'stack', { env: { account, region }, synthesizer: new BootstraplessSynthesizer() });
    for (const topic of topics) {
      new CfnResource(stack, topic, { type: 'AWS::SNS::Topic' });
    }
    cdkApp.synth();
    return ['--app', outdir];
  };
  const start = (topics: readonly string[], ...options: readonly string[]) =>
    cdk.start('deploy', '--require-approval', 'never', ...app(...topics), ...options);
  const deploy = (topics: readonly string[], ...options: readonly string[]) => start(topics, ...options).result;
  const watching = (minutes: number) => ['--rollback-trigger-alarm-arns', arn, '--monitoring-time-minutes', `${minutes}`];
  const live = async () => (await emulator.resources()).map(({ logicalId }) => logicalId).sort();
  const configuration = async () => (await stacks.describe('stack')).RollbackConfiguration;
  const kept = (MonitoringTimeInMinutes: number) => ({
    RollbackTriggers: [{ Arn: arn, Type: 'AWS::CloudWatch::Alarm' }],
    MonitoringTimeInMinutes,
  });

  test('a deploy goes through when the alarm does not go off, and CloudFormation keeps them', async () => {
    expect(await deploy(['first'], ...watching(0))).toMatchObject({ code: 0 });
    expect(await deploy(['first', 'old'], ...watching(1))).toMatchObject({ code: 0 });
    expect(await live()).toEqual(['first', 'old']);
    expect(await configuration()).toEqual(kept(1));
  });

  test('cdk says which alarm went off, fails, and the stack is as it was', async () => {
    const { result } = start(['first', 'new'], ...watching(180));
    while (!(await live()).includes('new')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await live()).toEqual(['first', 'new', 'old']);
    await setAlarm('ALARM');
    const { code, output } = await result;
    expect(code).toBe(1);
    expect(output).toContain(`Rollback trigger ${arn} went into ALARM state`);
    expect(await stacks.status('stack')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await live()).toEqual(['first', 'old']);
    const { code: difference } = await cdk.run('diff', '--fail', ...app('first', 'old'));
    expect(difference).toBe(0);
  });

  test('a later deploy that says nothing of them still has those that are kept', async () => {
    const { code, output } = await deploy(['first', 'new']);
    expect(code).toBe(1);
    expect(output).toContain(`Rollback trigger ${arn} went into ALARM state`);
    expect(await live()).toEqual(['first', 'old']);
    expect(await configuration()).toEqual(kept(1));
  });

  test('none takes them away', async () => {
    expect(await deploy(['first', 'new'], '--rollback-trigger-alarm-arns', 'none')).toMatchObject({ code: 0 });
    expect(await live()).toEqual(['first', 'new']);
    expect(await configuration()).toEqual({ RollbackTriggers: [], MonitoringTimeInMinutes: 0 });
    expect(await deploy(['first', 'newer'])).toMatchObject({ code: 0 });
  });

  test('an alarm that is not there fails the deploy, in words', async () => {
    const missing = arn.replace(/alarm$/, 'missing');
    const { code, output } = await deploy(['first'], '--rollback-trigger-alarm-arns', missing);
    expect(code).toBe(1);
    expect(output).toContain(`Rollback trigger ${missing} does not exist`);
  });

  test('nothing has tried to reach another machine', () => {
    expect(emulator.refusedConnections).toBe('');
  });
});
