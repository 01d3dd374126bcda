import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

const log = (Properties: object): Resources => ({ Log: { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain', Properties } });
const services = (...names: string[]): Resources => ({
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'cluster' } },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: { Family: 'task', ContainerDefinitions: [{ Name: 'app', Image: 'app' }] },
  },
  ...Object.fromEntries(
    names.map((name) => [
      name,
      {
        Type: 'AWS::ECS::Service',
        Properties: { Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, LaunchType: 'FARGATE' },
      },
    ]),
  ),
});

describe('what has no name in the template gets one that nothing else has:', () => {
  const on = emulatorOfBlock();

  test('the log that a stack has left stays beside that of the next stack', async () => {
    const first = await on.stacks.create('logs', log({ RetentionInDays: 1 }));
    const changed = await on.stacks.update('logs', log({ RetentionInDays: 3 }));
    expect(changed.refs).toEqual(first.refs);
    await on.stacks.delete('logs');
    const second = await on.stacks.create('logs', log({ RetentionInDays: 1 }));
    expect(second.status).toBe('CREATE_COMPLETE');
    expect(second.refs.Log).not.toBe(first.refs.Log);
    const left = (await on.emulator.resources()).filter(({ type }) => type === 'AWS::Logs::LogGroup');
    expect(left.map(({ physicalId }) => physicalId).sort()).toEqual([first.refs.Log, second.refs.Log].sort());
  });

  test('a log that gets a name, or loses it, is another one', async () => {
    const [before, named, after] = [
      await on.stacks.create('named', log({})),
      await on.stacks.update('named', log({ LogGroupName: '/own' })),
      await on.stacks.update('named', log({})),
    ];
    expect(named.refs.Log).toBe('/own');
    expect(new Set([before, named, after].map(({ refs }) => refs.Log)).size).toBe(3);
  });

  test('an ECS service is replaced without a clash', async () => {
    const created = await on.stacks.create('services', services('One'));
    const withCapacity = services('One');
    const replaced = await on.stacks.update('services', {
      ...withCapacity,
      One: {
        ...withCapacity.One,
        Properties: { ...(withCapacity.One?.Properties as object), LaunchType: 'EC2' },
      } as Resources[string],
    });
    expect(replaced).toMatchObject({ status: 'UPDATE_COMPLETE', failures: {} });
    expect(replaced.refs.One).not.toBe(created.refs.One);
  });
});
