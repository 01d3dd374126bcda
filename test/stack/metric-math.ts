/** Values of one metric, minute by minute; `undefined`: no data. */
export type Series = readonly (number | undefined)[];

type Value = number | undefined;

/**
 * One minute of a CloudWatch expression of the few forms that alarms here have: numbers, names, `+ - * /`, `>`, `>=`, `FILL` and `IF`. No
 * data in gives no data out, but for `FILL`; an `IF` without its third part gives none either.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function evaluate(expression: string, valueAt: (name: string) => Value): Value {
  const tokens = expression.match(/\d+(\.\d+)?|\w+|>=|[-+*/>(),]/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s/g, '')) {
    throw new Error(`expression: got ${expression}, expected only what this test knows`);
  }
  const take = (wanted: string) => {
    const token = tokens.shift();
    if (token !== wanted) {
      throw new Error(`expression: got ${token} in ${expression}, expected ${wanted}`);
    }
  };
  const operators: readonly Readonly<Record<string, (a: number, b: number) => Value>>[] = [
    { '>': (a, b) => Number(a > b), '>=': (a, b) => Number(a >= b) },
    { '+': (a, b) => a + b, '-': (a, b) => a - b },
    // A division by zero has no value.
    { '*': (a, b) => a * b, '/': (a, b) => (b === 0 ? undefined : a / b) },
  ];
  const binary = (level: number): Value => {
    const known = operators[level];
    if (!known) {
      return operand();
    }
    let left = binary(level + 1);
    for (let apply = known[tokens[0] ?? '']; apply; apply = known[tokens[0] ?? '']) {
      tokens.shift();
      const right = binary(level + 1);
      left = left === undefined || right === undefined ? undefined : apply(left, right);
    }
    return left;
  };
  const operand = (): Value => {
    const token = tokens.shift() ?? '';
    if (/^\d/.test(token)) {
      return Number(token);
    }
    if (/^[a-z]/.test(token)) {
      return valueAt(token);
    }
    if (token !== 'FILL' && token !== 'IF') {
      throw new Error(`expression: got ${token} in ${expression}, expected FILL or IF`);
    }
    take('(');
    const parts = [binary(0)];
    while (tokens[0] === ',') {
      tokens.shift();
      parts.push(binary(0));
    }
    take(')');
    if (token === 'FILL') {
      return parts[0] ?? parts[1];
    }
    return parts[0] === undefined ? undefined : parts[0] === 0 ? parts[2] : parts[1];
  };
  const value = binary(0);
  if (tokens.length > 0) {
    throw new Error(`expression: got ${tokens[0]} in ${expression}, expected its end`);
  }
  return value;
}

/** The state of an alarm after as many minutes as it looks at, given the values of metrics by name; others have no data. */
export function alarmState(properties: any, data: Readonly<Record<string, Series>>): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' {
  const metrics: readonly any[] = properties.Metrics ?? [{ Id: 'only', MetricStat: { Metric: properties } }];
  const minutes = Array.from({ length: properties.EvaluationPeriods }, (_, minute) => {
    const valueAt = (id: string): Value => {
      const metric = metrics.find(({ Id }) => Id === id);
      return metric.Expression === undefined
        ? data[metric.MetricStat.Metric.MetricName]?.[minute]
        : evaluate(metric.Expression, valueAt);
    };
    return valueAt(metrics.find(({ ReturnData }) => ReturnData !== false).Id);
  });
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    GreaterThanOrEqualToThreshold: (value) => value >= properties.Threshold,
    LessThanThreshold: (value) => value < properties.Threshold,
  };
  const breaches = compare[properties.ComparisonOperator] as (value: number) => boolean;
  const missingBreaches = properties.TreatMissingData === 'breaching';
  const breaching = minutes.filter((value) => (value === undefined ? missingBreaches : breaches(value))).length;
  if (breaching >= (properties.DatapointsToAlarm ?? properties.EvaluationPeriods)) {
    return 'ALARM';
  }
  return minutes.every((value) => value === undefined) ? 'INSUFFICIENT_DATA' : 'OK';
}
