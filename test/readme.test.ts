import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '../bin/readme-tables';
import { keyNames, stateKeyNames } from '../lib/settings/keys';
import { readSettings } from '../lib/settings/read-settings';
import { freshContext } from './app-template';

const root = join(__dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the tables of the README are those of the code: run npm run readme', () => {
  expect(withTables(readme)).toBe(readme);
});

test('a README without the place of a table is refused', () => {
  expect(() => withTables('# nothing')).toThrow(
    'README: got no <!-- keys --> … <!-- /keys -->, expected a place for the table of keys',
  );
});

test('every key is in the README', () => {
  expect(keyNames.filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
});

test('the state of the slots is in cdk.context.json and every other key in cdk.json', () => {
  const [context, json] = ['cdk.context.json', 'cdk.json'].map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  expect(Object.keys(context)).toEqual(stateKeyNames);
  expect(Object.keys(json.context).filter((key) => stateKeyNames.includes(key))).toEqual([]);
});

test('what cdk.json says is what holds without it', () => {
  const state = Object.fromEntries(stateKeyNames.map((key) => [key, freshContext[key]]));
  expect(readSettings(freshContext)).toEqual(readSettings(state));
});
