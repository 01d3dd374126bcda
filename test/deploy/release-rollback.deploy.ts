import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { awsClients } from '../../lib/operate/aws-clients';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import { readDeployedStack } from '../../lib/operate/deployed/read-deployed-stack';
import { until } from '../until';
import type { CdkResult, Context } from './cdk';
import { Checkout } from './checkout';
import { planeCases } from './planes';
import { ReleaseCommand } from './release-command';
import { Requests } from './requests';
import { Stage } from './stage';

const appName = 'jump';
const stackName = `${appName}-blue-green`;
const settings = { trafficPlane: 'load-balancer', appName };
const sick = 'example/sick:1';
const { route } = planeCases['load-balancer'];

const both = (blueWeight: number, greenWeight: number): Context => ({
  ...{ blueActive: true, blueWeight, greenActive: true, greenWeight },
});

// What does not differ from plane to plane: a rollback while something else is under way, or goes wrong.
let stage: Stage;
let checkout: Checkout;
let release: ReleaseCommand;
let requests: Requests;

const file = (name: string) => path.join(checkout.folder, name);
const flags = () => JSON.parse(readFileSync(file('cdk.context.json'), 'utf8'));
const stack = async () => (await readDeployedStack(awsClients(stage.emulator.environment), stackName)) as DeployedStack;
const weights = async () => Object.values((await stack()).state.slots).map((slot) => Number(slot?.weight));

async function deploy(state: Context, ...more: readonly string[]): Promise<void> {
  await stage.deploy({ ...settings, ...state }, ...more);
  checkout.hold(state);
}

/** Begins a deploy, and goes on when CloudFormation is at work on it. */
async function begun(context: Context, ...more: readonly string[]): Promise<{ readonly result: Promise<CdkResult> }> {
  const words = [...more, ...stage.cdk.synthesized({ ...settings, ...context })];
  const { result } = stage.cdk.start('deploy', '--require-approval', 'never', ...words);
  await until(async () => (await stack()).status === 'UPDATE_IN_PROGRESS');
  return { result };
}

beforeAll(async () => {
  const state = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };
  checkout = new Checkout(settings, state);
  stage = await Stage.open({
    folder: checkout.folder,
    isSynthesizedHere: true,
    context: { ...settings, ...state },
    minuteSeconds: 1,
    byImage: new Map([[sick, 'sleep 1000']]),
  });
  release = new ReleaseCommand(checkout, stage.cdk);
  await deploy(state);
  await deploy(both(3, 1));
  requests = new Requests(await stage.url(appName), { rate: 100 });
});

afterAll(async () => {
  release?.end();
  await requests?.stop();
  await stage?.close();
  checkout?.remove();
});

test('a deploy that is monitored is cancelled, and then it goes back further', async () => {
  const { ServiceAlarmArn = '' } = (await stack()).outputs;
  const triggers = ['--rollback-trigger-alarm-arns', ServiceAlarmArn, '--monitoring-time-minutes', '180'];
  const { result } = await begun(both(1, 1), ...triggers);
  await until(() => requests.share('green', 1000) > 0.4);
  const { out, err } = await release.ends(0, 'rollback', '--yes');
  expect(err).toMatch(/is UPDATE_IN_PROGRESS: that deploy is cancelled first\n/);
  expect(err).toMatch(/blue 75 %, green 25 % → blue 100 %, green 0 %\n/);
  expect(out).toBe(
    'rolled back: blue 100 %, green 0 %; both slots go on running\n' +
      'cdk.context.json now says so; commit it:  git commit -m "back to blue" cdk.context.json\n',
  );
  expect(flags()).toEqual(both(1, 0));
  await requests.expectSplit({ blue: 1 }, 100);
  // What it says itself depends on when it looks: it may see the cancelled deploy go back, or only the jump after it.
  await result;
});

test('an alarm that has gone off does not undo it: the triggers of the stack are emptied, and the rest of it is kept', async () => {
  const { ServiceAlarmArn = '' } = (await stack()).outputs;
  await deploy(both(1, 1), '--rollback-trigger-alarm-arns', ServiceAlarmArn, '--monitoring-time-minutes', '0');
  const before = await stack();
  expect(before.rollbackTriggers).toEqual([ServiceAlarmArn]);
  const AlarmName = ServiceAlarmArn.split(':').at(-1);
  const cloudWatch = new CloudWatchClient(stage.emulator.client);
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'tried' }));
  const events = (await stage.emulator.events()).length;
  await release.ends(0, 'rollback', '--yes');
  const after = await stack();
  expect((await stage.emulator.events()).slice(events).map(({ verb, type }) => `${verb} ${type}`)).toEqual([
    'update Custom::ReleaseGuard',
    `update ${route.type}`,
  ]);
  expect(after).toMatchObject({
    ...{ rollbackTriggers: [], parameters: before.parameters, roleArn: before.roleArn, physicalIds: before.physicalIds },
    outputs: { ...before.outputs, Split: 'blue 100 %, green 0 %' },
  });
});

