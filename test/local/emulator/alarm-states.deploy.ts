import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  paginateDescribeAlarmHistory,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { emulatorOfBlock } from './emulator-of-block';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import { datum } from './minutes';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
type States = readonly [missing: string, ignore: string, breaching: string, notBreaching: string];
const allOf = (state: string): States => [state, state, state, state];
const noData: States = ['INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'];

// Five minutes, the newest on the right: `0` does not breach, `X` does, and `-` has no data. Three minutes are evaluated.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
const cases: readonly (readonly [toAlarm: number, minutes: string, states: States])[] = [
  [3, '0 - X - X', allOf('OK')],
  [3, '- - - - 0', allOf('OK')],
  [3, '- - - - -', noData],
  [3, '0 X X - X', allOf('ALARM')],
  [3, '- - X - -', ['ALARM', 'kept', 'ALARM', 'OK']],
  [3, '- - - X -', ['OK', 'OK', 'ALARM', 'OK']],
  [3, '- - - - X', ['OK', 'OK', 'ALARM', 'OK']],
  [3, '- - - X X', ['OK', 'OK', 'ALARM', 'OK']],
  [3, 'X X X - -', allOf('ALARM')],
  [3, 'X X X 0 X', allOf('OK')],
  [2, '0 - X - X', allOf('ALARM')],
  [2, '0 0 X 0 X', allOf('ALARM')],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', 'kept', 'ALARM', 'OK']],
  [2, '- - - - X', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - -', noData],
  [1, '- - - - X', allOf('ALARM')],
  [1, '0 0 0 0 0', allOf('OK')],
];
const threshold = 5;

describe('the state of an alarm, by the data of five minutes', () => {
  const on = followedEmulatorOfBlock();

  test('as AWS says of missing data, for each way to treat it, and whatever the state was', async () => {
    const before: StateValue[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
    const alarms = cases.flatMap(([toAlarm, data, states], row) =>
      treatments.flatMap((treatment, column) =>
        before.map((state) => ({
          name: `${row} ${treatment} ${state}`,
          what: `${toAlarm} of 3, ${data}, ${treatment}, was ${state}`,
          metric: `Row${row}`,
          toAlarm,
          treatment,
          state,
          expected: states[column] === 'kept' ? state : states[column],
        })),
      ),
    );
    for (const { name, metric, toAlarm, treatment } of alarms) {
      await put(on.minutes.cloudWatch, name, {
        MetricName: metric,
        EvaluationPeriods: 3,
        DatapointsToAlarm: toAlarm,
        TreatMissingData: treatment,
      });
    }
    // All but the last minute: then nothing but the states before decides what is kept.
    const data = (minute: number) =>
      cases.flatMap(([, row], number) => {
        const point = row.split(' ')[minute];
        return point === '-' ? [] : [datum(`Row${number}`, [point === 'X' ? threshold : 0])];
      });
    for (const minute of [0, 1, 2, 3]) {
      await on.minutes.report(data(minute));
    }
    for (const { name, state } of alarms) {
      await setState(on.minutes.cloudWatch, name, state);
    }
    await on.minutes.report(data(4));
    const states = await on.minutes.states();
    expect(Object.fromEntries(alarms.map(({ name, what }) => [what, states[name]]))).toEqual(
      Object.fromEntries(alarms.map(({ what, expected }) => [what, expected])),
    );
  });
});

describe('an alarm', () => {
  const on = followedEmulatorOfBlock();
  const cloudWatch = () => on.minutes.cloudWatch;
  const bad = (metricName: string, value = 7) => [datum(metricName, [value])];
  const news = (name: string) => on.follower.alarms.filter((alarm) => alarm.name === name).map(({ state }) => state);

  test.each<readonly [name: string, options: Partial<PutMetricAlarmCommandInput>, values: readonly number[], state: string]>([
    ['Sum', { Statistic: 'Sum' }, [2, 3], 'ALARM'],
    ['Average', { Statistic: 'Average' }, [2, 3], 'OK'],
    ['Maximum', { Statistic: 'Maximum' }, [1, 5], 'ALARM'],
    ['Minimum', { Statistic: 'Minimum' }, [1, 5], 'OK'],
    ['SampleCount', { Statistic: 'SampleCount' }, [0, 0, 0, 0, 0], 'ALARM'],
    ['p95', { ExtendedStatistic: 'p95', Statistic: undefined }, [...Array(90).fill(1), ...Array(10).fill(9)], 'ALARM'],
    ['p80', { ExtendedStatistic: 'p80', Statistic: undefined }, [...Array(90).fill(1), ...Array(10).fill(9)], 'OK'],
    ['GreaterThanThreshold', { ComparisonOperator: 'GreaterThanThreshold' }, [5], 'OK'],
    ['LessThanThreshold', { ComparisonOperator: 'LessThanThreshold' }, [4], 'ALARM'],
    ['LessThanOrEqualToThreshold', { ComparisonOperator: 'LessThanOrEqualToThreshold' }, [5], 'ALARM'],
    ['its unit', { Unit: 'Count' }, [5], 'ALARM'],
    ['another unit', { Unit: 'Seconds' }, [5], 'INSUFFICIENT_DATA'],
    ['its dimensions', { Dimensions: [{ Name: 'Slot', Value: 'blue' }] }, [5], 'ALARM'],
    ['other dimensions', { Dimensions: [{ Name: 'Slot', Value: 'green' }] }, [5], 'INSUFFICIENT_DATA'],
  ])('looks at %s', async (name, options, values, state) => {
    await put(cloudWatch(), name, { MetricName: name, EvaluationPeriods: 1, ...options });
    const dimensions: Record<string, string> = options.Dimensions ? { Slot: 'blue' } : {};
    await on.minutes.report([datum(name, values, { dimensions })]);
    expect(await on.minutes.stateOf(name)).toBe(state);
  });

  test('is new, goes off, and comes back, in the words of CloudWatch', async () => {
    await put(cloudWatch(), 'words', { MetricName: 'words', EvaluationPeriods: 5, DatapointsToAlarm: 3 });
    expect(await on.minutes.alarm('words')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
    });
    await on.minutes.report(bad('words', 1));
    const at = on.minutes.startsAt;
    for (const value of [7, 8, 9]) {
      await on.minutes.report(bad('words', value));
    }
    const written = (minute: number) => {
      const [, year, month, day, time] =
        /\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(at + minute * 60_000).toISOString()) ?? [];
      return `${day}/${month}/${year} ${time}`;
    };
    const alarm = await on.minutes.alarm('words');
    expect(alarm.StateValue).toBe('ALARM');
    expect(alarm.StateReason).toBe(
      `Threshold Crossed: 3 out of the last 5 datapoints [9.0 (${written(2)}), 8.0 (${written(1)}), 7.0 (${written(0)})] were greater ` +
        'than or equal to the threshold (5.0) (minimum 3 datapoints for OK -> ALARM transition).',
    );
    expect(JSON.parse(alarm.StateReasonData ?? '')).toMatchObject({ recentDatapoints: [1, 7, 8, 9], threshold: 5, period: 60 });
    expect(Date.now() - (alarm.StateUpdatedTimestamp?.getTime() ?? 0)).toBeLessThan(60_000);
    for (const value of [1, 2, 3]) {
      await on.minutes.report(bad('words', value));
    }
    expect(await on.minutes.alarm('words')).toMatchObject({
      StateValue: 'OK',
      StateReason: expect.stringMatching(
        /^Threshold Crossed: 3 out of the last 5 datapoints \[3\.0 .* were not greater than or equal/,
      ),
    });
    // Seven minutes without data, and nothing is left of what was.
    for (const _ of Array(7)) {
      await on.minutes.report();
    }
    expect(await on.minutes.alarm('words')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 5 datapoints were unknown.',
    });
    await told(() => news('words').length === 5);
    expect(news('words')).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK', 'INSUFFICIENT_DATA']);
  });

  test('keeps a state that is set until a minute is over', async () => {
    await put(cloudWatch(), 'set', { MetricName: 'set', EvaluationPeriods: 1 });
    await on.minutes.report(bad('set', 1));
    await setState(cloudWatch(), 'set', 'ALARM');
    for (const _ of Array(3)) {
      expect(await on.minutes.alarm('set')).toMatchObject({ StateValue: 'ALARM', StateReason: 'set by a test' });
    }
    await on.minutes.report(bad('set', 1));
    expect(await on.minutes.stateOf('set')).toBe('OK');
    await told(() => news('set').length === 4);
    expect(news('set')).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']);
  });

  test('with a period of several minutes looks at whole ones', async () => {
    while (on.minutes.startsAt % 300_000 !== 0) {
      await on.minutes.report();
    }
    await put(cloudWatch(), 'long', { MetricName: 'long', EvaluationPeriods: 1, Period: 300 });
    for (const _ of Array(4)) {
      await on.minutes.report(bad('long', 1));
      expect(await on.minutes.stateOf('long')).toBe('INSUFFICIENT_DATA');
    }
    await on.minutes.report(bad('long', 1));
    expect(await on.minutes.alarm('long')).toMatchObject({ StateValue: 'ALARM', StateReason: expect.stringContaining('[5.0 (') });
  });

  test('counts data that comes late', async () => {
    await put(cloudWatch(), 'late', { MetricName: 'late', EvaluationPeriods: 2 });
    const late = { startedAt: on.minutes.startsAt, data: bad('late'), logs: [] };
    await on.minutes.report();
    on.emulator.report({ minute: late });
    await on.minutes.report(bad('late'));
    expect(await on.minutes.stateOf('late')).toBe('ALARM');
  });

  test('of a stack: keeps its state when it is changed, tells its topic once, and writes it down', async () => {
    const alarm = (Threshold: number) => ({
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmDescription: 'too many',
          Namespace: 'Test',
          MetricName: 'stack',
          Statistic: 'Sum',
          Period: 60,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          EvaluationPeriods: 1,
          Threshold,
          AlarmActions: [{ Ref: 'Topic' }, 'arn:aws:sns:us-east-1:123456789012:gone'],
          OKActions: [{ Ref: 'Topic' }],
          InsufficientDataActions: [{ Ref: 'Topic' }],
        },
      },
    });
    const { refs, failures } = await on.stacks.create('of-alarms', alarm(5));
    expect(failures).toEqual({});
    const { Alarm: name = '', Topic: topic = '', Queue: queue = '' } = refs;
    await on.minutes.report(bad('stack'));
    await on.minutes.report(bad('stack'));
    const { StateValue, StateReason, StateReasonData, StateUpdatedTimestamp } = await on.minutes.alarm(name);
    await on.stacks.update('of-alarms', alarm(6));
    const kept = { StateValue, StateReason, StateReasonData, StateUpdatedTimestamp };
    expect(await on.minutes.alarm(name)).toMatchObject({ ...kept, StateValue: 'ALARM', Threshold: 6 });
    await on.minutes.report(bad('stack', 1));

    const messages = await received(on.emulator.url, queue);
    expect(messages).toMatchObject([
      { AlarmName: name, NewStateValue: 'ALARM', OldStateValue: 'INSUFFICIENT_DATA' },
      { AlarmName: name, NewStateValue: 'OK', OldStateValue: 'ALARM' },
    ]);
    const { AlarmHistoryItems: items = [] } = await cloudWatch().send(
      new DescribeAlarmHistoryCommand({ AlarmName: name, ScanBy: 'TimestampAscending' }),
    );
    expect(items.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
      ['ConfigurationUpdate', `Alarm "${name}" created`],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['Action', `Successfully executed action ${topic}`],
      ['Action', 'Failed to execute action arn:aws:sns:us-east-1:123456789012:gone'],
      ['StateUpdate', 'Alarm updated from ALARM to OK'],
      ['Action', `Successfully executed action ${topic}`],
    ]);
    await on.stacks.delete('of-alarms');
    await told(() => news(name).at(-1) === 'DELETED');
    expect(news(name)).toEqual(['INSUFFICIENT_DATA', 'ALARM', 'ALARM', 'OK', 'DELETED']);
    expect(on.follower.alarms.filter((each) => each.name === name)).toEqual(
      news(name).map((state) =>
        expect.objectContaining({ stack: 'of-alarms', logicalId: 'Alarm', description: 'too many', state }),
      ),
    );
  });
});

