import { PropertyReader } from '../template/property-reader';
import type { Resource } from '../template/template';
import { readBalancer, readListener, readRule, readTargetGroup } from './load-balancer';
import type { RouteModel } from './traffic-model';
import { type Deployed, type DeployedListener, type WayIn, waysInOfListeners } from './way-in';

const service = 'AWS::ElasticLoadBalancingV2';

/**
 * The ways in of all application load balancers.
 *
 * @throws LocalError on anything that is not mapped
 */
export function loadBalancerWaysIn(deployed: Deployed): readonly WayIn[] {
  const { template } = deployed;
  return deployed
    .owners(`${service}::LoadBalancer`)
    .filter(({ properties }) => properties.Type !== 'network')
    .flatMap((balancer) => {
      const { idleTimeoutMs } = PropertyReader.read(template, balancer, readBalancer);
      const listeners = template
        .ofType(`${service}::Listener`)
        .filter(({ properties }) => properties.LoadBalancerArn === template.physicalIdOf(balancer))
        .map((listener) => readWithRules(listener, idleTimeoutMs, deployed));
      return waysInOfListeners('load-balancer', balancer, listeners, deployed, (group, behind) =>
        PropertyReader.read(template, group, (properties) => readTargetGroup(properties, group, behind)),
      );
    });
}

// TLS is left out here: a redirect would lead nowhere, and is as if it were not there.
function readWithRules(listener: Resource, idleTimeoutMs: number, { template }: Deployed): DeployedListener {
  const { logicalId, port, unmatchedStatus, unmatchedTargets } = PropertyReader.read(template, listener, (properties) =>
    readListener(properties, listener),
  );
  const id = template.physicalIdOf(listener);
  const rules = template
    .ofType(`${service}::ListenerRule`)
    .filter(({ properties }) => properties.ListenerArn === id)
    .map((rule) =>
      PropertyReader.read(template, rule, (properties) => readRule(properties, rule, { idleTimeoutMs, shared: false })),
    )
    .filter(({ redirects }) => !redirects)
    .sort((a, b) => a.priority - b.priority);
  const rest = unmatchedTargets.length === 0 ? [] : [restOf(logicalId, unmatchedTargets, idleTimeoutMs)];
  return { id, port, unmatchedStatus, routes: [...rules.map(({ route }) => route), ...rest] };
}

// What no rule takes.
function restOf(name: string, targets: RouteModel['targets'], idleTimeoutMs: number): RouteModel {
  return {
    name,
    production: true,
    match: { prefix: '/', wholeSegments: false, host: undefined, headers: [] },
    rewrite: { prefix: undefined, host: undefined },
    targets,
    timeoutMs: 0,
    idleTimeoutMs,
    retry: undefined,
  };
}
