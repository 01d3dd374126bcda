import { inspect } from 'node:util';

/** How one kind of context value is read. A value that does not fit gives `undefined`; the message is built from the rest. */
export interface ValueType<T> {
  /** What is allowed, in words that follow "expected". */
  readonly expected: string;

  /** The kind of value, for the table of keys. */
  readonly kind: string;

  parse(value: unknown): T | undefined;

  /**
   * How a wrong value is shown in a message that must not repeat it.
   *
   * @default - as it is
   */
  readonly shown?: (value: unknown) => string;
}

/** `true` or `false`, as JSON or as text: `-c` always gives text. */
export const booleanType: ValueType<boolean> = {
  expected: 'true or false',
  kind: 'boolean',
  parse: (value) => new Map<unknown, boolean>([true, false].flatMap((b) => [[b, b] as const, [`${b}`, b] as const])).get(value),
};

/** A whole number within bounds, as JSON or as its plain decimal digits. */
export function wholeNumber(min: number, max: number): ValueType<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    kind: `${min}-${max}`,
    parse: (value) => {
      const number = asWholeNumber(value) ?? Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** The whole number that a context value spells, whatever its size; `undefined` if it spells none. */
export function asWholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?(0|[1-9]\d*)$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** One of a few words. */
export function oneOf<T extends string>(words: readonly T[]): ValueType<T> {
  return {
    expected: inWords(words),
    kind: words.map((word) => `\`${word}\``).join(', '),
    parse: (value) => words.find((word) => word === value),
  };
}

/** One of a few whole numbers, as JSON or as text. */
export function oneOfNumbers(numbers: readonly number[]): ValueType<number> {
  return {
    expected: inWords(numbers),
    kind: numbers.join(', '),
    parse: (value) => numbers.find((number) => number === asWholeNumber(value)),
  };
}

/** Text of a given shape. `expected` says the shape in words. */
export function text(kind: string, expected: string, pattern: RegExp, maxLength: number): ValueType<string> {
  return {
    expected,
    kind,
    parse: (value) => (typeof value === 'string' && value.length <= maxLength && pattern.test(value) ? value : undefined),
  };
}

/** Shows a value inside a one-line message: text in quotes, anything else as it would stand in source code, cut when long. */
export function show(value: unknown): string {
  const shown =
    typeof value === 'string' ? JSON.stringify(value) : inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true });
  const oneLine = shown.replace(/\s*\n\s*/g, ' ');
  return oneLine.length > 80 ? `${oneLine.slice(0, 80)}…` : oneLine;
}

function inWords(choices: readonly (string | number)[]): string {
  return choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
