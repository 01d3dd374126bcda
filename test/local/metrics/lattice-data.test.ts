import { LatticeData } from '../../../lib/local/metrics/lattice-data';
import { MetricData } from '../../../lib/local/metrics/metric-data';
import { type End, ends, measured, requestTo, targetOf, wayInOf } from './requests';

const wayIn = wayInOf('lattice');
const service = (...names: string[]) => Object.fromEntries(names.map((name) => [`Service ${name}`, 1]));
const group = (...names: string[]) => Object.fromEntries(names.map((name) => [`TargetGroup ${name}`, 1]));
const both = (...names: string[]) => ({ ...service(...names), ...group(...names) });

test.each<{ end: End; expected: Record<string, number> }>([
  { end: 'good', expected: both('TotalRequestCount', 'HTTPCode_2XX_Count') },
  { end: 'error', expected: both('TotalRequestCount', 'HTTPCode_5XX_Count') },
  { end: 'refusal', expected: both('TotalRequestCount', 'HTTPCode_4XX_Count') },
  { end: 'brokenHalfway', expected: both('TotalRequestCount', 'HTTPCode_2XX_Count') },
  { end: 'leftHalfway', expected: both('TotalRequestCount', 'HTTPCode_2XX_Count') },
  {
    end: 'broken',
    expected: { ...both('TotalRequestCount'), ...service('HTTPCode_5XX_Count', 'HTTPCode_VpcLattice_502_Count') },
  },
  {
    end: 'unconnected',
    expected: {
      ...both('TotalRequestCount'),
      ...service('HTTPCode_5XX_Count', 'HTTPCode_VpcLattice_502_Count'),
      ...group('ConnectionErrorCount'),
    },
  },
  {
    end: 'hanging',
    expected: {
      ...both('TotalRequestCount'),
      ...service('HTTPCode_5XX_Count', 'HTTPCode_VpcLattice_504_Count', 'RequestTimeoutCount'),
    },
  },
  { end: 'left', expected: both('TotalRequestCount') },
  { end: 'empty', expected: service('TotalRequestCount', 'HTTPCode_5XX_Count', 'HTTPCode_VpcLattice_503_Count') },
  { end: 'fixed', expected: service('TotalRequestCount', 'HTTPCode_4XX_Count', 'HTTPCode_VpcLattice_404_Count') },
])('a request that is $end', ({ end, expected }) => {
  const request = requestTo(wayIn, ends[end]);
  const found = measured((data) => new LatticeData().count(request, wayIn, data));
  const time =
    request.port === undefined ? { 'Service RequestTime': 12 } : { 'Service RequestTime': 12, 'TargetGroup RequestTime': 12 };
  expect(found).toEqual({ ...expected, ...time });
});

test('a connection that takes too long is counted apart', () => {
  const late = { ...ends.unconnected, details: 'upstream_reset_before_response_started{connection_timeout}' };
  const found = measured((data) => new LatticeData().count(requestTo(wayIn, late), wayIn, data));
  expect(found).toMatchObject({ 'TargetGroup ConnectionTimeoutCount': 1 });
  expect(found).not.toHaveProperty('TargetGroup ConnectionErrorCount');
});

test('dimensions are the ids', () => {
  const arn = 'arn:aws:vpc-lattice:us-east-1:123456789012';
  const named = {
    ...wayIn,
    owner: `${arn}:service/svc-0123456789abcdef0`,
    targets: { [targetOf(wayIn, 'green')]: { resource: `${arn}:targetgroup/tg-0123456789abcdef0`, services: [] } },
  };
  const data = new MetricData();
  new LatticeData().count(requestTo(named), named, data);
  expect(data.data.filter(({ metricName }) => metricName === 'RequestTime')).toEqual(
    [{ Service: 'svc-0123456789abcdef0' }, { TargetGroup: 'tg-0123456789abcdef0' }].map((dimensions) => ({
      namespace: 'AWS/VpcLattice',
      metricName: 'RequestTime',
      dimensions,
      unit: 'Milliseconds',
      values: [12],
      counts: [1],
    })),
  );
});
