import * as fc from 'fast-check';
import { environmentVariables, withPlaceholders } from '../../lib/settings/environment-variables';

const name = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/).filter((text) => text !== 'PORT' && text !== 'SLOT');

test('every object of texts is taken, also as JSON', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        name,
        fc.string().filter((text) => !text.includes('\0')),
        { noNullPrototype: true },
      ),
      (variables) => {
        expect(environmentVariables.parse(variables)).toEqual(variables);
        expect(environmentVariables.parse(JSON.stringify(variables))).toEqual(variables);
      },
    ),
  );
});

test('NAME=value is taken, separated by commas; only the first = counts', () => {
  const value = fc.string().filter((text) => !text.includes(','));
  fc.assert(
    fc.property(fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true }), (variables) => {
      const text = Object.entries(variables)
        .map(([key, item]) => `${key}=${item}`)
        .join(',');
      expect(environmentVariables.parse(text)).toEqual(variables);
    }),
  );
});

test('numbers and booleans are texts too', () => {
  expect(environmentVariables.parse({ A: 1, B: true })).toEqual({ A: '1', B: 'true' });
});

test.each<[string, unknown]>([
  ['an empty text', ''],
  ['a name without a value', 'A'],
  ['a value without a name', '=1'],
  ['a comma at the end', 'A=1,'],
  ['a name that starts with a digit', '1A=1'],
  ['a name with a hyphen', 'A-B=1'],
  ['a space before a name', 'A=1, B=2'],
  ['a name twice', 'A=1,A=2'],
  ['PORT', { PORT: '1' }],
  ['SLOT', 'A=1,SLOT=blue'],
  ['JSON that is none', '{A:1}'],
  ['a text in text', { A: { B: '1' } }],
  ['a NUL in a value', { A: 'a\0b' }],
  ['null as a value', { A: null }],
  ['null', null],
  ['a list', ['A=1']],
  ['an empty list', []],
  ['a number', 5],
  ['true', true],
])('refuses %s', (_, value) => {
  expect(environmentVariables.parse(value)).toBeUndefined();
});

const known = { SLOT: 'blue', PORT: '8080' };

test('a placeholder stands for a known variable, wherever it is and however often', () => {
  expect(withPlaceholders({ URL: 'http://{SLOT}:{PORT}/{SLOT}', PLAIN: 'x' }, known)).toEqual({
    URL: 'http://blue:8080/blue',
    PLAIN: 'x',
  });
});

test.each(['{OTHER}', '{toString}', '{constructor}', '{ PORT }', '{}', '{port}', 'PORT', '{"a":1}'])(
  'no placeholder: %s',
  (value) => {
    expect(withPlaceholders({ A: value }, known)).toEqual({ A: value });
  },
);
