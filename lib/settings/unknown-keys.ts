import { closest, distance } from 'fastest-levenshtein';
import { keyNames, stateKeyNames } from './keys';
import { firstStateOf, keysOfStages, prefixAndRest, stageKeyName, stageNameType, stageOfKey } from './stages';
import { show } from './value-type';

// Keys that the CDK itself writes without a prefix.
const cdkKeys = ['acknowledged-issue-numbers', 'cli-telemetry', 'tree'];

/**
 * One line for every context key that nobody reads: most often a misspelt one, which would otherwise go unnoticed.
 *
 * Keys with a prefix belong to others and are left alone: the flags of the CDK (`@aws-cdk/core:newStyleStackSynthesis`, `aws:cdk:…`),
 * what it has looked up (`vpc-provider:account=…`), and those of other tools (`tool:key`). One of our own keys is no prefix, and a key of
 * ours behind a prefix is for a stage.
 */
export function unknownKeyProblems(keys: readonly string[], stages: readonly string[] = []): string[] {
  return [
    ...keys
      .filter((key) => !keyNames.includes(key) && !cdkKeys.includes(key))
      .flatMap((key) => stageKeyProblem(key, stages) ?? (isOfOthers(key) ? [] : [unknown(key, keyNames)])),
    ...statelessProblems(keys, stages),
  ];
}

// Values for a stage that is not there: its state was lost, or is still to come.
function statelessProblems(keys: readonly string[], stages: readonly string[]): string[] {
  const stray = keys.filter((key) => meantStage(key, stages) === undefined);
  return [...new Set(stray.map(stageOfKey))]
    .filter((stage): stage is string => stage !== undefined && !stages.includes(stage))
    .map((stage) => {
      const names = stray.filter((key) => stageOfKey(key) === stage);
      return (
        `${names.join(', ')}: got ${names.length === 1 ? 'a value' : 'values'} for stage ${stage}, which has no state, expected its state ` +
        `in cdk.context.json; restore it with git checkout -- cdk.context.json, or begin a new stage with ${firstStateOf(stage)} in it`
      );
    });
}

// Of a key with the prefix of a stage, or with one that was meant to be.
function stageKeyProblem(key: string, stages: readonly string[]): string[] | undefined {
  const [prefix, rest] = prefixAndRest(key);
  if (prefix === undefined || prefix.startsWith('@')) {
    return undefined;
  }
  if (stages.includes(prefix)) {
    if (keysOfStages.includes(rest)) {
      return [];
    }
    return keyNames.includes(rest)
      ? [`${key}: got a value for one stage, expected one for all of them; give it as ${rest}`]
      : [unknown(rest, keysOfStages, (name) => stageKeyName(prefix, name))];
  }
  if (stateKeyNames.includes(rest) && stageNameType.parse(prefix) === undefined) {
    return [`${show(key)}: got ${show(prefix)} as the name of a stage, expected ${stageNameType.expected}`];
  }
  const meant = meantStage(key, stages);
  return meant === undefined ? undefined : [`${key}: got a key of no stage, did you mean ${stageKeyName(meant, rest)}?`];
}

// The stage whose name looks like that in front of the key.
function meantStage(key: string, stages: readonly string[]): string | undefined {
  const [prefix, rest] = prefixAndRest(key);
  return prefix !== undefined && keysOfStages.includes(rest)
    ? stages.find((stage) => stage !== prefix && distance(stage, prefix) <= slips(stage))
    : undefined;
}

// The names of stages are short: dev is not far from db.
function slips(stage: string): number {
  return Math.min(2, Math.floor(stage.length / 2));
}

function isOfOthers(key: string): boolean {
  const prefix = /^(?<prefix>(@[\w.-]+\/)?[\w.-]+):./.exec(key)?.groups?.prefix;
  return prefix !== undefined && !keyNames.some((name) => name.toLowerCase() === prefix.toLowerCase());
}

function unknown(key: string, names: readonly string[], full = (name: string) => name): string {
  const wanted = key.toLowerCase();
  const nearest = closest(
    wanted,
    names.map((name) => name.toLowerCase()),
  );
  const meant = names.filter((name) => name.toLowerCase() === nearest).map(full);
  const suggestion =
    distance(wanted, nearest) <= Math.max(2, Math.floor(key.length / 3))
      ? `did you mean ${meant}?`
      : "expected one of the keys in docs/keys.md; give another tool's key a prefix, as in tool:key";
  return `${/^[\w.-]+$/.test(key) ? full(key) : show(full(key))}: got an unknown key, ${suggestion}`;
}
