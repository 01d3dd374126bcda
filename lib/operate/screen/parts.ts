import type { Colour, Paint } from '../../terminal/paint';

/** A piece of a line that is not broken, in one colour. */
export interface Part {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

/** How much room there is, and how it is painted. */
export interface Canvas {
  /** Characters per line. */
  readonly room: number;
  readonly paint: Paint;
}

/** A sentence, and the commands that mend what it tells, in one line; of several commands, any of them. */
export function withCommands(sentence: string, commands: readonly string[] = []): string {
  return commands.length === 0 ? sentence : `${sentence}; ${commands.join(', or ')}`;
}

/** Pieces in one line. */
export function painted(parts: readonly Part[], separator: string, paint: Paint): string {
  return parts.map(({ text, colour }) => (colour ? paint(colour, text) : text)).join(separator);
}

/** How many characters pieces take in one line. */
export function widthOf(parts: readonly Part[], separator: string): number {
  return parts.reduce((sum, { text }) => sum + text.length, Math.max(0, parts.length - 1) * separator.length);
}

/** Pieces in as many lines as they need. A piece that is longer than a line is cut. */
export function flowed(parts: readonly Part[], separator: string, { room, paint }: Canvas, indent = ''): readonly string[] {
  const most = Math.max(1, room - indent.length);
  const lines: Part[][] = [];
  for (const { text, colour } of parts) {
    const part = { text: text.length > most ? `${text.slice(0, most - 1)}…` : text, colour };
    const line = lines.at(-1);
    if (line && widthOf([...line, part], separator) <= most) {
      line.push(part);
    } else {
      lines.push([part]);
    }
  }
  return lines.map((line) => `${indent}${painted(line, separator, paint)}`);
}

/**
 * A command in as many lines as it needs, for a shell: a line that goes on ends with a backslash. Where a single word is longer than
 * a line, it stays whole, since half a word is no command.
 *
 * @param label what stands in front of it
 */
export function commandLines(command: string, label: string, { room }: Canvas): readonly string[] {
  const indent = ' '.repeat(Math.min(label.length, 4));
  const words = command.match(/(?:\\.|'[^']*'|[^\s'\\])+/g) ?? [];
  const lines: string[] = [];
  let line = label;
  for (const [index, word] of words.entries()) {
    const goesOn = index < words.length - 1 ? ' \\' : '';
    const isFirst = line === label || line === indent;
    if (!isFirst && `${line} ${word}${goesOn}`.length > room) {
      lines.push(`${line} \\`);
      line = `${indent}${word}`;
    } else {
      line = isFirst ? `${line}${word}` : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The commands that mend something, each on lines of its own; of several, any of them. */
export function mendLines(commands: readonly string[] = [], canvas: Canvas): readonly string[] {
  return commands.flatMap((command, index) => commandLines(command, `    ${index === 0 ? 'mend it' : 'or     '}  `, canvas));
}
