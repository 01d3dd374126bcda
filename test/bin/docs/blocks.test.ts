import { blockNames, withBlocks } from '../../../bin/docs/blocks';

const blocks = { table: () => '| new |', kept: (before: string) => before };

test('what stands between the markers is made anew, and nothing else', () => {
  const page = 'a\n\n<!-- table -->\n| old |\n<!-- /table -->\n\nb <!-- note -->\n<!-- kept -->\nas it is\n<!-- /kept -->\n';
  expect(withBlocks('a.md', page, blocks)).toBe(page.replace('old', 'new'));
  expect(blockNames(page)).toEqual(['table', 'kept']);
});

test('an empty place is filled', () => {
  expect(withBlocks('a.md', '<!-- table -->\n<!-- /table -->\n', blocks)).toBe('<!-- table -->\n| new |\n<!-- /table -->\n');
});

test.each([
  ['a name that nothing makes', '<!-- tabel -->\n<!-- /tabel -->\n', /^a\.md: got <!-- tabel -->, expected one of table, kept$/],
  ['a start without an end', '<!-- table -->\n', /^a\.md: got 1 starts and 0 ends of blocks/],
  ['an end without a start', '<!-- /table -->\n', /^a\.md: got 0 starts and 1 ends of blocks/],
])('%s is refused', (_, page, message) => {
  expect(() => withBlocks('a.md', page, blocks)).toThrow(message);
});
