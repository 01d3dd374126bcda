import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContextFile } from '../../lib/operate/context-file';
import type { ReleaseState } from '../../lib/release/release';
import { readContextFiles } from '../../lib/settings/context';

const state: ReleaseState = { blue: { active: true, weight: 1 }, green: { active: true, weight: 0 } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const text = () => readFileSync(join(folder, 'cdk.context.json'), 'utf8');
const write = (stage?: string) => new ContextFile({ folder, stage }).write(state);

test.each<[what: string, before: string, after: string]>([
  [
    'values',
    '{\n  "blueActive": true,\n  "blueWeight": 3,\n  "greenActive": true,\n  "greenWeight": 1\n}\n',
    '{\n  "blueActive": true,\n  "blueWeight": 1,\n  "greenActive": true,\n  "greenWeight": 0\n}\n',
  ],
  [
    'what the CDK has looked up, and how it is written',
    '{"vpc-provider:account=1":{"vpcId":"vpc-1",\r\n\t"x":[ 1,2 ]},\r\n"greenWeight" :1 ,"greenActive":true,"blueWeight":3,"blueActive":true}',
    '{"vpc-provider:account=1":{"vpcId":"vpc-1",\r\n\t"x":[ 1,2 ]},\r\n"greenWeight" :0 ,"greenActive":true,"blueWeight":1,"blueActive":true}',
  ],
  [
    'the kind of a value',
    '{ "blueActive": "true", "blueWeight": "3", "greenActive": "false", "greenWeight": "1" }',
    '{ "blueActive": "true", "blueWeight": "1", "greenActive": "true", "greenWeight": "0" }',
  ],
  [
    'a key that is missing comes last, as the others are written',
    '{\n    "blueActive": true,\n    "blueWeight": 3,\n    "other": [1, 2]\n}\n',
    '{\n    "blueActive": true,\n    "blueWeight": 1,\n    "other": [1, 2],\n    "greenActive": true,\n    "greenWeight": 0\n}\n',
  ],
  [
    'tabs',
    '{\r\n\t"blueActive": true,\r\n\t"blueWeight": 1,\r\n\t"greenActive": true\r\n}',
    '{\r\n\t"blueActive": true,\r\n\t"blueWeight": 1,\r\n\t"greenActive": true,\r\n\t"greenWeight": 0\r\n}',
  ],
  [
    'of a key that stands there twice, the one that holds',
    '{"blueWeight":5,"blueWeight":3,"blueActive":true,"greenActive":true,"greenWeight":0}',
    '{"blueWeight":5,"blueWeight":1,"blueActive":true,"greenActive":true,"greenWeight":0}',
  ],
])('only the four flags are written: %s', (_, before, after) => {
  put('cdk.context.json', before);
  expect(write()).toEqual({ isChanged: true, problems: [] });
  expect(text()).toBe(after);
  expect(write()).toEqual({ isChanged: false, problems: [] });
  expect(text()).toBe(after);
  expect(readdirSync(folder)).toEqual(['cdk.context.json']);
});

test('without a file, it is made', () => {
  expect(write()).toEqual({ isChanged: true, problems: [] });
  expect(text()).toBe('{\n  "blueActive": true,\n  "blueWeight": 1,\n  "greenActive": true,\n  "greenWeight": 0\n}\n');
});

test('an object with nothing in it gets the flags', () => {
  put('cdk.context.json', '{}');
  expect(write()).toEqual({ isChanged: true, problems: [] });
  expect(readContextFiles(folder, folder)).toEqual({ blueActive: true, blueWeight: 1, greenActive: true, greenWeight: 0 });
});

test('of a stage, its own flags are written, and those of another stage stay', () => {
  put(
    'cdk.context.json',
    '{ "test:blueWeight": 7, "prod:blueActive": true, "prod:blueWeight": 3, "prod:greenActive": true, "prod:greenWeight": 1 }',
  );
  expect(write('prod')).toEqual({ isChanged: true, problems: [] });
  expect(text()).toBe(
    '{ "test:blueWeight": 7, "prod:blueActive": true, "prod:blueWeight": 1, "prod:greenActive": true, "prod:greenWeight": 0 }',
  );
});

test('a key that cdk.json has as well is told, since that one holds', () => {
  put('cdk.json', '{ "context": { "prod:blueWeight": "3", "blueWeight": 4 } }');
  expect(write('prod')).toEqual({
    isChanged: true,
    problems: [
      'prod:blueWeight: got "3" in cdk.json, which goes before cdk.context.json, expected it there only; take it out of cdk.json',
    ],
  });
});

test.each([
  ['[]', 'got something that is not a JSON object'],
  ['', 'got something that is not a JSON object'],
  ['{ "blueWeight": 1', 'got something that is not a JSON object'],
  ['{ /* why */ "blueWeight": 1 }', 'got something that is not a JSON object'],
])('a file with %j stays as it is, and what belongs into it is said', (before, got) => {
  put('cdk.context.json', before);
  expect(write()).toEqual({
    isChanged: false,
    problems: [
      `cdk.context.json: ${got}, expected a file that can be written; ` +
        'put "blueActive": true, "blueWeight": 1, "greenActive": true, "greenWeight": 0 into it yourself',
    ],
  });
  expect(text()).toBe(before);
});

test('a broken cdk.json keeps nobody from writing the flags, and is told', () => {
  put('cdk.json', '{ "context": ');
  const { isChanged, problems } = write();
  expect(isChanged).toBe(true);
  expect(problems).toEqual([
    expect.stringMatching(/^cdk\.json: got something that is not JSON \(.*\), expected the context of the app; mend it$/),
  ]);
});

test('a folder that is not there is a problem in words', () => {
  const { problems } = new ContextFile({ folder: join(folder, 'gone'), stage: undefined }).write(state);
  expect(problems).toEqual([
    expect.stringMatching(/^cdk\.context\.json: got ENOENT.*; put "blueActive": true, .* into it yourself$/),
  ]);
});

test.each<[what: string, files: Readonly<Record<string, string>>, problems: readonly RegExp[]]>([
  ['no file', {}, []],
  ['a file with other flags', { 'cdk.context.json': '{"blueWeight": 3}', 'cdk.json': '{}' }, []],
  ['a broken file', { 'cdk.context.json': '{' }, [/^cdk\.context\.json: got something that is not a JSON object/]],
  ['a flag in cdk.json too', { 'cdk.json': '{"context":{"blueWeight":1}}' }, [/^blueWeight: got 1 in cdk\.json/]],
  ['a broken cdk.json', { 'cdk.json': '{' }, [/^cdk\.json: got something that is not JSON/]],
])('what would keep the flags from being written is known before, and nothing is written: %s', (_, files, problems) => {
  for (const [name, content] of Object.entries(files)) {
    put(name, content);
  }
  expect(new ContextFile({ folder, stage: undefined }).obstacles(state)).toEqual(
    problems.map((each) => expect.stringMatching(each)),
  );
  expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  expect(Object.keys(files).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(Object.values(files));
});

test('a link to a folder that is gone is known before', () => {
  expect(new ContextFile({ folder: join(folder, 'gone'), stage: undefined }).obstacles(state)).toEqual([
    expect.stringMatching(/^cdk\.context\.json: got ENOENT/),
  ]);
});

test('who may read the file stays, and where it really is', () => {
  put('real.json', '{}');
  chmodSync(join(folder, 'real.json'), 0o640);
  symlinkSync('real.json', join(folder, 'cdk.context.json'));
  write();
  expect(lstatSync(join(folder, 'cdk.context.json')).isSymbolicLink()).toBe(true);
  expect(statSync(join(folder, 'real.json')).mode & 0o777).toBe(0o640);
  expect(text()).toContain('"greenActive": true');
});

test('the command that keeps what was written', () => {
  expect(new ContextFile({ folder, stage: undefined }).commitCommand('back to blue')).toBe(
    'git commit -m "back to blue" cdk.context.json',
  );
});
