import {
  CreateChangeSetCommand,
  CreateStackCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { service } from './followed-resources';
import { bodyOf, topics, until, WatchedStack, watching } from './watched-stack';

describe('the monitoring time of a stack', () => {
  const on = WatchedStack.ofBlock();

  test.each([
    ['with triggers', () => watching(1, on.trigger())],
    ['without one', () => watching(1)],
  ])('the clean-up waits until the monitoring time is over, %s', async (_, given) => {
    await on.isThere(topics('a', 'b'));
    const since = performance.now();
    await on.update(topics('a', 'c'), given());
    await until(async () => !(await on.live()).includes('b'));
    expect(performance.now() - since).toBeGreaterThan(1000);
    expect(await on.ended()).toBe('UPDATE_COMPLETE');
    expect((await on.history()).slice(-3)).toEqual([
      'UPDATE_IN_PROGRESS: User Initiated',
      'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ]);
  });

  test('outputs are those from before as long as a stack is monitored', async () => {
    const withOutput = (value: string) =>
      JSON.stringify({
        Resources: topics('a', value),
        Outputs: { Value: { Value: value, Export: { Name: `${on.name}-value` } } },
      });
    await on.cloudFormation.send(new CreateStackCommand({ StackName: on.name, TemplateBody: withOutput('old') }));
    await on.ended();
    await on.cloudFormation.send(
      new UpdateStackCommand({ StackName: on.name, TemplateBody: withOutput('new'), RollbackConfiguration: watching(1) }),
    );
    await on.monitored('new');
    expect(await on.stacks.outputs(on.name)).toEqual({ Value: 'old' });
    await on.ended();
    expect(await on.stacks.outputs(on.name)).toEqual({ Value: 'new' });
  });

  test('an update that is cancelled while it is monitored goes back', async () => {
    await on.isThere(topics('a', 'b'));
    await on.update(topics('a', 'c'), watching(180));
    await on.monitored('c');
    await on.stacks.cancelUpdate(on.name);
    expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await on.live()).toEqual(['a', 'b']);
    expect(await on.history()).toContain('UPDATE_ROLLBACK_IN_PROGRESS: User Initiated');
  });

  test.each(['creation', 'update'])('a stack is deleted while its %s is monitored', async (what) => {
    if (what === 'update') {
      await on.isThere(topics('a'));
      await on.update(topics('a', 'b'), on.long);
    } else {
      await on.create(topics('b'), on.long);
    }
    await on.monitored('b');
    expect((await on.stacks.delete(on.name)).status).toBe('DELETE_COMPLETE');
    expect(await on.live()).toEqual([]);
  });

  test('nothing goes back any more when the clean-up has begun', async () => {
    await on.create({ ...service(), ...topics('a') });
    expect(await on.ended()).toBe('CREATE_COMPLETE');
    const goOn = on.follower.waitAt('delete Service');
    await on.update(topics('a'), watching(0, on.trigger()));
    await until(async () => (await on.status()) === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await on.setAlarm('ALARM');
    await expect(on.stacks.cancelUpdate(on.name)).rejects.toThrow('CancelUpdateStack cannot be called from current stack status');
    goOn({});
    expect(await on.ended()).toBe('UPDATE_COMPLETE');
    expect(await on.live()).toEqual(['a']);
  });

  test('no other change begins while a stack is monitored', async () => {
    await on.isThere(topics('a'));
    const changeSet = { StackName: on.name, ChangeSetName: 'change' };
    const make = () =>
      on.cloudFormation.send(new CreateChangeSetCommand({ ...changeSet, TemplateBody: bodyOf(topics('a', 'c')) }));
    await on.update(topics('a', 'b'), watching(180));
    await on.monitored('b');
    await expect(make()).rejects.toThrow(/Stack:arn:.* is in UPDATE_IN_PROGRESS state and can not be updated/);
    await on.stacks.cancelUpdate(on.name);
    await on.ended();

    await make();
    await on.cloudFormation.send(new ExecuteChangeSetCommand(changeSet));
    expect(await on.ended()).toBe('UPDATE_COMPLETE');
    expect(await on.live()).toEqual(['a', 'c']);
  });
});
