import { createHash } from 'node:crypto';

// Longer values are of use to nobody in a difference or a sentence.
const longestText = 160;

/**
 * Settings as they are written down in a template: what is undefined is left out, a list of names and values is one of `NAME=value`,
 * and a long text, or one that stands for a secret, is its hash.
 *
 * A parameter stays what it is, so that its value is seen. A resource counts by its name in the template: waiting for it would be
 * a circle where it waits for the guard.
 *
 * @param settings after their tokens are resolved
 * @param isParameter whether a name that is referred to is one of a parameter
 */
export function writtenDown(
  settings: Readonly<Record<string, unknown>>,
  isParameter: (logicalId: string) => boolean,
): Record<string, unknown> {
  const value = (given: unknown) => shortened(withoutResources(given, isParameter));
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, given]) => given !== undefined)
      .map(([name, given]) => [name, Array.isArray(given) ? pairs(given, value) : value(given)]),
  );
}

// The order in which somebody writes variables down says nothing.
function pairs(entries: readonly [string, unknown][], value: (given: unknown) => unknown): unknown[] {
  return [...entries]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, given]) => joined(['', [`${name}=`, value(given)]]));
}

function withoutResources(given: unknown, isParameter: (logicalId: string) => boolean): unknown {
  const [name, argument] = intrinsic(given) ?? [];
  if (name === 'Ref') {
    return isParameter(`${argument}`) ? given : `<${argument}>`;
  }
  if (name === 'Fn::GetAtt') {
    return `<${[argument].flat().join('.')}>`;
  }
  const [separator, parts] = name === 'Fn::Join' ? (argument as [string, unknown]) : [];
  if (separator !== undefined && Array.isArray(parts)) {
    return joined([separator, parts.map((part) => withoutResources(part, isParameter))]);
  }
  return name !== undefined && mentionsResource(given, isParameter) ? hash(given) : given;
}

function joined([separator, parts]: [string, unknown[]]): unknown {
  return parts.every((part) => !isMap(part)) ? parts.join(separator) : { 'Fn::Join': [separator, parts] };
}

function mentionsResource(given: unknown, isParameter: (logicalId: string) => boolean): boolean {
  if (typeof given === 'string') {
    return [...given.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].some(([, logicalId = '']) => !isParameter(logicalId));
  }
  if (typeof given !== 'object' || given === null) {
    return false;
  }
  const [name, argument] = intrinsic(given) ?? [];
  if (name === 'Ref') {
    return !isParameter(`${argument}`);
  }
  return name === 'Fn::GetAtt' || Object.values(given).some((part) => mentionsResource(part, isParameter));
}

function shortened(value: unknown): unknown {
  const secret = /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(value));
  return secret || (typeof value === 'string' && value.length > longestText) ? hash(value) : value;
}

function hash(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)}`;
}

function intrinsic(value: unknown): [string, unknown] | undefined {
  const [entry, ...others] = isMap(value) ? Object.entries(value) : [];
  return entry && others.length === 0 && /^(Ref$|Fn::)/.test(entry[0]) ? entry : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
