import { stripVTControlCharacters } from 'node:util';
import type { VerifyItem } from '../../../lib/operate/verify/verify-item';
import { verifyJson, verifyLines } from '../../../lib/operate/verify/verify-text';
import { paintFor } from '../../../lib/terminal/paint';

const items: readonly VerifyItem[] = [
  {
    part: 'account',
    name: 'credentials',
    verdict: 'ok',
    sentence: 'account 123456789012, as arn:aws:iam::123456789012:user/ann',
  },
  { part: 'stack', name: 'alarms', verdict: 'not looked at', sentence: 'the stack has none' },
  { part: 'images', name: 'blue', verdict: 'not ok', sentence: 'shop:1.4.0: is not there; push it, or name another one' },
];
const plain = (_: string, text: string) => text;

test('a tree with a mark for each item, and what follows', () => {
  expect(verifyLines('sample-blue-green', items, { room: 119, paint: plain })).toEqual([
    'before a release of sample-blue-green',
    '  account',
    '    ✓ credentials  account 123456789012, as arn:aws:iam::123456789012:user/ann',
    '  stack',
    '    – alarms  not looked at: the stack has none',
    '  images',
    '    ✗ blue  shop:1.4.0: is not there; push it, or name another one',
    '✗ a release cannot begin: 1 ok, 1 not ok, 1 not looked at',
  ]);
  expect(verifyLines('sample-blue-green', items.slice(0, 2), { room: 119, paint: plain }).at(-1)).toBe(
    '✓ a release can begin: 1 ok, 0 not ok, 1 not looked at',
  );
});

test('no line is longer than the terminal, and no word is lost', () => {
  const whole = verifyLines('sample-blue-green', items, { room: 500, paint: plain });
  for (let room = 20; room < 120; room += 1) {
    const lines = verifyLines('sample-blue-green', items, { room, paint: plain });
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(room);
    expect(lines.join('').replace(/\s/g, '')).toBe(whole.join('').replace(/\s/g, ''));
  }
});

test('a command stands on lines of its own that can be pasted', () => {
  const mend = ['git checkout -- cdk.context.json', 'npx cdk deploy --revert-drift -c appName=shop'];
  const item: VerifyItem = {
    part: 'stack',
    name: 'same everywhere',
    verdict: 'not ok',
    sentence: 'live and deployed differ',
    mend,
  };
  expect(verifyLines('sample-blue-green', [item], { room: 39, paint: plain }).slice(2, -2)).toEqual([
    '    ✗ same everywhere  live and',
    '      deployed differ',
    '      mend it  git checkout -- \\',
    '      cdk.context.json',
    '      or       npx cdk deploy \\',
    '      --revert-drift -c appName=shop',
  ]);
});

test('colours where they are wanted', () => {
  const lines = (environment: NodeJS.ProcessEnv) =>
    verifyLines('sample-blue-green', items, { room: 39, paint: paintFor({ write: () => true }, environment) }).join('\n');
  expect(lines({ FORCE_COLOR: '1' })).toContain('\u001b[31m✗\u001b[39m blue');
  expect(stripVTControlCharacters(lines({ FORCE_COLOR: '1' }))).toBe(lines({}));
});

test('JSON says whether all is ok', () => {
  expect(verifyJson('sample-blue-green', items)).toEqual({ stack: 'sample-blue-green', ok: false, items });
  expect(verifyJson('sample-blue-green', items.slice(0, 2)).ok).toBe(true);
});
