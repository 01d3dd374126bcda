import { Token } from 'aws-cdk-lib';
import { show, type ValueType } from '../settings/value-type';

/** What is wrong with the value of a property: nothing when it is left out, or a token, which only the deploy knows. */
export function valueProblem<T>(name: string, value: T | undefined, type: Pick<ValueType<T>, 'expected' | 'parse'>): string[] {
  return value === undefined || Token.isUnresolved(value) || type.parse(value) !== undefined
    ? []
    : [`${name}: got ${show(value)}, expected ${type.expected}`];
}
