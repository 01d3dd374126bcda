import fc from 'fast-check';
import { LiveArea } from '../../lib/terminal/live-area';
import { Screen } from './screen';

test('what was drawn last is all that stays, whatever was drawn before and however small the terminal is', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '█', '\u001b[31mred\u001b[39m'), maxLength: 30 });
  const picture = fc.array(line, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(picture, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 8, max: 40 }),
      fc.integer({ min: 10, max: 20 }),
      async (pictures, columns, rows) => {
        const screen = new Screen(columns, rows);
        screen.write('before\n');
        const area = await LiveArea.at(screen);
        for (const lines of pictures) {
          area.draw(lines);
        }
        area.end();
        screen.write('after\n');
        const plain = (pictures.at(-1) ?? []).map((each) => each.replaceAll('\u001b[31m', '').replaceAll('\u001b[39m', ''));
        const expected = ['before', ...plain.map((each) => each.slice(0, columns - 1)), 'after'];
        expect((await screen.lines()).map((each) => each.trimEnd())).toEqual(expected.map((each) => each.trimEnd()));
      },
    ),
    {
      numRuns: 200,
      // An empty line at the end of those that changed, between lines that did not.
      examples: [[[['', 'b', 'c', 'd'], ['', 'a', '', 'd'], ['']], 8, 10]],
    },
  );
});

test('leaves the last line to the cursor, and the last column free', async () => {
  const area = await LiveArea.at(new Screen(40, 12));
  expect([area.columns, area.rows]).toEqual([39, 11]);
});

test('a terminal that does not know its size counts as one of 80 columns and 24 rows', async () => {
  const screen = new Screen(40, 12);
  const area = await LiveArea.at({ isTTY: true, columns: 0, rows: 0, write: (text) => screen.write(text) });
  expect([area.columns, area.rows]).toEqual([79, 23]);
});
