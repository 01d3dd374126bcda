import type { StepReport } from './report';

/** All requests of a step that a user could have sent: during its change, and while its split stood still. */
export function requestsOf({ requests, change }: StepReport): number {
  return requests + change.requests;
}

/** Those of them that failed. */
export function failedOf({ failed, change }: StepReport): number {
  return failed + change.failed;
}
