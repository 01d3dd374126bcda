import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContextFiles } from '../../lib/settings/context';
import { SettingsError } from '../../lib/settings/settings-error';
import { freshContext } from '../fresh-context';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

test('what stands in both files holds as cdk.json has it', () => {
  write('cdk.json', '{ "app": "x", "context": { "a": 1, "b": 2 } }');
  write('cdk.context.json', '{ "b": 3, "c": 4 }');
  expect(readContextFiles(folder)).toEqual({ a: 1, b: 2, c: 4 });
});

test('what is not there holds nothing', () => {
  expect(readContextFiles(folder)).toEqual({});
  write('cdk.json', '{ "app": "x" }');
  expect(readContextFiles(folder)).toEqual({});
});

test('without a folder, the working directory is read', () => {
  expect(readContextFiles()).toEqual(freshContext);
});

test.each(['cdk.json', 'cdk.context.json'])('refuses %s that is not JSON', (name) => {
  write(name, '{ "a": ');
  expect(() => readContextFiles(folder)).toThrow(SettingsError);
  expect(() => readContextFiles(folder)).toThrow(
    new RegExp(`/${name}: got something that is not JSON, expected the context of the app \\(.+\\)$`),
  );
});
