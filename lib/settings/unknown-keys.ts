import { closest, distance } from 'fastest-levenshtein';
import { keyNames } from './keys';
import { show } from './value-type';

// Keys that the CDK itself writes without a prefix.
const cdkKeys = ['acknowledged-issue-numbers', 'cli-telemetry', 'tree'];

/**
 * One line for every context key that nobody reads: most often a misspelt one, which would otherwise go unnoticed.
 *
 * Keys with a prefix belong to others and are left alone: the flags of the CDK (`@aws-cdk/core:newStyleStackSynthesis`, `aws:cdk:…`),
 * what it has looked up (`vpc-provider:account=…`), and those of other tools (`tool:key`). One of our own keys is no prefix.
 */
export function unknownKeyProblems(keys: readonly string[]): string[] {
  return keys
    .filter((key) => !keyNames.includes(key) && !cdkKeys.includes(key) && !isOfOthers(key))
    .map((key) => `${printable(key)}: got an unknown key, ${suggestion(key)}`);
}

function isOfOthers(key: string): boolean {
  const prefix = /^(?<prefix>(@[\w.-]+\/)?[\w.-]+):./.exec(key)?.groups?.prefix;
  return prefix !== undefined && !keyNames.some((name) => name.toLowerCase() === prefix.toLowerCase());
}

function suggestion(key: string): string {
  const lowerCase = new Map(keyNames.map((name) => [name.toLowerCase(), name]));
  const nearest = closest(key.toLowerCase(), [...lowerCase.keys()]);
  return distance(key.toLowerCase(), nearest) <= Math.max(2, Math.floor(key.length / 3))
    ? `did you mean ${lowerCase.get(nearest)}?`
    : "expected one of the keys in docs/keys.md; give another tool's key a prefix, as in tool:key";
}

function printable(key: string): string {
  return /^[\w.-]+$/.test(key) ? key : show(key);
}
