/** What can be done with a stack, by the status that CloudFormation gives it. */
export type StackCondition =
  /** Nothing is going on: it can be updated. */
  | { readonly kind: 'settled' }
  /** CloudFormation works on it, or monitors it; an update that can be cancelled goes back to what was there before. */
  | { readonly kind: 'busy'; readonly cancellable: boolean }
  /** An operation ended half done: it cannot be updated before somebody mends it. */
  | { readonly kind: 'stuck'; readonly mend: StackMend }
  /** There is no service in it. */
  | { readonly kind: 'missing' };

/** The command of the CDK that gets a stack out of where it is stuck. */
export type StackMend = 'rollback' | 'destroy' | 'deploy';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
const conditions: Readonly<Record<string, StackCondition>> = {
  CREATE_COMPLETE: { kind: 'settled' },
  UPDATE_COMPLETE: { kind: 'settled' },
  UPDATE_ROLLBACK_COMPLETE: { kind: 'settled' },
  IMPORT_COMPLETE: { kind: 'settled' },
  IMPORT_ROLLBACK_COMPLETE: { kind: 'settled' },
  // Monitoring is a part of it.
  UPDATE_IN_PROGRESS: { kind: 'busy', cancellable: true },
  UPDATE_FAILED: { kind: 'stuck', mend: 'rollback' },
  UPDATE_ROLLBACK_FAILED: { kind: 'stuck', mend: 'rollback' },
  CREATE_FAILED: { kind: 'stuck', mend: 'destroy' },
  ROLLBACK_FAILED: { kind: 'stuck', mend: 'destroy' },
  DELETE_FAILED: { kind: 'stuck', mend: 'destroy' },
  IMPORT_ROLLBACK_FAILED: { kind: 'stuck', mend: 'rollback' },
  // A first deploy that failed, or was looked at only: the next one begins anew.
  ROLLBACK_COMPLETE: { kind: 'stuck', mend: 'deploy' },
  REVIEW_IN_PROGRESS: { kind: 'stuck', mend: 'deploy' },
  DELETE_COMPLETE: { kind: 'missing' },
};

/** What can be done with a stack in a status; one that is not known counts as work in progress. */
export function stackCondition(status: string): StackCondition {
  return conditions[status] ?? { kind: 'busy', cancellable: false };
}
