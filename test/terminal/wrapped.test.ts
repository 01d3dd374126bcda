import fc from 'fast-check';
import { wrapped } from '../../lib/terminal/wrapped';

test.each([
  ['one two three', 20, '', ['one two three']],
  ['one two three', 8, '', ['one two', 'three']],
  ['- one two three', 9, '  ', ['- one two', '  three']],
  ['takes 5 min now', 9, '', ['takes', '5 min now']],
  ['see arn:aws:cloudwatch', 10, '  ', ['see', '  arn:aws:', '  cloudwat', '  ch']],
])('%s in %d characters', (sentence, room, indent, lines) => expect(wrapped(sentence, room, indent)).toEqual(lines));

test('no line is longer than there is room, and no word is lost', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '7'), minLength: 1, maxLength: 30 }), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 3, max: 40 }), fc.constantFrom('', '  '), (all, room, indent) => {
      const lines = wrapped(all.join(' '), room, indent);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(room);
      expect(lines.join('').replaceAll(' ', '')).toBe(all.join(''));
    }),
  );
});
