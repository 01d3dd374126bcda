import { pathPatterns, previewCidrsProblem } from '../../lib/release/rule-conditions';

test.each([
  ['/', ['/*']],
  ['/shop', ['/shop', '/shop/*']],
  ['/shop/', ['/shop/*']],
])('the patterns of %s', (prefix, patterns) => {
  expect(pathPatterns(prefix)).toEqual(patterns);
});

test.each([
  [undefined, '/', 4, ''],
  ['shop.example.com', '/', 3, 'the domain name shop.example.com'],
  [undefined, '/shop/', 3, 'the path /shop/'],
  [undefined, '/shop', 2, 'the path /shop'],
  ['shop.example.com', '/shop', 1, 'the domain name shop.example.com and the path /shop'],
])('with %s and %s there is room for %d ranges', (domainName, pathPrefix, room, beside) => {
  const cidrs = Array.from({ length: room }, (_, index) => `10.${index}.0.0/16`);
  expect(previewCidrsProblem(cidrs, { domainName, pathPrefix })).toBeUndefined();
  expect(previewCidrsProblem([...cidrs, '192.0.2.0/24'], { domainName, pathPrefix })).toBe(
    `previewCidrs: got ${room + 1} blocks, expected at most ${room} beside ${beside}, since a rule takes 5 values in all; merge some blocks`,
  );
});
