import { Aws, Fn } from 'aws-cdk-lib';

/**
 * The value of the preview header that reaches a slot: its label, and behind it what only those know who may see the stack.
 *
 * Without a token of the user's that is the last part of the stack's ARN: the same in every deploy, and in no other stack.
 */
export function previewValue(label: string, token: string = Fn.select(2, Fn.split('/', Aws.STACK_ID))): string {
  return `${label}-${token}`;
}
