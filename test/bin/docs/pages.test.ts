import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicApi } from '../../../bin/docs/api/model';
import { apiPages } from '../../../bin/docs/api/pages';
import { blockNames, withBlocks } from '../../../bin/docs/blocks';
import { made } from '../../../bin/docs/made';
import { isApiPage, pages, root } from '../../../bin/docs/pages';
import { picture } from '../../../bin/docs/picture';
import { keyNames, perSlotKeyNames, stateKeyNames } from '../../../lib/settings/keys';
import { readSettings } from '../../../lib/settings/read-settings';
import { freshContext } from '../../app-template';

const all = pages();
const page = (path: string) => all.find((each) => each.path === path)?.text ?? '';

// Its tables take some hundred templates: test/stack/live-changes.test.ts has them anyway.
const changes = 'docs/changes.md';

test.each(all.map(({ path }) => path).filter((path) => !isApiPage(path) && path !== changes))(
  'what code makes in %s is up to date: run npm run docs',
  (path) => {
    expect(withBlocks(path, page(path), made)).toBe(page(path));
  },
);

test('the pages of the API are those of the docstrings, and every docstring can be read: run npm run docs', () => {
  const { items, problems } = publicApi();
  expect(apiPages(items)).toEqual(apiPages(items).map(({ path }) => ({ path, text: page(path) })));
  expect(
    apiPages(items)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(all.map(({ path }) => path).filter(isApiPage));
  expect(problems).toEqual([]);
});

test('everything that is made for the docs is shown in them', () => {
  const shown = new Set(all.flatMap(({ text }) => blockNames(text)));
  expect(Object.keys(made).filter((name) => !shown.has(name))).toEqual([]);
});

test('every key is in the page of the keys', () => {
  const shown = keyNames.filter((key) => !perSlotKeyNames.includes(key));
  expect(shown.filter((key) => !page('docs/keys.md').includes(`\`${key}\``))).toEqual([]);
});

test('a rehearsal is shown as it ends today, and its picture is there', () => {
  const [, screen = ''] = page('docs/rehearsal.md').split('<!-- rehearsal -->');
  expect(screen).toMatch(/\nstep +weights .*\n/);
  expect(screen).toMatch(/\nheld: \d+ steps, /);
  expect(existsSync(join(root, picture))).toBe(true);
  expect(page('README.md')).toContain(`](${picture})`);
  expect(page('docs/rehearsal.md')).toContain(`](../${picture})`);
});

test('the README is short enough to be read', () => {
  expect(page('README.md').split('\n').length).toBeLessThanOrEqual(200);
});

test('the index of the docs names every page', () => {
  const named = all
    .map(({ path }) => /^docs\/([\w-]+\.md|api\/README\.md)$/.exec(path)?.[1])
    .filter((name) => name && name !== 'README.md');
  expect(named.filter((name) => !page('docs/README.md').includes(`](${name})`))).toEqual([]);
});

test('the state of the slots is in cdk.context.json and every other key in cdk.json, those per slot in neither', () => {
  const [context, json] = ['cdk.context.json', 'cdk.json'].map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  expect(Object.keys(context)).toEqual(stateKeyNames);
  expect(Object.keys(json.context).filter((key) => stateKeyNames.includes(key) || perSlotKeyNames.includes(key))).toEqual([]);
});

test('what cdk.json says is what holds without it', () => {
  const state = Object.fromEntries(stateKeyNames.map((key) => [key, freshContext[key]]));
  expect(readSettings(freshContext)).toEqual(readSettings(state));
});
