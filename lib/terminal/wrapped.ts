/**
 * A sentence in lines for which there is room. A number stays with what it counts; a word that is longer than a line is cut into pieces.
 *
 * @param room characters per line
 * @param indent what further lines begin with
 */
export function wrapped(sentence: string, room = Number.POSITIVE_INFINITY, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(/(?<!\d) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) {
      line = longer;
      continue;
    }
    if (line !== '') {
      lines.push(line);
    }
    const pieces = inPieces(lines.length > 0 ? `${indent}${word}` : word, room, indent);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

function inPieces(text: string, room: number, indent: string): readonly string[] {
  // Where there is no room for an indent and a character, nothing can be shown well.
  const least = indent.length + 1;
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > Math.max(room, least)) {
    pieces.push(rest.slice(0, Math.max(room, least)));
    rest = `${indent}${rest.slice(Math.max(room, least))}`;
  }
  return [...pieces, rest];
}
