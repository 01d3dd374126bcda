import { planeNames } from '../release/plane-limits';
import { slotNames } from '../release/slots';
import type { Context } from './context';
import { keyNames, slotKeyName, slotKeys, stateKeyNames } from './keys';
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

/** The stage for which a key would be, where it has a name of a stage in front; whether there is one of that name or not. */
export function stageOfKey(name: string): string | undefined {
  const [prefix, rest] = prefixAndRest(name);
  return keysOfStages.includes(rest) ? stageNameType.parse(prefix) : undefined;
}

/** The stages of a context: those of whose state it says something. */
export function stagesOf(context: Context): readonly string[] {
  const found = Object.keys(context).flatMap((name) => {
    const stage = stageOfKey(name);
    return stage !== undefined && stateKeyNames.includes(prefixAndRest(name)[1]) && context[name] !== undefined ? [stage] : [];
  });
  return [...new Set(found)];
}

/** The state with which a stage begins, to be shown in a message. */
export function firstStateOf(stage: string): string {
  const values = slotNames.flatMap((slot) =>
    (['Active', 'Weight'] as const).map((key) => [slotKeyName(slot, key), slotKeys[key](slot).default(planeNames[0])] as const),
  );
  return values.map(([key, value]) => `"${stageKeyName(stage, key)}": ${value}`).join(', ');
}
