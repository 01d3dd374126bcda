import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { installEmulator } from '../../../lib/local/emulator/install';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import { datum, firstMinute } from './minutes';

const minuteSeconds = 5;
const at = (minute: number) => new Date(firstMinute + minute * minuteSeconds * 1000);
const blue = [{ Name: 'Slot', Value: 'blue' }];
const metric = { Namespace: 'Test', MetricName: 'Latency', Dimensions: blue };

describe('data of metrics, where a minute takes five seconds', () => {
  const on = followedEmulatorOfBlock({ minuteSeconds });

  beforeAll(async () => {
    const blueIs = { dimensions: { Slot: 'blue' }, unit: 'Milliseconds' };
    for (const minute of [0, 1, 2, 3, 4, 5]) {
      await on.minutes.report([
        datum('Latency', [minute, 10], { ...blueIs, counts: [3, 1] }),
        datum('Latency', [100]),
        datum('Latency', [1000], { dimensions: { Slot: 'blue', Zone: 'a' } }),
        ...(minute === 1 ? [] : [datum('Requests', [4], blueIs)]),
      ]);
    }
  });

  const statistics = async (options: object = {}) => {
    const { Datapoints = [] } = await on.minutes.cloudWatch.send(
      new GetMetricStatisticsCommand({
        ...metric,
        StartTime: at(0),
        EndTime: at(3),
        Period: 60,
        Statistics: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'],
        ...options,
      }),
    );
    return Datapoints;
  };

  test('statistics of a metric with exactly these dimensions, by minutes of that length', async () => {
    expect(await statistics()).toEqual([
      { Timestamp: at(0), Unit: 'Milliseconds', Sum: 10, Average: 2.5, Minimum: 0, Maximum: 10, SampleCount: 4 },
      { Timestamp: at(1), Unit: 'Milliseconds', Sum: 13, Average: 3.25, Minimum: 1, Maximum: 10, SampleCount: 4 },
      { Timestamp: at(2), Unit: 'Milliseconds', Sum: 16, Average: 4, Minimum: 2, Maximum: 10, SampleCount: 4 },
    ]);
    expect((await statistics({ Dimensions: [] })).map(({ Sum }) => Sum)).toEqual([100, 100, 100]);
    expect(await statistics({ Dimensions: [{ Name: 'Slot', Value: 'green' }] })).toEqual([]);
    expect(await statistics({ Unit: 'Count' })).toEqual([]);
  });

  test('percentiles, and a period of several minutes', async () => {
    const long = { Period: 300, EndTime: at(5), Statistics: ['Sum'], ExtendedStatistics: ['p50', 'p100'] };
    expect(await statistics(long)).toEqual([
      { Timestamp: at(0), Unit: 'Milliseconds', Sum: 80, ExtendedStatistics: { p50: 3, p100: 10 } },
    ]);
  });

  test.each([
    [{ Statistics: ['Median' as never] }, /statistic: got Median, expected/],
    [{ Statistics: [] }, /Statistics: got none/],
    [{ StartTime: at(3), EndTime: at(0) }, /StartTime: got none, or one that is not before EndTime/],
    [{ Period: 0 }, /Period: got 0, expected 1, 5, 10, 20, 30 or a multiple of 60/],
    [{ Period: 7 }, /Period: got 7, expected/],
    [{ Period: undefined }, /Period: got none, expected/],
    [{ MetricName: undefined }, /MetricName: got none, expected one/],
    [{ EndTime: at(1441) }, /datapoints: got 1441, expected 1440 or less/],
  ])('statistics are refused with %j', async (options, reason) => {
    await expect(statistics(options)).rejects.toThrow(reason);
  });

  const queries = [
    { Id: 'latency', MetricStat: { Metric: metric, Period: 60, Stat: 'p95' }, ReturnData: false },
    { Id: 'requests', MetricStat: { Metric: { ...metric, MetricName: 'Requests' }, Period: 60, Stat: 'Sum' } },
    { Id: 'filled', Expression: 'FILL(requests, 0)', Label: 'all of them' },
  ];
  const data = async (options: object = {}) => {
    const { MetricDataResults = [] } = await on.minutes.cloudWatch.send(
      new GetMetricDataCommand({ MetricDataQueries: queries, StartTime: at(0), EndTime: at(3), ...options }),
    );
    return MetricDataResults;
  };

  test('metric data: the newest first, if nothing else is asked for, and only what is to be returned', async () => {
    expect(await data()).toEqual([
      { Id: 'requests', Label: 'Requests', StatusCode: 'Complete', Timestamps: [at(2), at(0)], Values: [4, 4] },
      { Id: 'filled', Label: 'all of them', StatusCode: 'Complete', Timestamps: [at(2), at(1), at(0)], Values: [4, 0, 4] },
    ]);
    const [requests] = await data({ ScanBy: 'TimestampAscending' });
    expect(requests?.Timestamps).toEqual([at(0), at(2)]);
  });

  test.each([
    [[queries[1], queries[1]], /got metric ids requests, requests, expected different ones/],
    [[{ Id: 'neither' }], /metric neither: expected either an Expression or a MetricStat/],
    [[{ Id: 'Upper', Expression: '1' }], /metric id: got Upper, expected a lower-case letter, then letters, digits and/],
    [
      [{ Id: 'a', MetricStat: { Metric: metric, Period: 0, Stat: 'Sum' } }],
      /metric a: Period: got 0, expected 1, 5, 10, 20, 30 or/,
    ],
    [[{ Id: 'a', MetricStat: { Metric: {}, Period: 60, Stat: 'Sum' } }], /metric a: Namespace: got none, expected one/],
    [
      [
        { Id: 'a', Expression: 'b' },
        { Id: 'c', Expression: 'd' },
      ],
      /metric a: .* names b, .*; metric c: .* names d/,
    ],
    [[{ Id: 'a', Expression: `SEARCH('{Test,Slot}', 'Sum', 0)` }], /metric a: Period: got 0.0, expected/],
  ])('metric data is refused of %j', async (MetricDataQueries, reason) => {
    await expect(data({ MetricDataQueries })).rejects.toThrow(reason);
  });

  test('metric data: from the minute in which the start is', async () => {
    const [requests] = await data({ StartTime: new Date(at(2).getTime() + 4_000), EndTime: at(4) });
    expect(requests?.Timestamps).toEqual([at(3), at(2)]);
  });

  test('metric data: what is to come is not filled', async () => {
    const [, filled] = await data({ EndTime: new Date(Date.now() + 3_600_000) });
    expect(filled?.Timestamps?.[0]?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(filled?.Timestamps?.[0]?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test.each([true, false])('metric data in pages, the newest first: %s', async (newestFirst) => {
    const client = on.minutes.cloudWatch;
    const ScanBy = newestFirst ? 'TimestampDescending' : 'TimestampAscending';
    const asked = { MetricDataQueries: queries, StartTime: at(0), EndTime: at(3), MaxDatapoints: 2, ScanBy } as const;
    const pages: unknown[] = [];
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked)) {
      pages.push(MetricDataResults.map(({ Id, StatusCode, Timestamps }) => [Id, StatusCode, Timestamps]));
    }
    const [first, second, third] = newestFirst ? [at(2), at(1), at(0)] : [at(0), at(1), at(2)];
    expect(pages).toEqual([
      [['requests', 'Complete', [first, third]]],
      [['filled', 'PartialData', [first, second]]],
      [['filled', 'Complete', [third]]],
    ]);
  });

  test.each([
    [{ MaxDatapoints: 0 }, 'ValidationException', /MaxDatapoints: got 0, expected 1 to 100800/],
    [{ MaxDatapoints: 100_801 }, 'ValidationException', /MaxDatapoints: got 100801, expected/],
    [{ NextToken: 'other' }, 'InvalidNextToken', /NextToken: got other, expected one of the answer before/],
  ])('metric data in pages is refused with %j', async (options, name, message) => {
    await expect(data(options)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  test('what somebody puts is stored', async () => {
    const put = [
      { MetricName: 'Put', Values: [1, 2], Counts: [3, 0] },
      { MetricName: 'Put', StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 4, Maximum: 6 } },
      { MetricName: 'Put', Value: 0 },
    ].map((one) => ({ ...one, Timestamp: at(2) }));
    await on.minutes.cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData: put }));
    expect(await statistics({ MetricName: 'Put', Dimensions: [], Statistics: ['Sum', 'SampleCount'] })).toEqual([
      { Timestamp: at(2), Unit: 'None', Sum: 13, SampleCount: 6 },
    ]);
  });

  test('an alarm looks at minutes of that length', async () => {
    await on.minutes.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'short',
        Namespace: 'Test',
        MetricName: 'Short',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 2,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    await on.minutes.report([datum('Short', [2])]);
    await on.minutes.report([datum('Short', [2])]);
    expect(await on.minutes.stateOf('short')).toBe('ALARM');
  });

  test('in XML, as old clients ask', async () => {
    const ask = async (form: Readonly<Record<string, string>>) => {
      const response = await fetch(on.emulator.url, {
        method: 'POST',
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/monitoring/aws4_request' },
        body: new URLSearchParams({
          Version: '2010-08-01',
          StartTime: at(0).toISOString(),
          EndTime: at(2).toISOString(),
          ...form,
        }),
      });
      return response.text();
    };
    const first = 'MetricDataQueries.member.1';
    const answer = await ask({
      Action: 'GetMetricData',
      [`${first}.Id`]: 'latency',
      [`${first}.ReturnData`]: 'false',
      [`${first}.MetricStat.Metric.Namespace`]: 'Test',
      [`${first}.MetricStat.Metric.MetricName`]: 'Latency',
      [`${first}.MetricStat.Metric.Dimensions.member.1.Name`]: 'Slot',
      [`${first}.MetricStat.Metric.Dimensions.member.1.Value`]: 'blue',
      [`${first}.MetricStat.Period`]: '60',
      [`${first}.MetricStat.Stat`]: 'Sum',
      'MetricDataQueries.member.2.Id': 'twice',
      'MetricDataQueries.member.2.Expression': '2 * latency',
    });
    expect(answer.match(/<Id>\w+|<Values>.*<\/Values>/g)).toEqual([
      '<Id>twice',
      '<Values><member>26.0</member><member>20.0</member></Values>',
    ]);
    const listed = await ask({
      Action: 'GetMetricStatistics',
      Namespace: 'Test',
      MetricName: 'Latency',
      Period: '60',
      'Dimensions.member.1.Name': 'Slot',
      'Dimensions.member.1.Value': 'blue',
      'Statistics.member.1': 'Sum',
    });
    expect(listed.match(/<Sum>[\d.]+/g)).toEqual(['<Sum>10.0', '<Sum>13.0']);
    const refused = await ask({
      Action: 'PutMetricData',
      Namespace: 'Bad',
      'MetricData.member.1.MetricName': 'Bad',
      'MetricData.member.1.Values.member.1': 'NaN',
      'MetricData.member.1.Counts.member.1': '1',
    });
    expect(refused).toMatch(/<Code>InvalidParameterValue<.*MetricData.member.1.Values.member.1: got NaN, expected a number/s);
  });

  test('in CBOR, as the AWS command line asks', async () => {
    const script = `
import json, sys, botocore.session
asked = json.loads(sys.argv[1])
client = botocore.session.get_session().create_client("cloudwatch", region_name="us-east-1", endpoint_url=asked.pop("url"))
window = {name: asked.pop(name) for name in ("StartTime", "EndTime")}
client.put_metric_alarm(**asked["alarm"])
alarm = client.describe_alarms(AlarmNames=[asked["alarm"]["AlarmName"]])["MetricAlarms"][0]
data = client.get_metric_data(MetricDataQueries=asked["queries"], **window)["MetricDataResults"]
points = client.get_metric_statistics(**asked["metric"], **window, Period=60, Statistics=["Sum"])["Datapoints"]
try:
    client.get_metric_data(MetricDataQueries=[{"Id": "a", "Expression": "b"}], **window)
except Exception as problem:
    refused = str(problem)
pages = [
    page["MetricDataResults"]
    for page in client.get_paginator("get_metric_data").paginate(MetricDataQueries=asked["queries"], **window, MaxDatapoints=2)
]
try:
    client.put_metric_data(Namespace="Bad", MetricData=[{"MetricName": "Bad", "Value": float("nan")}])
except Exception as problem:
    code = problem.response["Error"]["Code"]
answer = {"alarm": alarm, "data": data, "points": points, "refused": refused, "pages": pages, "code": code}
print(json.dumps(answer, default=lambda at: round(at.timestamp() * 1000)))
`;
    const alarm = {
      AlarmName: 'in-cbor',
      Metrics: [
        ...queries.slice(0, 2).map((query) => ({ ...query, ReturnData: false })),
        { Id: 'e', Expression: '2 * requests' },
      ],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 1.5,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    };
    const asked = { url: on.emulator.url, metric, queries, alarm, StartTime: at(0), EndTime: at(2) };
    const python = await installEmulator();
    const { stdout } = await promisify(execFile)(python, ['-c', script, JSON.stringify(asked)], {
      env: { ...process.env, ...on.emulator.environment },
    });
    const milliseconds = (minute: number) => at(minute).getTime();
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      alarm: {
        StateValue: 'INSUFFICIENT_DATA',
        Threshold: 1.5,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        Metrics: alarm.Metrics,
      },
      data: [
        { Id: 'requests', Timestamps: [milliseconds(0)], Values: [4] },
        { Id: 'filled', Timestamps: [milliseconds(1), milliseconds(0)], Values: [0, 4] },
      ],
      points: [
        { Timestamp: milliseconds(0), Sum: 10 },
        { Timestamp: milliseconds(1), Sum: 13 },
      ],
      refused: expect.stringContaining('names b, which no metric has as its id'),
      pages: [
        [
          { Id: 'requests', Timestamps: [milliseconds(0)] },
          { Id: 'filled', Timestamps: [milliseconds(1)], StatusCode: 'PartialData' },
        ],
        [{ Id: 'filled', Timestamps: [milliseconds(0)], StatusCode: 'Complete' }],
      ],
      code: 'InvalidParameterValue',
    });
    expect(answer.alarm).not.toHaveProperty('MetricName');
  });
});
