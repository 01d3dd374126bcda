import { numberOf, objectOf, textOf } from './values';

/** When a deployment has failed, and what comes of it. */
export interface CircuitBreaker {
  readonly enable: boolean;

  /** Whether the service goes back to the last deployment that was complete. */
  readonly rollback: boolean;

  /** Whether a task that gets healthy takes all failures before it off the count. */
  readonly resetOnHealthyTask: boolean;

  readonly threshold: FailureThreshold;
}

/** How many failed tasks are too many. */
export interface FailureThreshold {
  /** `COUNT`: the value is that number. Else it is in percent of the desired tasks, and 3 to 200 tasks if it is bounded. */
  readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT';
  readonly value: number;
}

/**
 * Reads the `DeploymentCircuitBreaker` of a service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
 */
export function circuitBreakerOf(value: unknown): CircuitBreaker {
  const { Enable, Rollback, ResetOnHealthyTask = true, ThresholdConfiguration } = objectOf(value);
  const { Type, Value } = objectOf(ThresholdConfiguration);
  return {
    enable: textOf(Enable) === 'true',
    rollback: textOf(Rollback) === 'true',
    resetOnHealthyTask: textOf(ResetOnHealthyTask) === 'true',
    threshold: { type: (textOf(Type) ?? 'BOUNDED_PERCENT') as FailureThreshold['type'], value: numberOf(Value, 50) },
  };
}

/**
 * With so many failed tasks a deployment has failed.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold(desiredCount: number, { type, value }: FailureThreshold): number {
  if (type === 'COUNT') {
    return Math.max(1, value);
  }
  const share = Math.max(1, Math.ceil((desiredCount * value) / 100));
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}
