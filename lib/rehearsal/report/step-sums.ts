import type { StepReport } from './report';

/** All requests of a step: during its change, while its split stood still, and by the preview header. */
export function requestsOf({ requests, change, preview }: StepReport): number {
  return requests + change.requests + (preview?.requests ?? 0);
}

/** All failed requests of a step. */
export function failedOf({ failed, change, preview }: StepReport): number {
  return failed + change.failed + (preview?.failed ?? 0);
}
