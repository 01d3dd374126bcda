import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { emulatorOfBlock } from './emulator-of-block';

describe('data that somebody puts', () => {
  const on = emulatorOfBlock();
  const cloudWatch = () => new CloudWatchClient(on.emulator.client);

  const day = 24 * 3_600_000;
  test.each<readonly [what: string, datum: object, code: string, reason: RegExp]>([
    ['no number', { Value: Number.NaN }, 'InvalidParameterValueException', /member.1.Value: got nan, expected a number from/i],
    [
      'no end',
      { Value: Number.POSITIVE_INFINITY },
      'InvalidParameterValueException',
      /member.1.Value: got inf\w*, expected a number/i,
    ],
    ['a number too large', { Value: 2 ** 361 }, 'InvalidParameterValueException', /expected a number from -2\^360 to 2\^360/],
    ['no number among others', { Values: [1, Number.NaN] }, 'InvalidParameterValueException', /Values.member.2: got nan/i],
    ['no values', { Values: [] }, 'InvalidParameterValueException', /Values: got 0, expected 1 to 150/],
    ['too many values', { Values: Array(151).fill(1) }, 'InvalidParameterValueException', /Values: got 151, expected 1 to 150/],
    [
      'fewer counts than values',
      { Values: [1, 2], Counts: [1] },
      'InvalidParameterCombinationException',
      /Counts: got 1, expected 2,/,
    ],
    [
      'a count below zero',
      { Values: [1], Counts: [-1] },
      'InvalidParameterValueException',
      /Counts.member.1: got -1(\.0)?, expected/,
    ],
    [
      'half of a statistic',
      { StatisticValues: { Sum: 1, SampleCount: 1 } },
      'InvalidParameterValueException',
      /StatisticValues.Minimum/,
    ],
    ['nothing', {}, 'InvalidParameterCombinationException', /got no value, expected one of Value, Values and StatisticValues/],
    ['two things', { Value: 1, Values: [1] }, 'InvalidParameterCombinationException', /got Value and Values, expected one of/],
    [
      'data of long ago',
      { Value: 1, Timestamp: new Date(Date.now() - 15 * day) },
      'InvalidParameterValueException',
      /of the last two weeks/,
    ],
    [
      'data of tomorrow',
      { Value: 1, Timestamp: new Date(Date.now() + day) },
      'InvalidParameterValueException',
      /of the next two hours/,
    ],
    [
      'no name',
      { Value: 1, MetricName: undefined },
      'MissingRequiredParameterException',
      /MetricData.member.1.MetricName: got none/,
    ],
    [
      'a nameless dimension',
      { Value: 1, Dimensions: [{ Value: 'a' }] },
      'MissingRequiredParameterException',
      /Dimensions.member.1.Name: got none/,
    ],
    [
      'several mistakes, all of them at once',
      { MetricName: undefined, Value: Number.NaN },
      'MissingRequiredParameterException',
      /MetricName: got none, expected one; MetricData.member.1.Value: got nan/i,
    ],
  ])('is refused with %s, and nothing is stored', async (_, one, name, reason) => {
    const MetricData = [
      { MetricName: 'Bad', ...one },
      { MetricName: 'Bad', Value: 1 },
    ];
    await expect(cloudWatch().send(new PutMetricDataCommand({ Namespace: 'Bad', MetricData }))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(reason),
    });
    const { Metrics } = await cloudWatch().send(new ListMetricsCommand({ Namespace: 'Bad' }));
    expect(Metrics).toEqual([]);
  });
});
