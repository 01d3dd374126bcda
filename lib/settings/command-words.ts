import type { ValueType } from './value-type';

/**
 * The command of a container: its words as a JSON array, or as text with spaces between them. Text has no quotes: what they would
 * mean is for a shell to say, and there is none.
 */
export const commandWords: ValueType<readonly string[]> = {
  expected: 'words with spaces between them, without quotes and backslashes, or a JSON array of words',
  kind: 'words, or a JSON array of them',
  parse: (value) => {
    if (typeof value === 'string' && !value.trimStart().startsWith('[')) {
      const words = value.trim().split(/\s+/);
      return /["'\\]/.test(value) || !value.trim() || value.includes('\0') ? undefined : words;
    }
    return wordsOf(value);
  },
};

/**
 * How a container checks itself: text is a command for the shell in the image, a JSON array is a program with its arguments. It is kept in
 * the form that ECS takes, which begins with `CMD-SHELL` or `CMD`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export const healthCheckCommand: ValueType<readonly string[]> = {
  expected: 'a command for the shell of the image in one line, or a JSON array of a program and its arguments',
  kind: 'shell command, or a JSON array of words',
  parse: (value) => {
    // The [ of a shell has a space behind it; any other begins an array.
    if (typeof value === 'string' && !/^\s*\[(?! )/.test(value)) {
      return value.trim() && ![...'\n\r\0'].some((character) => value.includes(character)) ? ['CMD-SHELL', value] : undefined;
    }
    const words = wordsOf(value);
    return words && (['CMD', 'CMD-SHELL'].includes(words[0] ?? '') ? words : ['CMD', ...words]);
  },
};

/** A command in one line: as text where that says the same, else as a JSON array. */
export function inWords(words: readonly string[]): string {
  const text = words.join(' ');
  return JSON.stringify(commandWords.parse(text)) === JSON.stringify(words) ? text : JSON.stringify(words);
}

function wordsOf(value: unknown): readonly string[] | undefined {
  let words = value;
  if (typeof value === 'string') {
    try {
      words = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  return Array.isArray(words) &&
    words.length > 0 &&
    words.every((word) => typeof word === 'string' && word !== '' && !word.includes('\0'))
    ? words
    : undefined;
}
