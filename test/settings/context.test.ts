import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContextFiles } from '../../lib/settings/context';
import { SettingsError } from '../../lib/settings/settings-error';
import { freshContext } from '../fresh-context';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
  home = join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

test('what stands in several files holds as cdk.json has it, then cdk.context.json, and last the file of the user', () => {
  write('home/.cdk.json', '{ "app": "z", "context": { "a": 5, "c": 6, "d": 7 } }');
  write('cdk.json', '{ "app": "x", "context": { "a": 1, "b": 2 } }');
  write('cdk.context.json', '{ "b": 3, "c": 4 }');
  expect(readContextFiles(folder, home)).toEqual({ a: 1, b: 2, c: 4, d: 7 });
});

test('what is not there holds nothing', () => {
  expect(readContextFiles(folder, home)).toEqual({});
  write('cdk.json', '{ "app": "x" }');
  expect(readContextFiles(folder, home)).toEqual({});
});

test('without a folder, the working directory is read', () => {
  expect(readContextFiles(undefined, home)).toEqual(freshContext);
});

test.each(['cdk.json', 'cdk.context.json', 'home/.cdk.json'])('refuses %s that is not JSON', (name) => {
  write(name, '{ "a": ');
  expect(() => readContextFiles(folder, home)).toThrow(SettingsError);
  expect(() => readContextFiles(folder, home)).toThrow(
    new RegExp(`/${name}: got something that is not JSON, expected the context of the app \\(.+\\)$`),
  );
});
