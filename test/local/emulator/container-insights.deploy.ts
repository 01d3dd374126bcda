import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import { service } from './followed-resources';

describe('Container Insights', () => {
  const on = followedEmulatorOfBlock();

  const countsOf = async (dimensions: Readonly<Record<string, string>>) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const { Metrics = [] } = await on.minutes.cloudWatch.send(new ListMetricsCommand({ Namespace: 'ECS/ContainerInsights' }));
    const names = [...new Set(Metrics.map(({ MetricName = '' }) => MetricName))];
    if (names.length === 0) {
      return {};
    }
    const { MetricDataResults = [] } = await on.minutes.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: names.map((MetricName, index) => ({
          Id: `m${index}`,
          Label: MetricName,
          MetricStat: { Metric: { Namespace: 'ECS/ContainerInsights', MetricName, Dimensions }, Period: 60, Stat: 'Maximum' },
        })),
        StartTime: new Date(on.minutes.startsAt - 60_000),
        EndTime: new Date(on.minutes.startsAt),
      }),
    );
    return Object.fromEntries(
      MetricDataResults.filter(({ Values }) => Values?.length).map(({ Label, Values }) => [Label, Values?.[0]]),
    );
  };

  test.each([
    ['disabled', {}, {}],
    ['enhanced', { RunningTaskCount: 1, DesiredTaskCount: 2, PendingTaskCount: 1 }, { ServiceCount: 1, TaskCount: 1 }],
  ])('of a cluster that has it %s', async (value, ofService, ofCluster) => {
    const { Cluster, ...others } = service({ DesiredCount: 2 });
    const cluster = {
      Type: 'AWS::ECS::Cluster',
      Properties: { ClusterName: 'cluster', ClusterSettings: [{ Name: 'containerInsights', Value: value }] },
    };
    const { refs, failures } = await on.stacks.create(value, { ...others, Cluster: cluster });
    expect(failures).toEqual({});
    const arn = refs.Service ?? '';
    const deployment = {
      id: 'ecs-svc/1',
      status: 'PRIMARY',
      taskDefinition: refs.Task ?? '',
      desiredCount: 2,
      runningCount: 1,
      pendingCount: 1,
      failedTasks: 0,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: '',
      createdAt: 0,
      updatedAt: 0,
    } as const;
    on.emulator.report({ services: [{ service: arn, deployments: [deployment], tasks: [], events: [] }] });
    await on.minutes.report();
    expect(await countsOf({ ClusterName: 'cluster', ServiceName: arn.split('/').at(-1) ?? '' })).toEqual(ofService);
    expect(await countsOf({ ClusterName: 'cluster' })).toEqual(ofCluster);
    await on.stacks.delete(value);
  });
});
