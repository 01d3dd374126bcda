import type { StackEvent } from '../deployed/stack-events';

/** One operation on a stack: a deploy, by whomever. */
export interface Operation {
  readonly at: Date;

  /** What the stack was in the end of it, or is in it now. */
  readonly status: string;
}

const stackType = 'AWS::CloudFormation::Stack';

// A clean-up, a way back and its end belong to the operation that they follow.
const begins = /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/;

/**
 * The operations on a stack, oldest first.
 *
 * @param events of the stack, oldest first, from a moment on at which none was under way
 */
export function operationsIn(events: readonly StackEvent[], stack: { readonly name: string }): readonly Operation[] {
  const operations: Operation[] = [];
  for (const { type, logicalId, status, at } of events) {
    if (type === stackType && logicalId === stack.name) {
      const last = operations.at(-1);
      if (begins.test(status) || last === undefined) {
        operations.push({ at, status });
      } else {
        operations[operations.length - 1] = { ...last, status };
      }
    }
  }
  return operations;
}
