import { Token } from 'aws-cdk-lib';
import { show, type ValueType } from '../settings/value-type';

type Judge<T> = Pick<ValueType<T>, 'expected' | 'parse'>;

/**
 * What is wrong with the value of a property: nothing when it is left out, or a token, which only the deploy knows. Of a list, the
 * tokens in it are not judged.
 */
export function valueProblem<T>(name: string, value: T | undefined, type: Judge<T>): string[] {
  if (value === undefined || Token.isUnresolved(value)) {
    return [];
  }
  const known: unknown = Array.isArray(value) ? value.filter((item) => !Token.isUnresolved(item)) : value;
  const onlyTokens = Array.isArray(value) && Array.isArray(known) && value.length > 0 && known.length === 0;
  return onlyTokens || type.parse(known) !== undefined ? [] : [`${name}: got ${show(value)}, expected ${type.expected}`];
}

/** The same for a value from which names in the template, or the order of rules, follow: a token is wrong there. */
export function literalProblem<T>(name: string, value: T | undefined, type: Judge<T>): string[] {
  return Token.isUnresolved(value)
    ? [`${name}: got a value that only the deploy knows, expected ${type.expected}`]
    : valueProblem(name, value, type);
}
