import { CloudFormationClient, DescribeStackEventsCommand, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

const type = 'AWS::SSM::Parameter';
const parameter = (Name: string, Value = '1', DependsOn: readonly string[] = []) => ({
  Type: type,
  Properties: { Name, Type: 'String', Value },
  DependsOn,
});

const before: Resources = {
  Same: parameter('/same'),
  Changed: parameter('/changed'),
  Replaced: parameter('/replaced'),
  Removed: parameter('/removed'),
};
/** Made in this order. */
const after: Resources = {
  Same: parameter('/same'),
  Changed: parameter('/changed', '2'),
  Made: parameter('/made', '1', ['Changed']),
  Replaced: parameter('/replacing', '1', ['Made']),
  Last: parameter('/last', '1', ['Replaced']),
};
const replaced = 'Requested update requires the creation of a new physical resource; hence creating one.';

describe('the events of resources are as CloudFormation writes them', () => {
  const on = emulatorOfBlock();
  const stack = 'stack';
  let id = '';
  let known = 0;

  /** What the stack went through since it was asked last, oldest first. */
  async function happened(): Promise<readonly string[]> {
    const { StackEvents = [] } = await cloudFormation().send(new DescribeStackEventsCommand({ StackName: id }));
    const events = StackEvents.reverse().slice(known);
    const times = events.map(({ Timestamp }) => Number(Timestamp));
    // Whoever sorts them by their time has this order.
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    known = StackEvents.length;
    return events.map(({ LogicalResourceId, ResourceStatus, PhysicalResourceId, ResourceStatusReason }) =>
      [
        LogicalResourceId,
        ResourceStatus,
        ...(PhysicalResourceId?.startsWith('/') ? [PhysicalResourceId] : []),
        ...(ResourceStatusReason ? [`(${ResourceStatusReason.trim()})`] : []),
      ].join(' '),
    );
  }
  const cloudFormation = () => new CloudFormationClient(on.emulator.client);

  async function isThere(resources: Resources): Promise<void> {
    await on.stacks.create(stack, resources);
    id = (await on.stacks.describe(stack)).StackId ?? '';
    known = 0;
    await happened();
  }

  /** Has the next operation on a resource fail. */
  const failing = (name: string, verb: 'create' | 'update') =>
    on.emulator.intervene({ effect: 'fail', type, verb, name, reason: 'no' });

  afterEach(async () => {
    await on.emulator.release();
    await on.stacks.delete(id);
  });

  test('in an update: what is the same is not spoken of, what is new is created, and what was replaced or removed is deleted in the clean-up', async () => {
    await isThere(before);
    expect(await on.stacks.update(stack, after)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await happened()).toEqual([
      'stack UPDATE_IN_PROGRESS (User Initiated)',
      'Changed UPDATE_IN_PROGRESS /changed',
      'Changed UPDATE_COMPLETE /changed',
      'Made CREATE_IN_PROGRESS',
      'Made CREATE_COMPLETE /made',
      `Replaced UPDATE_IN_PROGRESS /replaced (${replaced})`,
      'Replaced UPDATE_COMPLETE /replacing',
      'Last CREATE_IN_PROGRESS',
      'Last CREATE_COMPLETE /last',
      'stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Replaced DELETE_IN_PROGRESS /replaced',
      'Replaced DELETE_COMPLETE /replaced',
      'Removed DELETE_IN_PROGRESS /removed',
      'Removed DELETE_COMPLETE /removed',
      'stack UPDATE_COMPLETE',
    ]);
    const { StackResources = [] } = await cloudFormation().send(new DescribeStackResourcesCommand({ StackName: stack }));
    expect(Object.fromEntries(StackResources.map((each) => [each.LogicalResourceId, each.ResourceStatus]))).toEqual({
      Same: 'CREATE_COMPLETE',
      Changed: 'UPDATE_COMPLETE',
      Made: 'CREATE_COMPLETE',
      Replaced: 'UPDATE_COMPLETE',
      Last: 'CREATE_COMPLETE',
    });
  });

  test('in an update that goes back: what was changed is set back, and what was made is deleted in the clean-up', async () => {
    await isThere(before);
    await failing('Last', 'create');
    expect(await on.stacks.update(stack, after)).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      failures: { Last: expect.stringContaining('no') },
    });
    const events = await happened();
    expect(events.slice(events.indexOf('Last CREATE_IN_PROGRESS'))).toEqual([
      'Last CREATE_IN_PROGRESS',
      expect.stringMatching(/^Last CREATE_FAILED \(.*no.*\)$/),
      'stack UPDATE_ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [Last].)',
      'Changed UPDATE_IN_PROGRESS /changed',
      'Changed UPDATE_COMPLETE /changed',
      'Replaced UPDATE_IN_PROGRESS /replaced',
      'Replaced UPDATE_COMPLETE /replaced',
      'stack UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Replaced DELETE_IN_PROGRESS /replacing',
      'Replaced DELETE_COMPLETE /replacing',
      'Made DELETE_IN_PROGRESS /made',
      'Made DELETE_COMPLETE /made',
      'stack UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  test('in an update of a resource that fails', async () => {
    await isThere(before);
    await failing('Changed', 'update');
    expect(await on.stacks.update(stack, after)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await happened()).toEqual([
      'stack UPDATE_IN_PROGRESS (User Initiated)',
      'Changed UPDATE_IN_PROGRESS /changed',
      expect.stringMatching(/^Changed UPDATE_FAILED \(.*no.*\)$/),
      'stack UPDATE_ROLLBACK_IN_PROGRESS (The following resource(s) failed to update: [Changed].)',
      'Changed UPDATE_IN_PROGRESS /changed',
      'Changed UPDATE_COMPLETE /changed',
      'stack UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'stack UPDATE_ROLLBACK_COMPLETE',
    ]);
  });

  test('in a creation that goes back', async () => {
    await failing('Made', 'create');
    await isThere({ Changed: parameter('/changed'), Made: parameter('/made', '1', ['Changed']) });
    known = 0;
    expect(await happened()).toEqual([
      'stack CREATE_IN_PROGRESS (User Initiated)',
      'Changed CREATE_IN_PROGRESS',
      'Changed CREATE_COMPLETE /changed',
      'Made CREATE_IN_PROGRESS',
      expect.stringMatching(/^Made CREATE_FAILED \(.*no.*\)$/),
      'stack ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [Made]. Rollback requested by user.)',
      'Changed DELETE_IN_PROGRESS /changed',
      'Changed DELETE_COMPLETE /changed',
      'stack ROLLBACK_COMPLETE',
    ]);
  });

  test('in a deletion', async () => {
    await isThere({ Made: parameter('/made') });
    await on.stacks.delete(stack);
    expect(await happened()).toEqual([
      'stack DELETE_IN_PROGRESS (User Initiated)',
      'Made DELETE_IN_PROGRESS /made',
      'Made DELETE_COMPLETE /made',
      'stack DELETE_COMPLETE',
    ]);
  });
});
