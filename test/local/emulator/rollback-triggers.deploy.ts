import { DescribeStackEventsCommand, RollbackStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { DeleteAlarmsCommand, PutCompositeAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { service } from './followed-resources';
import { alarmOnNothing, bodyOf, topics, until, WatchedStack, watching } from './watched-stack';

const metricAlarm = 'AWS::CloudWatch::Alarm';

describe('rollback triggers', () => {
  const on = WatchedStack.ofBlock();

  test('an update goes back when an alarm goes off while it is monitored, with what was removed still there', async () => {
    await on.isThere(topics('a', 'b'));
    await on.update(topics('a', 'c'), on.long);
    await on.monitored('c');
    expect(await on.status()).toBe('UPDATE_IN_PROGRESS');
    expect(await on.live()).toEqual(['a', 'b', 'c']);

    const before = performance.now();
    await on.setAlarm('ALARM');
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await on.live()).toEqual(['a', 'b']);
    expect((await on.history()).slice(-4)).toEqual([
      'UPDATE_IN_PROGRESS: User Initiated',
      `UPDATE_ROLLBACK_IN_PROGRESS: ${on.wentOff()}`,
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect((await on.stacks.describe(on.name)).StackStatusReason).toBe(on.wentOff());

    await on.setAlarm('OK');
    await on.update(topics('a', 'b', 'd'));
    expect(await on.ended()).toBe('UPDATE_COMPLETE');
    expect((await on.stacks.describe(on.name)).StackStatusReason ?? '').toBe('');
  });

  test('a creation goes back', async () => {
    await on.create(topics('a'), on.long);
    await on.monitored('a');
    expect(await on.status()).toBe('CREATE_IN_PROGRESS');
    await on.setAlarm('ALARM');
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`ROLLBACK_IN_PROGRESS: ${on.wentOff()}`);
    expect(await on.live()).toEqual([]);
  });

  test('nothing is made at all when an alarm has gone off before', async () => {
    await on.isThere(topics('a'));
    await on.setAlarm('ALARM');
    const events = (await on.emulator.events()).length;
    await on.update(topics('a', 'b'), on.long);
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`UPDATE_ROLLBACK_IN_PROGRESS: ${on.wentOff()}`);
    expect((await on.emulator.events()).slice(events)).toEqual([]);

    on.name = `${on.name}-created`;
    await on.create(topics('c'), on.long);
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect((await on.emulator.events()).slice(events)).toEqual([]);
  });

  test('a composite alarm is watched too', async () => {
    const AlarmName = `${on.alarm}-composite`;
    await on.cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule: `ALARM("${on.alarm}")` }));
    await on.create(topics('a'), watching(180, on.trigger(AlarmName, 'AWS::CloudWatch::CompositeAlarm')));
    await on.monitored('a');
    await on.setAlarm('ALARM');
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`ROLLBACK_IN_PROGRESS: ${on.wentOff(AlarmName)}`);
  });

  test('an operation that is not to go back by itself stays as it is, until somebody has it go back', async () => {
    await on.create(topics('a'), watching(0, on.trigger()));
    await on.ended();
    await on.cloudFormation.send(
      new UpdateStackCommand({
        StackName: on.name,
        TemplateBody: bodyOf(topics('a', 'b')),
        RollbackConfiguration: on.long,
        DisableRollback: true,
      }),
    );
    await on.monitored('b');
    await on.setAlarm('ALARM');
    expect(await on.ended()).toBe('UPDATE_FAILED');
    expect(await on.history()).toContain(`UPDATE_FAILED: ${on.wentOff()}`);
    expect((await on.stacks.describe(on.name)).StackStatusReason).toBe(on.wentOff());
    expect(await on.live()).toEqual(['a', 'b']);

    await on.cloudFormation.send(new RollbackStackCommand({ StackName: on.name }));
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await on.live()).toEqual(['a']);
    expect(await on.configuration()).toEqual(watching(0, on.trigger()));
  });

  test('an alarm of several is named, and those with no data are not', async () => {
    const [first, second] = [`${on.alarm}-first`, `${on.alarm}-second`];
    await Promise.all([first, second].map((name) => on.putAlarm(name)));
    await on.setAlarm('INSUFFICIENT_DATA', first);
    await on.setAlarm('ALARM', second);
    await on.create(topics('a'), watching(0, on.trigger(first), on.trigger(), on.trigger(second)));
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`ROLLBACK_IN_PROGRESS: ${on.wentOff(second)}`);
  });

  /** The resources that failed, and why. */
  const failures = async () => {
    const { StackEvents = [] } = await on.cloudFormation.send(new DescribeStackEventsCommand({ StackName: on.name }));
    const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
    return failed.map(({ LogicalResourceId, ResourceStatusReason }) => [LogicalResourceId, ResourceStatusReason]);
  };

  test('an update ends its wait for a service at once, and goes back', async () => {
    await on.isThere(service({ DesiredCount: 1 }));
    const goOn = on.follower.waitAt('update Service');
    await on.update(service({ DesiredCount: 2 }), on.long);
    await on.follower.hasBeenTold('update Service');
    const since = performance.now();
    await on.setAlarm('ALARM');
    await on.follower.hasBeenTold('update Service', 2);
    expect(performance.now() - since).toBeLessThan(1000);
    goOn({});
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await failures()).toEqual([['Service', expect.stringContaining('Resource update cancelled')]]);
    expect(await on.history()).toContain(`UPDATE_ROLLBACK_IN_PROGRESS: ${on.wentOff()}`);
    expect(on.follower.kept.Service).toMatchObject({ DesiredCount: 1 });
    await on.stacks.delete(on.name);
  });

  test('a creation ends its wait for a service at once, and goes back', async () => {
    const goOn = on.follower.waitAt('create Service');
    const times = on.follower.told.filter((told) => told === 'create Service').length;
    await on.create(service(), on.long);
    await on.follower.hasBeenTold('create Service', times + 1);
    const since = performance.now();
    await on.setAlarm('ALARM');
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(performance.now() - since).toBeLessThan(1000);
    goOn({});
    expect(await failures()).toEqual([['Service', expect.stringContaining('Resource creation cancelled')]]);
    expect(await on.history()).toContain(`ROLLBACK_IN_PROGRESS: ${on.wentOff()}`);
    expect(await on.live()).toEqual([]);
  });

  test.each([
    ['never was', () => on.trigger('missing')],
    ['is of the other type', () => on.trigger(on.alarm, 'AWS::CloudWatch::CompositeAlarm')],
    ['is elsewhere', () => ({ Arn: on.arnOf().replace(on.emulator.region, 'eu-west-1'), Type: metricAlarm })],
  ])('an alarm that %s has an operation fail', async (_, missing) => {
    await on.create(topics('a'), watching(0, missing()));
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`ROLLBACK_IN_PROGRESS: Rollback trigger ${missing().Arn} does not exist`);
    expect(await on.live()).toEqual([]);
  });

  test('an alarm that is deleted while the stack is monitored has the operation fail', async () => {
    await on.isThere(topics('a'));
    await on.update(topics('a', 'b'), on.long);
    await on.monitored('b');
    await on.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [on.alarm] }));
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await on.history()).toContain(`UPDATE_ROLLBACK_IN_PROGRESS: Rollback trigger ${on.arnOf()} does not exist`);
  });

  test('an alarm of the very stack is watched until the update that removes it is cleaned up', async () => {
    const Own = { Type: metricAlarm, Properties: { AlarmName: `${on.alarm}-own`, ...alarmOnNothing } };
    await on.isThere({ ...topics('a'), Own });
    await on.update(topics('a', 'b'), watching(1, on.trigger(`${on.alarm}-own`)));
    expect(await on.ended()).toBe('UPDATE_COMPLETE');
    expect(await on.live()).toEqual(['a', 'b']);
    await on.update(topics('a', 'c'));
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await on.history()).join()).toContain(`${on.arnOf(`${on.alarm}-own`)} does not exist`);
  });

  test('what goes back is not watched', async () => {
    await on.create(service({ DesiredCount: 1 }));
    await on.ended();
    await on.update(service({ DesiredCount: 2 }), on.long);
    await until(() =>
      on.follower.stackEvents.some(
        ({ stack, logicalId, status }) => stack === on.name && logicalId === 'Service' && status === 'UPDATE_COMPLETE',
      ),
    );
    const goOn = on.follower.waitAt('update Service');
    const times = on.follower.told.filter((told) => told === 'update Service').length;
    await on.setAlarm('ALARM');
    await on.follower.hasBeenTold('update Service', times + 1);
    await on.setAlarm('OK');
    await on.setAlarm('ALARM');
    expect(await on.status()).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    goOn({});
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await on.history()).filter((event) => event.includes('went into ALARM'))).toHaveLength(1);
  });

  test('two stacks at a time: each has its own', async () => {
    const [one, other] = [`${on.name}-one`, `${on.name}-other`];
    await on.putAlarm(`${on.alarm}-other`);
    for (const [stack, alarmName] of [
      [one, on.alarm],
      [other, `${on.alarm}-other`],
    ] as const) {
      on.name = stack;
      await on.create(topics(`${stack}-a`), watching(180, on.trigger(alarmName)));
      await on.monitored(`${stack}-a`);
    }
    await on.setAlarm('ALARM', `${on.alarm}-other`);
    expect(await on.ended()).toBe('ROLLBACK_COMPLETE');
    expect(await on.stacks.status(one)).toBe('CREATE_IN_PROGRESS');
    await on.stacks.delete(one);
  });
});
