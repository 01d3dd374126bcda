import type { ValueType } from './value-type';

/** Set in every app container whatever the settings say, so that they can be relied on. */
export const reservedVariables = ['PORT', 'SLOT'] as const;

/** Name of a variable of the app container. */
export const variableName: Pick<ValueType<string>, 'expected' | 'parse'> = {
  expected: `names of letters, digits and _ with no digit first, other than ${reservedVariables.join(' and ')}`,
  parse: (value) =>
    typeof value === 'string' && /^[A-Za-z_]\w*$/.test(value) && !reservedVariables.some((name) => name === value)
      ? value
      : undefined,
};

/**
 * Variables of the app container: an object in a JSON file, `A=1,B=2` or a JSON object in text on the command line.
 *
 * `{PORT}` and `{SLOT}` inside a value stand for what the container gets in these variables; see `withPlaceholders`.
 */
export const environmentVariables: ValueType<Readonly<Record<string, string>>> = {
  expected: `variables such as A=1,B=2 or a JSON object of texts without NUL, other than ${reservedVariables.join(' and ')}`,
  kind: '`A=1,B=2` or an object',
  parse: (value) => {
    const entries = variableEntries(value);
    const valid = entries?.every(([name, item]) => !item.includes('\0') && variableName.parse(name) !== undefined);
    const unique = new Set(entries?.map(([name]) => name)).size === entries?.length;
    return entries && valid && unique ? Object.fromEntries(entries) : undefined;
  },
};

/** The variables with each placeholder, such as `{PORT}`, replaced by the variable of that name in `known`. */
export function withPlaceholders(
  variables: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replace(/\{(\w+)\}/g, (text, key: string) => (Object.hasOwn(known, key) ? `${known[key]}` : text)),
    ]),
  );
}

/** Names and values of an object, or of `A=1,B=2`, or of a JSON object in text; `undefined` for anything else. */
export function variableEntries(value: unknown): [string, string][] | undefined {
  return typeof value === 'string' ? entriesOfText(value) : entriesOfObject(value);
}

function entriesOfText(text: string): [string, string][] | undefined {
  if (text.startsWith('{')) {
    try {
      return entriesOfObject(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
  return text
    .split(',')
    .map((pair) => [pair.slice(0, Math.max(0, pair.indexOf('='))), pair.slice(pair.indexOf('=') + 1)] as [string, string]);
}

function entriesOfObject(value: unknown): [string, string][] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  const entries = Object.entries(value);
  return entries.every(([, item]) => ['string', 'number', 'boolean'].includes(typeof item))
    ? entries.map(([name, item]) => [name, `${item}`])
    : undefined;
}
