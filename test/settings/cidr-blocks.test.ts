import * as fc from 'fast-check';
import { cidrBlocks } from '../../lib/settings/cidr-blocks';

const block = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`);

test('one to three different ranges are taken, as a list and as text', () => {
  fc.assert(
    fc.property(fc.uniqueArray(block, { minLength: 1, maxLength: 3, selector: (text) => text.split('/')[1] }), (blocks) => {
      expect(cidrBlocks(3).parse(blocks)).toEqual(blocks);
      expect(cidrBlocks(3).parse(blocks.join(','))).toEqual(blocks);
    }),
  );
});

test.each<[string, unknown]>([
  ['no range', []],
  ['an empty text', ''],
  ['four ranges', '10.0.0.0/8,10.1.0.0/16,10.2.0.0/16,10.3.0.0/16'],
  ['a range twice', ['10.0.0.0/8', '10.0.0.0/8']],
  ['a range twice, with other bits behind its size', '10.0.0.0/8,10.1.2.3/8'],
  ['an address without a size', '10.0.0.0'],
  ['a size without an address', '/8'],
  ['two sizes', '10.0.0.0/8/8'],
  ['a size beyond 32', '10.0.0.0/33'],
  ['a size with a sign', '10.0.0.0/-1'],
  ['a size with a leading zero', '10.0.0.0/08'],
  ['more after the size', '10.0.0.0/8x'],
  ['an address that is none', '10.0.0.256/8'],
  ['an IPv6 range', '2001:db8::/32'],
  ['a space after the comma', '10.0.0.0/8, 10.1.0.0/16'],
  ['one wrong range among right ones', '10.0.0.0/8,x'],
  ['a number', 10],
  ['a number in a list', ['10.0.0.0/8', 10]],
  ['an object', { length: 1, 0: '10.0.0.0/8' }],
])('refuses %s', (_, value) => {
  expect(cidrBlocks(3).parse(value)).toBeUndefined();
});
