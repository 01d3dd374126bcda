import { linkProblems } from '../../../bin/docs/links';
import { pages, root } from '../../../bin/docs/pages';

test('no page has a dead link', () => {
  expect(pages().length).toBeGreaterThan(10);
  expect(linkProblems(pages(), root)).toEqual([]);
});

const heading = '# A `first` deploy, in 1 step\n\n## Twice\n\n## Twice\n\n';
const page = (text: string) => [{ path: 'README.md', text: `${heading}${text}` }];

test.each([
  '[a heading](#a-first-deploy-in-1-step)',
  '[the second of two](#twice-1)',
  '[a heading of a named page](README.md#twice)',
  '[a file](lib/index.ts)',
  '[a folder](docs)',
  '[elsewhere](https://docs.aws.amazon.com/x.html#y)',
  '`[no link](at-all.md)`',
  '![in words](.github/rehearsal-report.png)',
])('%s is a link that holds', (text) => {
  expect(linkProblems(page(text), root)).toEqual([]);
});

test.each([
  ['[a](gone.md)', 'a file that exists'],
  ['[a](../README.md)', 'a file that exists'],
  ['| a |\n|---|\n| [a](gone.md) |', 'a file that exists'],
  ['[a](#gone)', 'a heading of README.md'],
  ['[a](README.md#gone)', 'a heading of README.md'],
  ['[a](/README.md)', 'a path from this page on'],
  ['[a](http://example.org)', 'an address that starts with https://'],
  ['[a](https://nowhere)', 'an address that starts with https://'],
  ['![a](gone.png)', 'a file that exists'],
  ['![](.github/rehearsal-report.png)', 'an image with words for who does not see it'],
])('%s is a dead link', (text, expected) => {
  expect(linkProblems(page(text), root)).toEqual([
    expect.stringMatching(new RegExp(`^README\\.md: got ".*", expected ${expected}$`)),
  ]);
});
