import type { Colour } from '../../terminal/paint';
import { wrapped } from '../../terminal/wrapped';
import { type Canvas, mendLines } from '../screen/parts';
import { type VerifyItem, verifyParts } from './verify-item';

const marks: Readonly<Record<VerifyItem['verdict'], readonly [mark: string, colour: Colour]>> = {
  ok: ['✓', 'green'],
  'not ok': ['✗', 'red'],
  'not looked at': ['–', 'dim'],
};

/** What was looked at as a tree, part by part; then whether a release can begin. */
export function verifyLines(stackName: string, items: readonly VerifyItem[], { room, paint }: Canvas): readonly string[] {
  const parts = verifyParts.filter((part) => items.some((item) => item.part === part));
  const lines = parts.flatMap((part) => [
    paint('bold', `  ${part}`),
    ...items
      .filter((item) => item.part === part)
      .flatMap(({ name, verdict, sentence, mend }) => {
        const [mark, colour] = marks[verdict];
        const aside = verdict === 'not looked at' ? 'not looked at: ' : '';
        const [first = '', ...more] = wrapped(`${mark} ${name}  ${aside}${sentence}`, room - 4, '  ');
        return [
          `    ${paint(colour, mark)}${first.slice(mark.length)}`,
          ...more.map((line) => `    ${line}`),
          ...mendLines(mend, { room: room - 2, paint }).map((line) => `  ${line}`),
        ];
      }),
  ]);
  const bad = items.filter(({ verdict }) => verdict === 'not ok').length;
  const aside = items.filter(({ verdict }) => verdict === 'not looked at').length;
  const counts = `${items.length - bad - aside} ok, ${bad} not ok, ${aside} not looked at`;
  const end = bad > 0 ? `✗ a release cannot begin: ${counts}` : `✓ a release can begin: ${counts}`;
  return [
    ...wrapped(`before a release of ${stackName}`, room),
    ...lines,
    ...wrapped(end, room, '  ').map((line) => paint(bad > 0 ? 'red' : 'green', line)),
  ];
}

/** The same for a program. */
export function verifyJson(stackName: string, items: readonly VerifyItem[]): Record<string, unknown> {
  return { stack: stackName, ok: items.every(({ verdict }) => verdict !== 'not ok'), items };
}
