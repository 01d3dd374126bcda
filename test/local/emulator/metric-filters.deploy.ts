import { GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import type { LogLine } from '../../../lib/local/emulator/measured-minute';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import type { Resources } from './stacks';

const group = 'mesh-log';
const line = (fields: object) =>
  JSON.stringify({ mesh: 'shop', target: 'blue', status: 200, duration: 12, agent: 'curl', ...fields });

const isRequest = '$.target = "*" && $.agent != "Envoy/HC"';
const filter = (MetricName: string, FilterPattern: string, MetricValue: string) => ({
  Type: 'AWS::Logs::MetricFilter',
  Properties: {
    LogGroupName: { Ref: 'Log' },
    FilterPattern,
    MetricTransformations: [
      {
        MetricNamespace: 'Mesh',
        MetricName,
        MetricValue,
        Dimensions: [
          { Key: 'Mesh', Value: '$.mesh' },
          { Key: 'Target', Value: '$.target' },
        ],
      },
    ],
  },
});
const filters: Resources = {
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: group } },
  Requests: filter('Requests', `{ ${isRequest} }`, '1'),
  Errors: filter('Errors', `{ ${isRequest} && $.status >= 500 }`, '1'),
  Latency: filter('Latency', `{ ${isRequest} && $.duration >= 0 }`, '$.duration'),
};

