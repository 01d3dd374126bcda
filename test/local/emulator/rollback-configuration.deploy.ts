import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type RollbackConfiguration,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Resources } from './stacks';
import { bodyOf, topics, WatchedStack, watching } from './watched-stack';

const metricAlarm = 'AWS::CloudWatch::Alarm';

describe('the rollback triggers of a stack:', () => {
  const on = WatchedStack.ofBlock();

  describe('are kept', () => {
    test('until an operation says something else; one that says nothing leaves them', async () => {
      await on.isThere(topics('a'));
      expect((await on.configuration())?.RollbackTriggers ?? []).toEqual([]);

      await on.putAlarm('other');
      const both = watching(1, on.trigger(), on.trigger('other'));
      const steps: [RollbackConfiguration | undefined, RollbackConfiguration][] = [
        [both, both],
        [undefined, both],
        [{ MonitoringTimeInMinutes: 0 }, { ...both, MonitoringTimeInMinutes: 0 }],
        [watching(undefined, on.trigger('other')), watching(0, on.trigger('other'))],
        [{ RollbackTriggers: [] }, watching(0)],
      ];
      for (const [index, [given, kept]] of steps.entries()) {
        await on.update(topics('a', `step${index}`), given);
        expect(await on.ended()).toBe('UPDATE_COMPLETE');
        expect(await on.configuration()).toEqual({ RollbackTriggers: [], ...kept });
      }
    });

    test('of a change set that is executed, and of no other', async () => {
      const changeSet = { StackName: on.name, ChangeSetName: 'change' };
      const make = (resources: Resources, ChangeSetType: 'CREATE' | 'UPDATE', minutes: number) =>
        on.cloudFormation.send(
          new CreateChangeSetCommand({
            ...changeSet,
            ChangeSetType,
            TemplateBody: bodyOf(resources),
            RollbackConfiguration: watching(minutes, on.trigger()),
          }),
        );
      await make(topics('a'), 'CREATE', 0);
      expect((await on.cloudFormation.send(new DescribeChangeSetCommand(changeSet))).RollbackConfiguration).toEqual(
        watching(0, on.trigger()),
      );
      await on.cloudFormation.send(new ExecuteChangeSetCommand(changeSet));
      expect(await on.ended()).toBe('CREATE_COMPLETE');
      expect(await on.configuration()).toEqual(watching(0, on.trigger()));

      await on.cloudFormation.send(new DeleteChangeSetCommand(changeSet));
      await make(topics('a', 'b'), 'UPDATE', 9);
      expect((await on.cloudFormation.send(new DescribeChangeSetCommand(changeSet))).RollbackConfiguration).toEqual(
        watching(9, on.trigger()),
      );
      await on.cloudFormation.send(new DeleteChangeSetCommand(changeSet));
      await on.update(topics('a', 'c'));
      expect(await on.ended()).toBe('UPDATE_COMPLETE');
      expect(await on.configuration()).toEqual(watching(0, on.trigger()));
    });

    test('as they were, when the operation goes back', async () => {
      await on.create(topics('a'), watching(0, on.trigger()));
      await on.ended();
      await on.update(topics('a', 'b'), watching(7));
      await on.monitored('b');
      await on.stacks.cancelUpdate(on.name);
      expect(await on.ended()).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(await on.configuration()).toEqual(watching(0, on.trigger()));
    });
  });

  test.each<[string, () => RollbackConfiguration, RegExp]>([
    ['six', () => watching(0, ...Array(6).fill(on.trigger())), /rollbackTriggers' .* length less than or equal to 5/],
    ['a negative time', () => watching(-1), /Value '-1' at '.*monitoringTimeInMinutes' .* from 0 to 180/],
    ['a time that is too long', () => watching(181), /Value '181' at '.*monitoringTimeInMinutes' .* from 0 to 180/],
    ['half a minute', () => watching(0.5), /Value '0.5' at '.*monitoringTimeInMinutes' .* whole number/],
    [
      'a name',
      () => watching(0, { Arn: 'alarm', Type: metricAlarm }),
      /Value 'alarm' at '.*1\.member\.arn' .* ARN of a CloudWatch alarm/,
    ],
    [
      'something else',
      () => watching(0, on.trigger(), { Arn: `arn:aws:sns:us-east-1:${on.emulator.account}:topic`, Type: metricAlarm }),
      /rollbackTriggers\.2\.member\.arn/,
    ],
    [
      'another type',
      () => watching(0, on.trigger(on.alarm, 'AWS::SNS::Topic')),
      /'AWS::SNS::Topic' at .* set: \[AWS::CloudWatch::Alarm, /,
    ],
    ['all at once', () => watching(181, { Arn: 'x', Type: 'y' }), /3 validation errors detected/],
  ])('%s are refused by every call', async (_, given, words) => {
    await on.isThere(topics('a'));
    const changed = { StackName: on.name, TemplateBody: bodyOf(topics('a', 'b')), RollbackConfiguration: given() };
    await expect(on.cloudFormation.send(new UpdateStackCommand(changed))).rejects.toThrow(words);
    await expect(on.cloudFormation.send(new CreateChangeSetCommand({ ...changed, ChangeSetName: 'change' }))).rejects.toThrow(
      words,
    );
    await expect(on.cloudFormation.send(new CreateStackCommand({ ...changed, StackName: `${on.name}-other` }))).rejects.toThrow(
      words,
    );
    await expect(on.stacks.describe(`${on.name}-other`)).rejects.toThrow(/does not exist/);
    expect(await on.live()).toEqual(['a']);
  });
});
