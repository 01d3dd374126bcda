import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { emulatorOfBlock } from './emulator-of-block';
import { alarmOnNothing } from './watched-stack';

describe('an alarm', () => {
  const on = emulatorOfBlock();
  const cloudWatch = () => new CloudWatchClient(on.emulator.client);
  const put = (options: Partial<PutMetricAlarmCommandInput>) =>
    cloudWatch().send(new PutMetricAlarmCommand({ AlarmName: 'refused', ...alarmOnNothing, ...options }));

  test.each<readonly [what: string, options: Partial<PutMetricAlarmCommandInput>, reason: RegExp]>([
    [
      'more to alarm than is evaluated',
      { DatapointsToAlarm: 3, EvaluationPeriods: 2 },
      /DatapointsToAlarm: got 3, expected 1 to 2/,
    ],
    ['nothing that is evaluated', { EvaluationPeriods: 0 }, /EvaluationPeriods: got 0, expected 1 or more/],
    ['no EvaluationPeriods', { EvaluationPeriods: undefined }, /EvaluationPeriods: got none, expected 1 or more/],
    ['no name', { AlarmName: undefined }, /AlarmName: got none, expected 1 to 255 characters/],
    ['no threshold', { Threshold: undefined }, /Threshold: got none, expected a number/],
    ['a threshold that is no number', { Threshold: Number.NaN }, /Threshold: got nan, expected a number/i],
    ['no period', { Period: undefined }, /Period: got none, expected 10, 20, 30 or a multiple of 60/],
    ['a period of its own', { Period: 90 }, /Period: got 90, expected 10, 20, 30 or a multiple of 60/],
    ['a period of no time', { Period: 0 }, /Period: got 0, expected/],
    ['no statistic', { Statistic: undefined }, /got no Statistic, expected one of Statistic and ExtendedStatistic/],
    ['two statistics', { ExtendedStatistic: 'p95' }, /got Statistic and ExtendedStatistic, expected one of/],
    [
      'more than a day of minutes',
      { Period: 60, EvaluationPeriods: 1441 },
      /got 1441 periods of 60 seconds, expected 86400 seconds or less in all/,
    ],
    [
      'more than a week of hours',
      { Period: 3600, EvaluationPeriods: 169 },
      /got 169 periods of 3600 seconds, expected 604800 seconds or less in all/,
    ],
    [
      'mistakes in several metrics, all of them at once',
      onMetrics({ Id: 'M1', MetricStat: statistic(60) }, { Id: 'm2', MetricStat: statistic(45), ReturnData: false }),
      /metric id: got M1, expected a lower-case letter, .*; metric m2: Period: got 45, expected/,
    ],
    [
      'several mistakes, all of them at once',
      { EvaluationPeriods: 0, TreatMissingData: 'good' },
      /EvaluationPeriods: got 0, expected 1 or more; TreatMissingData: got good/,
    ],
    ['another comparison', { ComparisonOperator: 'Near' as never }, /ComparisonOperator: got Near, expected GreaterThan/],
    ['another treatment', { TreatMissingData: 'good' }, /TreatMissingData: got good, expected missing, ignore/],
    ['another statistic', { ExtendedStatistic: 'median', Statistic: undefined }, /statistic: got median, expected/],
  ])('is refused with %s', async (_, options, reason) => {
    await expect(put(options)).rejects.toThrow(reason);
    const { MetricAlarms } = await cloudWatch().send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([]);
  });

  test.each([
    ['a day of short periods', { Period: 10, EvaluationPeriods: 8640 }],
    ['a week of hours', { Period: 3600, EvaluationPeriods: 168 }],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99.9' }],
  ])('is taken with %s', async (AlarmName, options) => {
    await put({ AlarmName, ...options });
    await cloudWatch().send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }));
  });
});

/** In place of what is said of one metric. */
function onMetrics(...Metrics: MetricDataQuery[]): Partial<PutMetricAlarmCommandInput> {
  const none = { MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined };
  return { ...none, Metrics };
}

function statistic(Period: number) {
  return { Metric: { Namespace: 'Test', MetricName: 'M' }, Period, Stat: 'Sum' };
}
