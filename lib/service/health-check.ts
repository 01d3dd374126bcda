import type { HealthCheckNumbers } from '../release/plane-limits';
import type { BlueGreenServiceProps } from './blue-green-service-props';

/** When the traffic plane calls a task healthy: what the service says, else what the plane has. */
export function healthCheckOf({ healthCheck, trafficPlane }: BlueGreenServiceProps): HealthCheckNumbers {
  const usual = trafficPlane.limits.healthCheck;
  return {
    healthyThreshold: healthCheck?.healthyThreshold ?? usual.healthyThreshold,
    unhealthyThreshold: healthCheck?.unhealthyThreshold ?? usual.unhealthyThreshold,
    timeoutSeconds: healthCheck?.timeout?.toSeconds({ integral: false }) ?? usual.timeoutSeconds,
    intervalSeconds: healthCheck?.interval?.toSeconds({ integral: false }) ?? usual.intervalSeconds,
  };
}