test('the diff of the command line shows nothing afterwards', async () => {
  const { output } = await stage.cdk.succeed('diff', ...stage.cdk.synthesized({ ...settings, ...flags() }));
  expect(output).toMatch(/Number of stacks with differences: 0/);
});

test('the slot can be named, and the files say it', async () => {
  const { out } = await release.ends(0, 'rollback', '--yes', '--to', 'green');
  expect(out).toContain('git commit -m "back to green" cdk.context.json');
  expect(flags()).toEqual(both(0, 1));
  expect((await release.ends(0, 'rollback', '--yes', '--to', 'green')).out).toBe(
    'nothing to roll back: green answers everything already\n',
  );
  await requests.expectSplit({ green: 1 }, 100);
});

test('without somebody to ask, nothing is changed', async () => {
  expect((await release.ends(2, 'rollback')).err).toMatch(/--yes: got none/);
  expect(await weights()).toEqual([0, 1]);
});

test('a route that cannot be updated: CloudFormation takes it back, which is told, and the files stay', async () => {
  await stage.emulator.intervene({ effect: 'fail', type: route.type, verb: 'update', reason: 'the route cannot be updated' });
  const { err } = await release.ends(5, 'rollback', '--yes');
  await stage.emulator.release();
  expect(err).toMatch(
    /rolled back by CloudFormation: AppProductionRule\w+: the route cannot be updated.*; blue 0 %, green 100 % as before\n/,
  );
  expect(flags()).toEqual(both(0, 1));
  await requests.expectSplit({ green: 1 }, 100);
});

test('Ctrl-C while CloudFormation works: the weights go on, and the next rollback writes the files', async () => {
  await stage.emulator.intervene({ effect: 'hold', type: route.type, verb: 'update' });
  const started = release.start('rollback', '--yes');
  await until(async () => (await stack()).status === 'UPDATE_IN_PROGRESS');
  started.signal('SIGINT');
  const { code, err } = await started.result;
  expect({ code, err }).toEqual({
    code: 130,
    err: expect.stringContaining('stopped: CloudFormation goes on with the rollback; '),
  });
  await stage.emulator.release();
  await until(async () => (await stack()).status === 'UPDATE_COMPLETE');
  expect(flags()).toEqual(both(0, 1));
  expect((await release.ends(0, 'rollback', '--yes')).out).toMatch(/^nothing to roll back: .*\ncdk\.context\.json now says so; /);
  expect(flags()).toEqual(both(1, 0));
});

test('a deploy that waits for tasks that never come is cancelled, and blue has everything as before', async () => {
  const { result } = await begun({ ...both(3, 1), greenImage: sick });
  const { out, err } = await release.ends(0, 'rollback', '--yes');
  expect(err).toContain('the deploy that was under way is taken back\n');
  expect(out).toBe('rolled back: blue answers everything already\n');
  await requests.expectSplit({ blue: 1 }, 100);
  expect((await result).code).toBe(1);
});

test('a checkout in which nothing is right: the stack is named, and the files stay as they are', async () => {
  await deploy(both(1, 1));
  writeFileSync(file('cdk.json'), '{ "context": ');
  expect((await release.ends(4, 'rollback', '--yes')).err).toContain('cdk.json');
  writeFileSync(file('cdk.context.json'), 'what');
  const { out } = await release.ends(0, 'rollback', '--yes', '--stack', stackName);
  expect(out).toContain('the files are left as they are');
  expect(readFileSync(file('cdk.context.json'), 'utf8')).toBe('what');
  await requests.expectSplit({ blue: 1 }, 100);
  expect((await release.ends(6, 'rollback', '--yes', '--stack', 'other-blue-green')).err).toContain(
    'stack other-blue-green: not there',
  );
});

test('no request was lost, and no other machine was asked', async () => {
  await requests.stop();
  expect(requests.lost).toEqual({});
  expect(stage.emulator.refusedConnections).toBe('');
  expect(existsSync(file('cdk.out'))).toBe(false);
});
