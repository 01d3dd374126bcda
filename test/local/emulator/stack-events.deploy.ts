import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CloudFormationClient, paginateDescribeStackEvents } from '@aws-sdk/client-cloudformation';
import type { StackEvent } from '../../../lib/local/emulator/follower';
import { followedEmulator } from './followed-emulator';
import { loadBalancer, service } from './followed-resources';
import type { Resources } from './stacks';

describe('the events of stacks that a follower is told of', () => {
  const on = followedEmulator();

  /** What the API says of them, oldest first. */
  const described = async (stack: string): Promise<StackEvent[]> => {
    const events: StackEvent[] = [];
    const client = new CloudFormationClient(on.emulator.client);
    for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stack })) {
      events.push(
        ...StackEvents.map((event) => ({
          id: event.EventId as string,
          stack: event.StackName as string,
          at: Number(event.Timestamp),
          logicalId: event.LogicalResourceId as string,
          physicalId: event.PhysicalResourceId ?? '',
          resourceType: event.ResourceType as string,
          status: event.ResourceStatus as string,
          ...(event.ResourceStatusReason ? { reason: event.ResourceStatusReason } : {}),
        })),
      );
    }
    return events.reverse();
  };
  /** Waits until the last of some events was told. */
  const told = async (events: readonly StackEvent[]) => {
    while (!on.follower.stackEvents.some(({ id }) => id === events.at(-1)?.id)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return on.follower.stackEvents;
  };
  const pipe = () => (on.emulator as unknown as { server: ChildProcess }).server.stdio[3] as Readable;
  const topics = (count: number): Resources =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`Topic${index}`, { Type: 'AWS::SNS::Topic' }]));

  test('are those that the API tells, in their order: of a creation, an update that goes back, and a deletion', async () => {
    await on.stacks.create('stack', service({ DesiredCount: 1 }));
    on.follower.answer = ({ resource }) => (resource.properties.DesiredCount === 2 ? { problem: 'never healthy' } : undefined);
    await on.stacks.update('stack', { ...loadBalancer(0), ...service({ DesiredCount: 2 }, { Image: 'app:2' }) });
    const { StackId: id = '' } = (await on.stacks.describe('stack')) ?? {};
    await on.stacks.delete('stack');
    const events = await described(id);
    expect(await told(events)).toEqual(events);
    const ofStack = events.filter(({ logicalId }) => logicalId === 'stack');
    expect(ofStack.map(({ status }) => status)).toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_ROLLBACK_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'UPDATE_ROLLBACK_COMPLETE',
      'DELETE_IN_PROGRESS',
      'DELETE_COMPLETE',
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        logicalId: 'Service',
        status: 'UPDATE_FAILED',
        reason: expect.stringContaining('never healthy'),
      }),
    );
  });

  test('of stacks that are at work at the same time, come in the order of each', async () => {
    const names = ['one', 'two', 'three'];
    await Promise.all(names.map((name) => on.stacks.create(name, { ...loadBalancer(0), ...topics(5) })));
    for (const name of names) {
      const events = await described(name);
      expect((await told(events)).filter(({ stack }) => stack === name)).toEqual(events);
    }
  });

  test('hold nothing up while they are not read', async () => {
    pipe().pause();
    // More than a pipe and a stream hold together.
    const names = ['one', 'two', 'three', 'four', 'five'];
    for (const name of names) {
      expect((await on.stacks.create(name, topics(150))).status).toBe('CREATE_COMPLETE');
    }
    const events = (await Promise.all(names.map(described))).flat();
    expect(on.follower.stackEvents.length).toBeLessThan(events.length);
    pipe().resume();
    expect(await told(events)).toEqual(events);
  });

  test('fail nothing when nobody reads them any more', async () => {
    pipe().destroy();
    expect((await on.stacks.create('stack', topics(3))).status).toBe('CREATE_COMPLETE');
    const { status, failures } = await on.stacks.create('followed', loadBalancer(0));
    expect({ status, failures }).toEqual({
      status: 'ROLLBACK_COMPLETE',
      failures: { Balancer: expect.stringContaining('nobody follows the emulator any more') },
    });
  });
});
