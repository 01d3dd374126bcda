import { aws_appmesh as appmesh, aws_cloudwatch as cloudwatch, Duration, aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceMetrics, SlotMetrics } from './traffic-plane';

const namespace = 'EcsBlueGreen';
const requests = 'Requests';
const errors = 'Errors';
const latency = 'Latency';

/**
 * The access log of a virtual node: one JSON object per request, so that metrics can be made from it.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
export function accessLogFormat(mesh: appmesh.IMesh, target: string): appmesh.LoggingFormat {
  return appmesh.LoggingFormat.fromJson({
    mesh: mesh.meshName,
    target,
    time: '%START_TIME%',
    method: '%REQ(:METHOD)%',
    path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    status: '%RESPONSE_CODE%',
    flags: '%RESPONSE_FLAGS%',
    duration: '%DURATION%',
    agent: '%REQ(USER-AGENT)%',
    request: '%REQ(X-REQUEST-ID)%',
  });
}

/** Counts what the access logs of all nodes say, told apart by target: without an agent in every task there is no other source. */
export function addAccessLogMetrics(scope: Construct, logGroup: logs.ILogGroup): void {
  // Lines of Envoy itself are not JSON and do not match; its health checks are not requests.
  const isRequest = '$.target = "*" && $.agent != "Envoy/HC"';
  const filters = [
    { metricName: requests, pattern: `{ ${isRequest} }`, metricValue: '1', unit: cloudwatch.Unit.COUNT },
    { metricName: errors, pattern: `{ ${isRequest} && $.status >= 500 }`, metricValue: '1', unit: cloudwatch.Unit.COUNT },
    {
      metricName: latency,
      pattern: `{ ${isRequest} && $.duration >= 0 }`,
      metricValue: '$.duration',
      unit: cloudwatch.Unit.MILLISECONDS,
    },
  ];
  for (const { metricName, pattern, metricValue, unit } of filters) {
    new logs.MetricFilter(scope, `${metricName}Filter`, {
      logGroup,
      filterPattern: logs.FilterPattern.literal(pattern),
      metricNamespace: namespace,
      metricName,
      metricValue,
      unit,
      dimensions: { Mesh: '$.mesh', Target: '$.target' },
    });
  }
}

/** The metrics that `addAccessLogMetrics` makes for one target. */
export function accessLogMetrics(mesh: appmesh.IMesh, target: string): SlotMetrics & { readonly requests: cloudwatch.Metric } {
  const metric = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({
      namespace,
      metricName,
      statistic,
      period: Duration.minutes(1),
      dimensionsMap: { Mesh: mesh.meshName, Target: target },
    });
  return {
    requests: metric(requests, cloudwatch.Stats.SUM),
    errors: metric(errors, cloudwatch.Stats.SUM),
    latency: metric(latency, cloudwatch.Stats.percentile(95)),
    healthyTargets: undefined,
  };
}

/** The metrics of several targets together. Their names are known before any of them is there. */
export function accessLogSums(mesh: appmesh.IMesh, targets: readonly string[]): ServiceMetrics {
  const each = targets.map((target) => ({ target, metrics: accessLogMetrics(mesh, target) }));
  const over = (kind: 'requests' | 'errors' | 'latency', label: string, combine: (ids: readonly string[]) => string) => {
    const ids = each.map((_, index) => `${kind}${index}`);
    return new cloudwatch.MathExpression({
      expression: combine(ids),
      label,
      period: Duration.minutes(1),
      usingMetrics: Object.fromEntries(each.map(({ metrics }, index) => [`${kind}${index}`, metrics[kind]])),
    });
  };
  const sum = (ids: readonly string[]) => ids.map((id) => `FILL(${id}, 0)`).join(' + ');
  return {
    requests: over('requests', 'requests', sum),
    errors: over('errors', 'errors', sum),
    // Percentiles do not add up: the slower target is what somebody may see.
    latency: over('latency', 'latency', (ids) => `MAX([${ids.join(', ')}])`),
    requestsByTarget: each.map(({ target, metrics }) => metrics.requests.with({ label: target })),
  };
}
