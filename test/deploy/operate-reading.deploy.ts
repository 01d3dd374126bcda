import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateChangeSetCommand, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { Emulator } from '../../lib/local/emulator/emulator';
import { type AwsClients, awsClients } from '../../lib/operate/aws-clients';
import type { DeployedStack } from '../../lib/operate/deployed/deployed-stack';
import { readDeployedStack } from '../../lib/operate/deployed/read-deployed-stack';
import { stackEvents } from '../../lib/operate/deployed/stack-events';
import { exitCodes } from '../../lib/operate/exit-codes';
import { readLiveState } from '../../lib/operate/live/read-live-state';
import { routeOf, slotResources } from '../../lib/operate/live/slot-resources';
import { minuteMs } from '../../lib/operate/measured/minute-ms';
import { readAlarms } from '../../lib/operate/measured/read-alarms';
import { readMinutes } from '../../lib/operate/measured/read-minutes';
import type { PlaneName } from '../../lib/release/plane-limits';
import { releaseStateOf } from '../../lib/release/release-state';
import { flagsOf } from '../../lib/settings/flags';
import { Stacks } from '../local/emulator/stacks';
import { until } from '../until';
import { writeAssembly } from './assembly';
import type { Context } from './cdk';
import { Requests } from './requests';
import { Stage } from './stage';
import { changeWeights } from './weights-by-hand';

const stackName = 'read-blue-green';
const state = { blue: { active: true, weight: 75 }, green: { active: true, weight: 25 } };

