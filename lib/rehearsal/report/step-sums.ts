import type { MachineReport, StepReport } from './report';

/** All requests of a step that a user could have sent: during its change, and while its split stood still. */
export function requestsOf({ requests, change }: StepReport): number {
  return requests + change.requests;
}

/** Those of them that failed. */
export function failedOf({ failed, change }: StepReport): number {
  return failed + change.failed;
}

/** Whether this machine was so busy in a step that a reader should know. */
export function wasBusy({ busy, lateMs }: MachineReport): boolean {
  return (busy !== null && busy >= 0.9) || lateMs >= 100;
}

/** Whether all of a step could be measured, and held. */
export function held({ problems, unmeasured }: StepReport): boolean {
  return problems.length + unmeasured.length === 0;
}