describe('when nobody follows', () => {
  const on = emulatorOfBlock();

  test('of the history the newest ten thousand entries are kept', async () => {
    const cloudWatch = new CloudWatchClient(on.emulator.client);
    // An action that fails is an entry.
    const gone = [...Array(6000).keys()].map((number) => `arn:aws:sns:us-east-1:123456789012:gone${number}`);
    await put(cloudWatch, 'busy', { MetricName: 'busy', AlarmActions: gone });
    for (const state of ['ALARM', 'OK', 'ALARM', 'OK'] as const) {
      await setState(cloudWatch, 'busy', state);
    }
    const history = { AlarmName: 'busy', MaxRecords: 100 };
    const pages = paginateDescribeAlarmHistory({ client: cloudWatch }, { ...history, ScanBy: 'TimestampAscending' });
    const summaries: (string | undefined)[] = [];
    for await (const { AlarmHistoryItems = [] } of pages) {
      summaries.push(...AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary));
    }
    expect(summaries).toHaveLength(10_000);
    expect(summaries[0]).toMatch(/^Failed to execute action/);
    expect(summaries.at(-1)).toBe('Alarm updated from ALARM to OK');
  }, 60_000);

  test('data is kept, and no alarm is evaluated', async () => {
    const cloudWatch = new CloudWatchClient(on.emulator.client);
    await put(cloudWatch, 'unwatched', { MetricName: 'unwatched' });
    await cloudWatch.send(
      new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'unwatched', Value: 7, Unit: 'Count' }] }),
    );
    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Test' }));
    expect(Metrics.map(({ MetricName }) => MetricName)).toEqual(['unwatched']);
    const { MetricAlarms: [alarm] = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['unwatched'] }));
    expect(alarm?.StateReason).toBe('Unchecked: Initial alarm creation');
  });
});

async function put(cloudWatch: CloudWatchClient, AlarmName: string, options: Partial<PutMetricAlarmCommandInput>): Promise<void> {
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Test',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: threshold,
      ...options,
    }),
  );
}

async function setState(cloudWatch: CloudWatchClient, AlarmName: string, StateValue: StateValue): Promise<void> {
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'set by a test' }));
}

/** Waits for what a follower is told. */
async function told(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a topic has sent to a queue, the oldest first. */
async function received(url: string, QueueUrl: string): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl, MaxNumberOfMessages: 10 }),
  });
  const { Messages = [] } = (await response.json()) as { Messages?: { Body: string }[] };
  return Messages.map(({ Body }) => JSON.parse(JSON.parse(Body).Message));
}
