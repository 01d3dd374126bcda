import { writtenDown } from '../../lib/guard/written-down';

const isParameter = (logicalId: string) => logicalId === 'Tag' || logicalId.startsWith('AWS::');
const written = (given: unknown) => writtenDown({ setting: given }, isParameter).setting;
const ref = (logicalId: string) => ({ Ref: logicalId });
const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const sub = (text: string) => ({ 'Fn::Sub': text.replaceAll('{', '${') });
const hash = /^sha256:[0-9a-f]{16}$/;

test.each<[string, unknown, unknown]>([
  ['a number', 256, 256],
  ['a boolean', true, true],
  ['an empty text', '', ''],
  ['a text', 'shop:1.5.0', 'shop:1.5.0'],
  ['a text of 160 characters', 'x'.repeat(160), 'x'.repeat(160)],
  ['a parameter', ref('Tag'), ref('Tag')],
  ['what CloudFormation knows by itself', ref('AWS::Region'), ref('AWS::Region')],
  ['a resource', ref('Table'), '<Table>'],
  ['an attribute', { 'Fn::GetAtt': ['Table', 'Arn'] }, '<Table.Arn>'],
  ['an attribute in one text', { 'Fn::GetAtt': 'Table.Arn' }, '<Table.Arn>'],
  ['a text with a resource in it', join('table/', ref('Table'), '/x'), 'table/<Table>/x'],
  ['a text with a parameter in it', join('shop:', ref('Tag')), join('shop:', ref('Tag'))],
  ['a text with both in it', join(ref('Tag'), '/', ref('Table')), join(ref('Tag'), '/', '<Table>')],
  ['a text that takes a parameter', sub('x:{Tag}-{AWS::Region}-{!Table}'), sub('x:{Tag}-{AWS::Region}-{!Table}')],
  ['an import', { 'Fn::ImportValue': 'other:Image' }, { 'Fn::ImportValue': 'other:Image' }],
  [
    'a part of a parameter',
    { 'Fn::Select': [0, { 'Fn::Split': [':', ref('Tag')] }] },
    { 'Fn::Select': [0, { 'Fn::Split': [':', ref('Tag')] }] },
  ],
  [
    'a list of names and values',
    [
      ['B', 'b'],
      ['A', 'a=a'],
      ['C', ref('Tag')],
      ['D', ref('Table')],
    ],
    ['A=a=a', 'B=b', join('C=', ref('Tag')), 'D=<Table>'],
  ],
  ['an empty list', [], []],
  ['a variable that is called Ref', [['Ref', 'x']], ['Ref=x']],
])('%s is written down', (_what, given, expected) => {
  expect(written(given)).toEqual(expected);
});

test.each<[string, unknown, unknown]>([
  ['a long text', 'x'.repeat(161), 'y'.repeat(161)],
  ['a secret', '{{resolve:secretsmanager:one}}', '{{resolve:secretsmanager:other}}'],
  ['a secure parameter', '{{resolve:ssm-secure:one}}', '{{resolve:ssm-secure:other}}'],
  [
    'a secret of an account',
    join('{{resolve:secretsmanager:', ref('AWS::AccountId'), '}}'),
    join('{{resolve:secretsmanager:x', ref('AWS::AccountId'), '}}'),
  ],
  [
    'a part of a resource',
    { 'Fn::Select': [0, { 'Fn::Split': [':', ref('Table')] }] },
    { 'Fn::Select': [1, { 'Fn::Split': [':', ref('Table')] }] },
  ],
  ['a text that takes a resource', sub('{Table}'), sub('{Other.Arn}')],
  [
    'a list of a resource',
    { 'Fn::Join': [',', { 'Fn::GetAtt': ['Endpoint', 'Entries'] }] },
    { 'Fn::Join': [';', { 'Fn::GetAtt': ['Endpoint', 'Entries'] }] },
  ],
])('%s is a hash, another one another', (_what, one, other) => {
  expect(written(one)).toMatch(hash);
  expect(written(one)).toBe(written(one));
  expect(written(one)).not.toBe(written(other));
});

test('a long variable keeps its name', () => {
  expect(written([['CONFIG', '{}'.repeat(200)]])).toEqual([expect.stringMatching(/^CONFIG=sha256:[0-9a-f]{16}$/)]);
});

test('what is undefined is left out, at what is 0, false and empty nothing is', () => {
  expect(writtenDown({ a: undefined, b: 0, c: false, d: '' }, isParameter)).toEqual({ b: 0, c: false, d: '' });
});
