/** Text that the CDK writes for a value that only the deploy knows, in a text and in a list. */
const marks = ['${Token[', '#{Token['];

/** What is wrong with a value that holds such text, in words that follow "expected": the CDK would take it for a value of its own. */
export const noTokenText = `no text such as ${marks.join('…]} or ')}…]}, which the CDK takes for a value of its own`;

/** Whether a value holds such text anywhere. */
export function holdsTokenText(value: unknown): boolean {
  return typeof value === 'string'
    ? marks.some((mark) => value.includes(mark))
    : typeof value === 'object' && value !== null && Object.values(value).some(holdsTokenText);
}
