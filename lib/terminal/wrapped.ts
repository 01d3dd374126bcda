/**
 * A sentence in lines of so many characters at most; what goes on stands below the words and not below the mark before them. A number stays
 * with what it counts, and a word that is longer than a line is cut into several.
 *
 * @param mark what stands before the sentence, such as `- `
 */
export function wrapped(sentence: string, room: number, mark = ''): readonly string[] {
  const width = Math.max(1, room - mark.length);
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(/(?<!\d) /).flatMap((each) => pieces(each, width))) {
    if (line !== '' && `${line} ${word}`.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${each}`);
}

function pieces(word: string, width: number): string[] {
  return word.length <= width ? [word] : [word.slice(0, width), ...pieces(word.slice(width), width)];
}
