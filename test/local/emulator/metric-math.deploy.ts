import { GetMetricDataCommand, type MetricDataQuery, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { followedEmulatorOfBlock } from './followed-emulator-of-block';
import { datum, firstMinute } from './minutes';

/** Five minutes of a metric; `undefined`: no data. */
type FiveMinutes = readonly (number | undefined)[];

const none = undefined;
const metrics: Readonly<Record<string, FiveMinutes>> = {
  m1: [10, 20, none, 40, 50],
  m2: [1, none, 3, 0, 5],
  m3: [none, 2, none, none, 8],
  nothing: [none, none, none, none, none],
};
const query = (Id: string): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Math', MetricName: Id }, Period: 60, Stat: 'Sum' },
  ReturnData: false,
});

describe('metric math', () => {
  const on = followedEmulatorOfBlock();

  beforeAll(async () => {
    for (const minute of Array(5).keys()) {
      const measured = Object.entries(metrics).flatMap(([name, values]) => {
        const value = values[minute];
        return value === undefined ? [] : [datum(name, [value], { namespace: 'Math' })];
      });
      const targets = ['blue', 'green'].map((target, index) =>
        datum('RequestCount', [10 * (index + 1) + minute], {
          namespace: 'Balancers',
          dimensions: { LoadBalancer: 'app/shop', TargetGroup: target },
        }),
      );
      const others = [
        datum('RequestCount', [1], { namespace: 'Balancers', dimensions: { LoadBalancer: 'app/shop' } }),
        datum('RequestCount', [1], { namespace: 'Balancers', dimensions: { LoadBalancer: 'app/other', TargetGroup: 'red' } }),
        datum('Latency', [1], { namespace: 'Balancers', dimensions: { LoadBalancer: 'app/shop', TargetGroup: 'blue' } }),
      ];
      await on.minutes.report([...measured, ...targets, ...others]);
    }
  });

  /** What an expression gives: one row for each time series. */
  async function valuesOf(expression: string): Promise<readonly FiveMinutes[]> {
    const { MetricDataResults = [] } = await on.minutes.cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [...Object.keys(metrics).map(query), { Id: 'asked', Expression: expression }],
        StartTime: new Date(firstMinute),
        EndTime: new Date(firstMinute + 5 * 60_000),
      }),
    );
    return MetricDataResults.map(({ Timestamps = [], Values = [] }) => {
      const byMinute = new Map(Timestamps.map((at, index) => [(at.getTime() - firstMinute) / 60_000, Values[index]]));
      return [0, 1, 2, 3, 4].map((minute) => byMinute.get(minute));
    });
  }

  test.each<readonly [expression: string, values: FiveMinutes]>([
    // Arithmetic: a value only where both sides have one; none of a division by zero.
    ['m1', [10, 20, none, 40, 50]],
    ['m1 + m2', [11, none, none, 40, 55]],
    ['m1 - m2', [9, none, none, 40, 45]],
    ['m1 * m2', [10, none, none, 0, 250]],
    ['m1 / m2', [10, none, none, none, 10]],
    ['m2 ^ 2', [1, none, 9, 0, 25]],
    ['-m2 + 1', [0, none, -2, 1, -4]],
    ['100 * m2 / m1', [10, none, none, 0, 10]],
    ['1 + m2 * 2', [3, none, 7, 1, 11]],
    ['(1 + m2) * 2', [4, none, 8, 2, 12]],
    ['10 - m2 - 1', [8, none, 6, 9, 4]],
    ['m2 * 2.5e1', [25, none, 75, 0, 125]],
    ['nothing + 1', [none, none, none, none, none]],
    ['m1 * 1e307 * 1e307', [none, none, none, none, none]],
    ['SUM([m1, m1] * 3.5e306)', [7e307, 1.4e308, none, none, none]],
    // Comparisons and logic: 1 or 0.
    ['m2 > 1', [0, none, 1, 0, 1]],
    ['m2 >= 1', [1, none, 1, 0, 1]],
    ['m2 < 1', [0, none, 0, 1, 0]],
    ['m2 <= 1', [1, none, 0, 1, 0]],
    ['m2 == 3', [0, none, 1, 0, 0]],
    ['m2 != 3', [1, none, 0, 1, 1]],
    ['m2 + 1 > 2', [0, none, 1, 0, 1]],
    ['m1 > 15 AND m2 > 1', [0, none, none, 0, 1]],
    ['m1 > 15 OR m2 > 0 AND m2 > 1', [0, none, none, 1, 1]],
    ['m1 > 15 || m2 > 0', [1, none, none, 1, 1]],
    ['m1 > 15 && m2 > 0', [0, none, none, 0, 1]],
    // FILL
    ['FILL(m1, 0)', [10, 20, 0, 40, 50]],
    ['FILL(m1, -1)', [10, 20, -1, 40, 50]],
    ['FILL(nothing, 0)', [0, 0, 0, 0, 0]],
    ['FILL(m3, REPEAT)', [none, 2, 2, 2, 8]],
    ['FILL(m3, LINEAR)', [none, 2, 4, 6, 8]],
    ['FILL(m3, m1)', [10, 2, none, 40, 8]],
    ['FILL(m1, AVG(m2))', [10, 20, 2.25, 40, 50]],
    ['FILL(m1, 0) + FILL(m2, 0)', [11, 20, 3, 40, 55]],
    // IF
    ['IF(m2 > 0, m1, 7)', [10, none, none, 7, 50]],
    ['IF(m2 > 0, m1)', [10, none, none, none, 50]],
    ['IF(m2, 1, 0)', [1, none, 1, 0, 1]],
    ['IF(1, m1, m2)', [10, 20, none, 40, 50]],
    ['IF(0, m1, m2)', [1, none, 3, 0, 5]],
    ['IF(0, m1)', [none, none, none, none, none]],
    ['IF(MAX(m2) > 4, m1)', [10, 20, none, 40, 50]],
    ['IF(m1 >= 20, 100 * FILL(m3, 0) / m1)', [none, 10, none, 0, 16]],
    ['IF(m1 > m2, m1 - m2, 0)', [9, none, none, 40, 45]],
    // Over an array, by minute; over one time series, all of it.
    ['MAX([m1, m2])', [10, 20, 3, 40, 50]],
    ['MIN([m1, m2])', [1, 20, 3, 0, 5]],
    ['SUM([m1, m2, m3])', [11, 22, 3, 40, 63]],
    ['AVG([m1, m2])', [5.5, 20, 3, 20, 27.5]],
    ['MAX([nothing, m2])', [1, none, 3, 0, 5]],
    ['m1 - MIN(m1)', [0, 10, none, 30, 40]],
    ['m1 / SUM(m1)', [10 / 120, 20 / 120, none, 40 / 120, 50 / 120]],
    ['m1 + AVG(nothing)', [none, none, none, none, none]],
    ['SUM(METRICS())', [11, 22, 3, 40, 63]],
    ["SUM(METRICS('m1'))", [10, 20, none, 40, 50]],
    ['ABS(0 - m2)', [1, none, 3, 0, 5]],
    ['CEIL(m2 / 2)', [1, none, 2, 0, 3]],
    ['FLOOR(m2 / 2)', [0, none, 1, 0, 2]],
    [`SUM(SEARCH('{Balancers,LoadBalancer,TargetGroup} MetricName="RequestCount"', 'Sum', 60))`, [31, 33, 35, 37, 39]],
  ])('%s', async (expression, values) => {
    expect(await valuesOf(expression)).toEqual([values]);
  });

  test.each<readonly [expression: string, rows: readonly FiveMinutes[]]>([
    [
      '[m1, m2 + 1]',
      [
        [10, 20, none, 40, 50],
        [2, none, 4, 1, 6],
      ],
    ],
    [
      '[m1, m2] * 2',
      [
        [20, 40, none, 80, 100],
        [2, none, 6, 0, 10],
      ],
    ],
    [
      'FILL([m1, m2], 0)',
      [
        [10, 20, 0, 40, 50],
        [1, 0, 3, 0, 5],
      ],
    ],
    [
      `SEARCH('{Balancers,LoadBalancer,TargetGroup} MetricName="RequestCount" LoadBalancer="app/shop"', 'Sum', 60)`,
      [
        [10, 11, 12, 13, 14],
        [20, 21, 22, 23, 24],
      ],
    ],
    [`SEARCH('{Balancers,LoadBalancer} LoadBalancer=SHOP', 'Sum', 60)`, [[1, 1, 1, 1, 1]]],
  ])('%s', async (expression, rows) => {
    expect(await valuesOf(expression)).toEqual(rows);
  });

  const putAlarm = (expression: string) =>
    on.minutes.cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'refused',
        Metrics: [...Object.keys(metrics).map(query), { Id: 'asked', Expression: expression }],
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 1,
        EvaluationPeriods: 1,
      }),
    );

  test.each<readonly [what: string, expression: string, reason: RegExp]>([
    ['a name that nothing has', 'm1 + m9', /names m9, which no metric has as its id, at character 6/],
    ['a function that there is not', 'm1 + MEDIAN(m2)', /got the function MEDIAN, expected one of ABS, .*, at character 6/],
    ['an end too early', 'm1 +', /got the end, expected a metric, a number or a function, at character 5/],
    ['a parenthesis that stays open', '(m1 + m2', /got the end, expected \), at character 9/],
    ['two metrics without an operator', 'm1 m2', /got m2, expected an operator, at character 4/],
    ['a sign of another language', 'm1 % 2', /got %, expected an expression, at character 4/],
    ['a number', '1 + 2', /got a number, expected a time series/],
    ['a number of a metric', 'MAX(m1)', /got a number, expected a time series/],
    ['too few arguments', 'FILL(m1)', /FILL got 1 arguments, expected 2/],
    ['too many arguments', 'IF(m1, 1, 2, 3)', /IF got 4 arguments, expected 2 or 3/],
    ['an array of numbers', 'MAX([m1, 3])', /expected one of time series/],
    ['text in a sum', "m1 + 'a'", /got a text beside \+/],
    ['itself', 'asked + 1', /comes back to itself/],
    ['a number too large', 'm1 * 1e999', /got 1e999, expected a smaller number, at character 6/],
    ['a text too long', `m1${' + 1'.repeat(600)}`, /got an expression of 2402 characters, expected 2048 or fewer/],
    ['too many parentheses', `${'('.repeat(1000)}m1${')'.repeat(1000)}`, /got more than 50 parts within each other/],
    ['too many signs', `${'-'.repeat(2000)}m1`, /got more than 50 parts within each other, expected fewer, at character 51/],
    ['too many powers', `m1${'^2'.repeat(1000)}`, /got more than 50 parts within each other/],
  ])('refuses %s, in an alarm too', async (_, expression, reason) => {
    await expect(valuesOf(expression)).rejects.toThrow(reason);
    await expect(putAlarm(expression)).rejects.toThrow(reason);
  });

  test.each([
    [
      "SUM(SEARCH('{Balancers,LoadBalancer} RequestCount', 'Sum', 60))",
      /got RequestCount, expected terms such as MetricName="Req/,
    ],
    ["SUM(SEARCH('{Balancers,LoadBalancer}', 'Median', 60))", /statistic: got Median, expected/],
    ["SUM(SEARCH('Balancers', 'Sum', 60))", /search: got Balancers, expected a namespace and dimensions in braces/],
  ])('refuses %s, and any search in an alarm', async (expression, reason) => {
    await expect(valuesOf(expression)).rejects.toThrow(reason);
    await expect(putAlarm(expression)).rejects.toThrow('SEARCH is not supported on Metric Alarms');
  });

  test('refuses several time series in an alarm', async () => {
    await expect(putAlarm('[m1, m2]')).rejects.toThrow('metric asked: got several time series, expected one');
  });
});
