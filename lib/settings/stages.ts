import type { Context } from './context';
import { keyNames, stateKeyNames } from './keys';
import { stageNameType as anyStageName } from './service-values';
import type { ValueType } from './value-type';

// Which stage it is, and the name to which each stage adds its own.
const keysOfAllStages: readonly string[] = ['stage', 'appName'];

/** The keys that a stage may have for itself, as in `prod:desiredCount`. */
export const keysOfStages: readonly string[] = keyNames.filter((key) => !keysOfAllStages.includes(key));

// What stands in front of the keys that the CDK writes.
const prefixesOfTheCdk: readonly string[] = [
  'ami',
  'availability-zones',
  'aws',
  'cc-api-provider',
  'endpoint-service-availability-zones',
  'hosted-zone',
  'key-provider',
  'load-balancer',
  'load-balancer-listener',
  'plugin',
  'security-group',
  'ssm',
  'vpc-provider',
];

/** Name of a stage that can be told from every other prefix. */
export const stageNameType: ValueType<string> = {
  ...anyStageName,
  expected: `${anyStageName.expected}, other than a key and what the CDK writes, such as aws`,
  parse: (value) => {
    const name = anyStageName.parse(value);
    const isTaken = [...keyNames, ...prefixesOfTheCdk].some((taken) => taken.toLowerCase() === name);
    return isTaken ? undefined : name;
  },
};

/** A key as it stands in the context for one stage, such as `prod:blueActive`. */
export function stageKeyName(stage: string, key: string): string {
  return `${stage}:${key}`;
}

/** What stands in front of the first colon of a key, and what behind it. */
export function prefixAndRest(name: string): readonly [prefix: string | undefined, rest: string] {
  const at = name.indexOf(':');
  return at < 0 ? [undefined, name] : [name.slice(0, at), name.slice(at + 1)];
}

/** The stages of a context: those of whose state it says something. A prefix without state belongs to another tool. */
export function stagesOf(context: Context): readonly string[] {
  const found = Object.keys(context).flatMap((name) => {
    const [prefix, rest] = prefixAndRest(name);
    const stage = stateKeyNames.includes(rest) && context[name] !== undefined ? stageNameType.parse(prefix) : undefined;
    return stage === undefined ? [] : [stage];
  });
  return [...new Set(found)];
}