describe('metrics from log lines', () => {
  const on = followedEmulatorOfBlock();

  const report = (messages: readonly string[], { logGroup = group, logStream = 'envoy/1' } = {}) => {
    const at = on.minutes.startsAt;
    const lines: LogLine[] = messages.map((message, index) => ({ at: at + index, message }));
    return on.minutes.report([], [{ logGroup, logStream, lines }]);
  };

  /** What there is of a metric in the minute that was reported last. */
  async function values(metricName: string, target: string, stat = 'Sum') {
    const end = on.minutes.startsAt;
    const Dimensions = [
      { Name: 'Mesh', Value: 'shop' },
      { Name: 'Target', Value: target },
    ];
    const { MetricDataResults: [result] = [] } = await on.minutes.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          {
            Id: 'asked',
            MetricStat: { Metric: { Namespace: 'Mesh', MetricName: metricName, Dimensions }, Period: 60, Stat: stat },
          },
        ],
        StartTime: new Date(end - 60_000),
        EndTime: new Date(end),
      }),
    );
    return result?.Values;
  }

  const logs = async (action: string, body: object) => {
    const response = await fetch(on.emulator.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as any) };
  };

  beforeAll(async () => {
    expect(await on.stacks.create('filters', filters)).toMatchObject({ status: 'CREATE_COMPLETE', failures: {} });
  });

  test('filters count requests, errors and durations by target', async () => {
    await report([
      line({}),
      line({ duration: 30 }),
      line({ status: 500, duration: 0 }),
      line({ status: 503, target: 'green' }),
      line({ status: 404, target: 'green', agent: null }),
      line({ agent: 'Envoy/HC', status: 503 }),
      '[warning] main: not a request',
      '{"half": ',
    ]);
    expect({
      requests: [await values('Requests', 'blue'), await values('Requests', 'green')],
      errors: [await values('Errors', 'blue'), await values('Errors', 'green')],
      latency: [await values('Latency', 'blue', 'Maximum'), await values('Latency', 'blue', 'SampleCount')],
    }).toEqual({ requests: [[3], [2]], errors: [[1], [1]], latency: [[30], [3]] });
  });

  test('filters count what is put by the API', async () => {
    const put = { logGroupName: group, logStreamName: 'put' };
    await logs('CreateLogStream', put);
    const timestamp = on.minutes.startsAt;
    const logEvents = [
      { timestamp, message: line({ target: 'put' }) },
      { timestamp: timestamp + 1, message: line({ target: 'put', status: 500 }) },
      { timestamp: timestamp + 60_000, message: line({ target: 'put', status: 500 }) },
    ];
    expect(await logs('PutLogEvents', { ...put, logEvents })).toMatchObject({ status: 200 });
    expect(await logs('PutLogEvents', { ...put, logGroupName: 'nowhere', logEvents })).toMatchObject({ status: 400 });
    await on.minutes.report();
    expect([await values('Requests', 'put'), await values('Errors', 'put')]).toEqual([[2], [1]]);
    await logs('DeleteLogStream', put);
  });

  test('there is no data where nothing matches', async () => {
    await report([line({ target: 'green' })]);
    expect([await values('Requests', 'blue'), await values('Errors', 'green')]).toEqual([[], []]);
  });

  test.each([
    ['$.status = 200', [1, 0, 0]],
    ['$.status != 200', [0, 1, 1]],
    // What is not there is not different.
    ['$.agent != "wget"', [1, 0, 1]],
    ['$.status > 200 && $.status <= 404', [0, 1, 0]],
    ['$.status = 404 || $.status = 500', [0, 1, 1]],
    ['($.status = 200 || $.status = 500) && $.target = "blue"', [1, 0, 0]],
    ['$.target = "gr*"', [0, 1, 1]],
    ['$.agent NOT EXISTS', [0, 1, 0]],
    ['$.agent IS NULL', [0, 0, 1]],
    ['$.tls IS TRUE', [1, 0, 0]],
    ['$.tls IS FALSE', [0, 0, 1]],
    ['$.tags[1] = "b"', [1, 0, 0]],
    ['$.inner.code = 7', [0, 1, 0]],
  ])('a pattern: { %s }', async (test, matches) => {
    const events = [
      { status: 200, target: 'blue', agent: 'curl', tls: true, tags: ['a', 'b'] },
      { status: 404, target: 'green', inner: { code: 7 } },
      { status: 500, target: 'grey', agent: null, tls: false },
    ];
    const at = on.minutes.startsAt;
    await report(events.map((event) => JSON.stringify(event)));
    const { events: found } = await logs('FilterLogEvents', { logGroupName: group, filterPattern: `{ ${test} }`, startTime: at });
    const messages = found.map(({ message }: { message: string }) => message);
    expect(events.map((event) => Number(messages.includes(JSON.stringify(event))))).toEqual(matches);
  });

  test.each([
    '{ $.status >= }',
    '{ $.status >= "a" }',
    '{ status = 1 }',
    '{ $.status = 1 && }',
    '{ $.status = 1',
    '{ $.a = 1 } x',
  ])('a pattern that is none is refused: %s', async (filterPattern) => {
    const transformation = { metricName: 'M', metricNamespace: 'N', metricValue: '1' };
    const { status, message } = await logs('PutMetricFilter', {
      logGroupName: group,
      filterName: 'none',
      filterPattern,
      metricTransformations: [transformation],
    });
    expect({ status, message }).toEqual({
      status: 400,
      message: expect.stringMatching(/^Invalid metric filter pattern: got .+ in/),
    });
  });

  test('a filter with a default value has it where nothing matches', async () => {
    const transformation = { metricName: 'Slow', metricNamespace: 'Defaults', metricValue: '$.duration', defaultValue: 0 };
    await logs('PutMetricFilter', {
      logGroupName: group,
      filterName: 'slow',
      filterPattern: '{ $.duration > 100 }',
      metricTransformations: [transformation],
    });
    const start = on.minutes.startsAt;
    await report([line({ duration: 5 })]);
    await report([line({ duration: 500 })]);
    await on.minutes.report();
    const { MetricDataResults: [result] = [] } = await on.minutes.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          { Id: 'slow', MetricStat: { Metric: { Namespace: 'Defaults', MetricName: 'Slow' }, Period: 60, Stat: 'Maximum' } },
        ],
        StartTime: new Date(start),
        EndTime: new Date(on.minutes.startsAt),
        ScanBy: 'TimestampAscending',
      }),
    );
    expect(result?.Values).toEqual([0, 500]);
  });

  test('the newest 10,000 lines of a group can be read, and a stream without any goes', async () => {
    await report(['of a task that is gone'], { logStream: 'envoy/0' });
    const at = on.minutes.startsAt;
    await report(Array.from({ length: 10_001 }, (_, index) => `line ${index}`));
    const { events } = await logs('GetLogEvents', {
      logGroupName: group,
      logStreamName: 'envoy/1',
      startFromHead: true,
      limit: 1,
      startTime: at,
    });
    expect(events[0].message).toBe('line 1');
    const { logStreams } = await logs('DescribeLogStreams', { logGroupName: group });
    expect(logStreams.map(({ logStreamName }: any) => logStreamName)).toEqual(['envoy/1']);
  });

  test('lines of a group that is not there are dropped', async () => {
    await report(['lost'], { logGroup: 'nowhere' });
    const { logGroups } = await logs('DescribeLogGroups', {});
    expect(logGroups.map(({ logGroupName }: any) => logGroupName)).toEqual([group]);
    const { Metrics = [] } = await on.minutes.cloudWatch.send(new ListMetricsCommand({ Namespace: 'nowhere' }));
    expect(Metrics).toEqual([]);
  });
});
