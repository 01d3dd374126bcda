import type { TargetState } from '../../../lib/local/emulator/follower';
import { LoadBalancerData } from '../../../lib/local/metrics/load-balancer-data';
import { MetricData } from '../../../lib/local/metrics/metric-data';
import { type End, ends, measured, requestTo, targetOf, wayInOf } from './requests';

const wayIn = wayInOf('load-balancer');
const both = (counts: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) => [
      [`LoadBalancer ${name}`, count],
      [`LoadBalancer+TargetGroup ${name}`, count],
    ]),
  );
const balancer = (...names: string[]) => Object.fromEntries(names.map((name) => [`LoadBalancer ${name}`, 1]));

test.each<{ end: End; expected: Record<string, number> }>([
  { end: 'good', expected: both({ RequestCount: 1, HTTPCode_Target_2XX_Count: 1, TargetResponseTime: 0.01 }) },
  { end: 'error', expected: both({ RequestCount: 1, HTTPCode_Target_5XX_Count: 1, TargetResponseTime: 0.01 }) },
  { end: 'refusal', expected: both({ RequestCount: 1, HTTPCode_Target_4XX_Count: 1, TargetResponseTime: 0.01 }) },
  { end: 'brokenHalfway', expected: both({ RequestCount: 1, HTTPCode_Target_2XX_Count: 1, TargetResponseTime: 0.01 }) },
  { end: 'leftHalfway', expected: both({ RequestCount: 1, HTTPCode_Target_2XX_Count: 1, TargetResponseTime: 0.01 }) },
  { end: 'broken', expected: { ...both({ RequestCount: 1 }), ...balancer('HTTPCode_ELB_5XX_Count', 'HTTPCode_ELB_502_Count') } },
  {
    end: 'unconnected',
    expected: {
      ...both({ RequestCount: 1, TargetConnectionErrorCount: 1 }),
      ...balancer('HTTPCode_ELB_5XX_Count', 'HTTPCode_ELB_502_Count'),
    },
  },
  { end: 'hanging', expected: { ...both({ RequestCount: 1 }), ...balancer('HTTPCode_ELB_5XX_Count', 'HTTPCode_ELB_504_Count') } },
  { end: 'left', expected: { ...both({ RequestCount: 1 }), ...balancer('HTTPCode_ELB_4XX_Count') } },
  { end: 'empty', expected: balancer('HTTPCode_ELB_5XX_Count', 'HTTPCode_ELB_503_Count') },
  { end: 'fixed', expected: balancer('HTTPCode_ELB_4XX_Count', 'HTTP_Fixed_Response_Count') },
  { end: 'noHttp', expected: balancer('HTTPCode_ELB_4XX_Count') },
])('a request that is $end', ({ end, expected }) => {
  expect(measured((data) => new LoadBalancerData().count(requestTo(wayIn, ends[end]), wayIn, data))).toEqual(expected);
});

test('dimensions are the last parts of the ARNs', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
  const group = `${arn}:targetgroup/shop-green/0123456789abcdef`;
  const name = targetOf(wayIn, 'green');
  const named = {
    ...wayIn,
    owner: `${arn}:loadbalancer/app/shop/fedcba9876543210`,
    targets: { [name]: { resource: group, services: [] } },
  };
  const data = new MetricData();
  new LoadBalancerData().count(requestTo(named), named, data);
  expect(data.data.filter(({ metricName }) => metricName === 'RequestCount')).toEqual([
    {
      namespace: 'AWS/ApplicationELB',
      metricName: 'RequestCount',
      dimensions: { LoadBalancer: 'app/shop/fedcba9876543210' },
      unit: 'Count',
      values: [1],
      counts: [1],
    },
    expect.objectContaining({
      dimensions: { LoadBalancer: 'app/shop/fedcba9876543210', TargetGroup: 'targetgroup/shop-green/0123456789abcdef' },
    }),
  ]);
});

test.each<{ states: TargetState['state'][]; requests: number; expected: Record<string, number> }>([
  { states: [], requests: 0, expected: {} },
  { states: ['draining'], requests: 0, expected: {} },
  { states: ['initial'], requests: 0, expected: { HealthyHostCount: 0, UnHealthyHostCount: 0 } },
  {
    states: ['healthy', 'healthy', 'unhealthy', 'draining'],
    requests: 6,
    expected: { HealthyHostCount: 2, UnHealthyHostCount: 1, RequestCountPerTarget: 3 },
  },
  {
    states: ['unhealthy', 'unhealthy', 'unhealthy'],
    requests: 6,
    expected: { HealthyHostCount: 0, UnHealthyHostCount: 3, RequestCountPerTarget: 2 },
  },
])('$states and $requests requests', ({ states, requests, expected }) => {
  const group = wayIn.targets[targetOf(wayIn, 'green')]?.resource ?? '';
  const found = measured((data) => {
    const counting = new LoadBalancerData();
    for (let each = 0; each < requests; each += 1) {
      counting.count(requestTo(wayIn), wayIn, data);
    }
    counting.addHosts([wayIn], [{ targetGroup: group, targets: states.map((state, port) => ({ port, state })) }], data);
  });
  const ofGroup = Object.entries(found).filter(([name]) => /\+TargetGroup .*(Host|PerTarget)/.test(name));
  expect(Object.fromEntries(ofGroup.map(([name, value]) => [name.split(' ')[1], value]))).toEqual(expected);
  expect(found['TargetGroup RequestCountPerTarget']).toBe(expected.RequestCountPerTarget);
});

test('a target group that no rule of a load balancer leads to tells nothing', () => {
  const other = wayInOf('lattice');
  const states = [wayIn, other].flatMap(({ targets }) =>
    Object.values(targets).map(({ resource }) => ({ targetGroup: resource, targets: [{ port: 1, state: 'healthy' as const }] })),
  );
  expect(measured((data) => new LoadBalancerData().addHosts([other], states, data))).toEqual({});
});