/** The template that the command line uploads. */
function handedOver(context: Context): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  try {
    writeAssembly(path.join(__dirname, '..', '..'), context, folder);
    return readFileSync(path.join(folder, `${stackName}.template.json`), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each<PlaneName>(['load-balancer', 'lattice', 'app-mesh'])('what is read from AWS on %s', (trafficPlane) => {
  let stage: Stage;
  let clients: AwsClients;
  let requests: Requests;
  let begun: Date;
  const context = { trafficPlane, appName: 'read', ...flagsOf(state) };

  const deployed = async () => (await readDeployedStack(clients, stackName)) as DeployedStack;

  beforeAll(async () => {
    stage = await Stage.open({ isSynthesizedHere: true, minuteSeconds: 1 });
    clients = awsClients(stage.emulator.environment);
    begun = new Date();
    await stage.deploy(context);
    requests = new Requests(await stage.url('read'), { rate: 100 });
  });

  afterAll(async () => {
    await requests?.stop();
    await stage?.close();
  });

  test('the stack: its state, its template as it was handed over, what Ref gives', async () => {
    expect(await readDeployedStack(clients, 'other')).toBeUndefined();
    const stack = await deployed();
    expect(stack).toMatchObject({
      name: stackName,
      id: expect.stringContaining(`:stack/${stackName}/`),
      status: 'CREATE_COMPLETE',
      rollbackTriggers: [],
      roleArn: expect.stringContaining('-cfn-exec-role-'),
      outputs: { BlueTarget: expect.any(String), GreenTarget: expect.any(String) },
    });
    expect(stack.changedAt.getTime()).toBeGreaterThanOrEqual(begun.getTime());
    expect(releaseStateOf(stack.state)).toEqual(state);
    expect(stack.template).toBe(handedOver(context));
    expect(stack.parameters).toContain('BootstrapVersion');
    expect([...stack.physicalIds.keys()].sort()).toEqual(Object.keys(JSON.parse(stack.template).Resources).sort());
  });

  test('its events since a moment, oldest first', async () => {
    const events = await stackEvents(clients, await deployed(), begun);
    expect(events[0]).toMatchObject({ logicalId: stackName, status: 'REVIEW_IN_PROGRESS' });
    expect(events.at(-1)).toMatchObject({ logicalId: stackName, status: 'CREATE_COMPLETE' });
    expect(events.map(({ at }) => at.getTime())).toEqual(events.map(({ at }) => at.getTime()).sort((a, b) => a - b));
    const since = events[10]?.at as Date;
    expect(await stackEvents(clients, await deployed(), since)).toEqual(events.filter(({ at }) => at >= since));
  });

  test('what is live: weights, tasks, healthy targets, and which slot was there first', async () => {
    const live = await readLiveState(clients, await deployed());
    const tasks = { desired: 1, running: 1, pending: 0 };
    const slot = {
      tasks,
      healthyTargets: trafficPlane === 'app-mesh' ? undefined : 1,
      rollingOut: false,
      createdAt: expect.any(Date),
      versionAt: expect.any(Date),
    };
    expect(live).toEqual({ blue: { ...slot, weight: 75 }, green: { ...slot, weight: 25 } });
    expect(live.blue?.createdAt).not.toEqual(live.green?.createdAt);
  });

  test('minutes: the requests of each slot, as many as were sent', async () => {
    const length = minuteMs(clients.environment);
    expect(length).toBe(1000);
    await until(() => requests.answered > 300);
    await requests.stop();
    const sent = (slot: string) => requests.all.filter(({ appSlot }) => appSlot === slot).length;
    const counted = async () => {
      const minutes = await readMinutes(clients, await deployed(), begun.getTime(), Date.now());
      expect(minutes.every(({ at }) => at % length === 0 && at >= begun.getTime())).toBe(true);
      return minutes;
    };
    const sum = (minutes: Awaited<ReturnType<typeof counted>>, slot: 'blue' | 'green') =>
      minutes.reduce((total, { slots }) => total + (slots[slot]?.requests ?? 0), 0);
    await until(async () => {
      const minutes = await counted();
      return sum(minutes, 'blue') >= sent('blue') && sum(minutes, 'green') >= sent('green');
    });
    const minutes = await counted();
    expect({ blue: sum(minutes, 'blue'), green: sum(minutes, 'green') }).toEqual({ blue: sent('blue'), green: sent('green') });
    expect(minutes.flatMap(({ slots }) => [slots.blue?.errors, slots.green?.errors]).every((errors) => errors === 0)).toBe(true);
    for (const { slots } of minutes) {
      expect(slots.blue?.latencyMs !== undefined).toBe((slots.blue?.requests ?? 0) > 0);
    }
    expect(Math.max(...minutes.map(({ slots }) => slots.blue?.latencyMs ?? 0))).toBeLessThan(5_000);
  });

  test('alarms: of the service and of each slot', async () => {
    const stack = await deployed();
    await until(async () => (await readAlarms(clients, stack)).some(({ state: is }) => is === 'OK'));
    const alarms = await readAlarms(clients, stack);
    expect(alarms.map(({ kind, slot }) => `${slot ?? 'all'}: ${kind}`).sort()).toEqual([
      'all: service',
      'blue: empty slot',
      'blue: errors',
      'green: empty slot',
      'green: errors',
    ]);
    expect(alarms.every(({ state: is }) => is !== undefined)).toBe(true);
    expect(
      await readAlarms(clients, { outputs: { GoneAlarmArn: '', ServiceAlarmArn: 'arn:aws:cloudwatch:a:1:alarm:gone' } }),
    ).toEqual([{ arn: 'arn:aws:cloudwatch:a:1:alarm:gone', name: 'gone', kind: 'service', slot: undefined, state: undefined }]);
  });

  test('a weight that was changed behind the back of the stack', async () => {
    const stack = await deployed();
    const weights = slotResources(stack).map(({ name, target }) => [target, name === 'blue' ? 0 : 10]);
    await changeWeights[trafficPlane](stage.emulator.client, routeOf(stack) as string, Object.fromEntries(weights));

    const live = await readLiveState(clients, stack);
    expect({ blue: live.blue?.weight, green: live.green?.weight }).toEqual({ blue: 0, green: 10 });
    expect(releaseStateOf((await deployed()).state)).toEqual(state);
    const after = new Requests(await stage.url('read'), { rate: 100 });
    try {
      await after.expectSplit({ blue: 0, green: 10 }, 50);
    } finally {
      await after.stop();
    }
  });
});

describe('a stack that tells no state', () => {
  let emulator: Emulator;
  let clients: AwsClients;

  beforeAll(async () => {
    emulator = await Emulator.start({});
    clients = awsClients(emulator.environment);
  });

  afterAll(() => emulator?.stop());

  const create = async (StackName: string, TemplateBody: string) => {
    await clients.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    await until(async () => (await new Stacks(emulator).status(StackName)) === 'CREATE_COMPLETE');
  };

  test('one of which there is a change set only is not there', async () => {
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    const names = { StackName: 'planned', ChangeSetName: 'first', ChangeSetType: 'CREATE' as const };
    await clients.cloudFormation.send(new CreateChangeSetCommand({ ...names, TemplateBody }));
    expect(await new Stacks(emulator).status('planned')).toBe('REVIEW_IN_PROGRESS');
    expect(await readDeployedStack(clients, 'planned')).toBeUndefined();
  });

  test.each([
    ['yaml', 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n', 'stack yaml: got a template that is not written in JSON'],
    ['other', JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }), 'stack other: got no release guard'],
  ])('%s is refused', async (name, template, problem) => {
    await create(name, template);
    const refused = readDeployedStack(clients, name);
    await expect(refused).rejects.toMatchObject({ exitCode: exitCodes.refused, message: expect.stringContaining(problem) });
  });
});
