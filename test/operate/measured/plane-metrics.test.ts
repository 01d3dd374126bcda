import { type PlaneMetrics, planeMetrics } from '../../../lib/operate/measured/plane-metrics';

const of = (plane: string) => planeMetrics[plane] as PlaneMetrics;
const minute = (plane: string, values: Readonly<Record<string, number>>) => of(plane).minute((name) => values[name]);

test.each<[string, string, Readonly<Record<string, number>>, object]>([
  ['load-balancer', 'nothing', {}, { requests: 0, errors: 0, latencyMs: undefined }],
  [
    'load-balancer',
    'all that is no proper answer is an error',
    {
      RequestCount: 10,
      HTTPCode_Target_2XX_Count: 5,
      HTTPCode_Target_3XX_Count: 1,
      HTTPCode_Target_4XX_Count: 1,
      TargetResponseTime: 0.25,
    },
    { requests: 10, errors: 3, latencyMs: 250 },
  ],
  [
    'load-balancer',
    'answers to requests of the minute before',
    { RequestCount: 1, HTTPCode_Target_2XX_Count: 4, TargetResponseTime: 0 },
    { requests: 1, errors: 0, latencyMs: 0 },
  ],
  ['lattice', 'nothing', {}, { requests: 0, errors: 0, latencyMs: undefined }],
  [
    'lattice',
    'all that is no proper answer is an error',
    { TotalRequestCount: 10, HTTPCode_2XX_Count: 4, HTTPCode_4XX_Count: 1, RequestTime: 12 },
    { requests: 10, errors: 5, latencyMs: 12 },
  ],
  ['app-mesh', 'nothing', {}, { requests: 0, errors: 0, latencyMs: undefined }],
  ['app-mesh', 'errors are counted', { Requests: 10, Errors: 2, Latency: 7 }, { requests: 10, errors: 2, latencyMs: 7 }],
])('a minute on %s: %s', (plane, _, values, expected) => {
  expect(minute(plane, values)).toEqual(expected);
});

test.each<[string, string, string, object]>([
  [
    'load-balancer',
    'arn:aws:elasticloadbalancing:r:1:targetgroup/shop-blue/0123',
    'arn:aws:elasticloadbalancing:r:1:listener-rule/app/shop/45/67/89',
    { LoadBalancer: 'app/shop/45', TargetGroup: 'targetgroup/shop-blue/0123' },
  ],
  [
    'lattice',
    'arn:aws:vpc-lattice:r:1:targetgroup/tg-1',
    'arn:aws:vpc-lattice:r:1:service/s/listener/l/rule/r',
    { TargetGroup: 'tg-1' },
  ],
  [
    'app-mesh',
    'arn:aws:appmesh:r:1:mesh/m/virtualNode/shop-blue',
    'arn:aws:appmesh:r:1:mesh/m/virtualRouter/shop/route/shop',
    { Mesh: 'm', Target: 'shop-blue' },
  ],
])('what the metrics of a slot are found by on %s', (plane, target, route, dimensions) => {
  expect(of(plane).dimensions(target, route)).toEqual(dimensions);
});
