import { CfnElement, CfnParameter, type Stack } from 'aws-cdk-lib';

const elements = new WeakMap<Stack, Map<string, CfnElement>>();

/**
 * Whether a name in the template of a stack is that of a parameter whose value may be seen.
 *
 * The stack is searched for a name that it did not have before, and for no other: many guards ask for the same few names.
 */
export function isOpenParameter(stack: Stack, logicalId: string): boolean {
  const known = elements.get(stack) ?? new Map<string, CfnElement>();
  if (!known.has(logicalId)) {
    for (const element of stack.node.findAll().filter(CfnElement.isCfnElement)) {
      known.set(stack.resolve(element.logicalId), element);
    }
    elements.set(stack, known);
  }
  const element = known.get(logicalId);
  // What a parameter hides is not to be handed to anybody.
  return element instanceof CfnParameter && !element.noEcho;
}
