import { healthCheckPathType, pathPrefixType } from '../../lib/settings/service-values';

test.each(['/', '/health', '/a/b-c_d.e~f', '/health?deep=1&x=%20', '/@:+=', `/${'a'.repeat(1023)}`])(
  '%s is a health check path',
  (path) => {
    expect(healthCheckPathType.parse(path)).toBe(path);
  },
);

// What stands in the schema of a health check path on VPC Lattice; a fragment is never sent.
test.each([...' \t\n\r\0!"#$\'()*,;<>[\\]^`{|}é\u0430\u2215\u200b\u{1f600}'])('%j is in no health check path', (character) => {
  expect(healthCheckPathType.parse(`/health${character}`)).toBeUndefined();
  expect(healthCheckPathType.parse(`/${character}health`)).toBeUndefined();
});

test.each([...' \t\n\r\0!"#$\'()*,;<>?[\\]^`{|}é\u0430\u2215\u200b\u{1f600}'])('%j is in no path prefix', (character) => {
  expect(pathPrefixType.parse(`/shop${character}`)).toBeUndefined();
});

test.each(['', 'health', '?a', ' /health', `/${'a'.repeat(1024)}`, 5, null, ['/health'], { path: '/health' }])(
  '%j is no health check path',
  (path) => {
    expect(healthCheckPathType.parse(path)).toBeUndefined();
  },
);

test('a path prefix leaves room for the star that follows', () => {
  expect(pathPrefixType.parse(`/${'a'.repeat(125)}`)).toHaveLength(126);
  expect(pathPrefixType.parse(`/${'a'.repeat(126)}`)).toBeUndefined();
});
