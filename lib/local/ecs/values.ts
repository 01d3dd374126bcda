// Properties as CloudFormation has them after it has resolved them: a number or a flag may be a text.

export type Values = Readonly<Record<string, unknown>>;

/** The elements of a list of objects; none when there is no list. */
export function listOf(value: unknown): readonly Values[] {
  return Array.isArray(value) ? (value as readonly Values[]) : [];
}

/** An object; an empty one when there is none. */
export function objectOf(value: unknown): Values {
  return typeof value === 'object' && value !== null ? (value as Values) : {};
}

/** A text, number or flag as text. */
export function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : `${value}`;
}

/** A number, in whatever way it is written. */
export function numberOf(value: unknown, orElse: number): number {
  return value === undefined || value === null || value === '' ? orElse : Number(value);
}
