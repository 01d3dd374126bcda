import * as fc from 'fast-check';
import { asWholeNumber, booleanType, oneOf, oneOfNumbers, show, text, wholeNumber } from '../../lib/settings/value-type';

test.each([
  ['text in quotes', 'a b', '"a b"'],
  ['a line break in text', 'a\nb', '"a\\nb"'],
  ['spaces as they are', 'a  b', '"a  b"'],
  ['nothing', undefined, 'undefined'],
  ['a list', [1, 10, 100, 1000, 1, 1, 1, 1], '[ 1, 10, 100, 1000, 1, 1, 1, 1 ]'],
  ['an object', { a: { b: [1] } }, '{ a: { b: [ 1 ] } }'],
  ['an object in many levels', { a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: [Object] } } }'],
  ['more than one line', Object.assign(new Error('no'), { stack: 'Error: no\n    at here' }), 'Error: no at here'],
  ['80 characters', 'a'.repeat(78), `"${'a'.repeat(78)}"`],
  ['more than 80 characters', 'a'.repeat(79), `"${'a'.repeat(79)}…`],
  ['much more than 80 characters', 'a'.repeat(500), `"${'a'.repeat(79)}…`],
])('shows %s', (_, value, shown) => {
  expect(show(value)).toBe(shown);
});

test('shows whatever there is in one line', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(show(value)).not.toContain('\n');
      expect(show(value).length).toBeLessThanOrEqual(81);
    }),
  );
});

test('a whole number is taken exactly when it is one, as a number or in plain digits', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -1, 1)), (number) => {
      expect(asWholeNumber(number)).toBe(number);
      expect(asWholeNumber(`${number}`)).toBe(number);
      expect(asWholeNumber(`0${number}`)).toBeUndefined();
      expect(asWholeNumber(`${number}.0`)).toBeUndefined();
      expect(asWholeNumber([number])).toBeUndefined();
    }),
  );
});

test.each(['9007199254740993', 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10n, null, undefined, {}, true])(
  '%p is no whole number',
  (value) => {
    expect(asWholeNumber(value)).toBeUndefined();
  },
);

test.each([
  ['a boolean', booleanType, 'boolean', 'true or false'],
  ['a range', wholeNumber(1, 9), '1-9', 'a whole number from 1 to 9'],
  ['one word', oneOf(['a']), '`a`', 'a'],
  ['two words', oneOf(['a', 'b']), '`a`, `b`', 'a or b'],
  ['three numbers', oneOfNumbers([1, 2, 3]), '1, 2, 3', '1, 2 or 3'],
  ['text', text('name', 'a name in small letters', /^[a-z]+$/, 3), 'name', 'a name in small letters'],
])('says what %s is', (_, type, kind, expected) => {
  expect([type.kind, type.expected]).toEqual([kind, expected]);
});

test.each([
  ['a range', wholeNumber(2, 4), [2, '3', 4], [1, 5, '5', 'x']],
  ['words', oneOf(['a', 'b']), ['a', 'b'], ['c', '', 'A']],
  ['numbers', oneOfNumbers([1, 30]), [1, '30'], [2, '3', 'x', undefined]],
  ['text', text('name', 'a name', /^[a-z]+$/, 3), ['a', 'abc'], ['abcd', '', 'A', 1]],
])('takes what is in %s and nothing else', (_, type, taken, refused) => {
  const parse = (value: unknown) => type.parse(value);
  expect(taken.map((value) => `${parse(value)}`)).toEqual(taken.map((value) => `${value}`));
  expect(refused.map(parse)).toEqual(refused.map(() => undefined));
});
