import * as fc from 'fast-check';
import { imageReference, imageType, parseImageName } from '../../lib/settings/image-name';

// Names made from the rules of Docker's grammar, piece by piece, and broken one rule at a time.
const characters = (set: string, size: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...set), ...size });
const lower = 'abcxyz019';
const part = fc
  .tuple(
    characters(lower, { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '--', '---'), characters(lower, { minLength: 1, maxLength: 3 })), {
      maxLength: 2,
    }),
  )
  .map(([first, rest]) => first + rest.flat().join(''));
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const port = fc.option(fc.nat(65535), { nil: undefined }).map((number) => (number === undefined ? '' : `:${number}`));
const host = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('localhost', 'registry.example.com', 'REG.io', 'Registry', 'a-b.c', '10.0.0.1', '[::1]', '[fe80::a1]'),
      characters('abcXYZ019', { minLength: 1, maxLength: 8 }).map((text) => `${text}.io`),
    ),
    port,
  )
  .map((pieces) => pieces.join(''));
const tag = fc
  .tuple(characters('abcXYZ019_', { minLength: 1, maxLength: 1 }), characters('abcXYZ019_.-', { minLength: 0, maxLength: 127 }))
  .map(([first, rest]) => `:${first}${rest}`);
const digest = fc
  .constantFrom(['sha256', 64] as const, ['sha384', 96] as const, ['sha512', 128] as const)
  .chain(([algorithm, length]) =>
    characters('0123456789abcdef', { minLength: length, maxLength: length }).map((hex) => `@${algorithm}:${hex}`),
  );
const orNothing = (text: fc.Arbitrary<string>) => fc.option(text, { nil: '' });
const image = fc.record({
  host: fc.option(host, { nil: undefined }),
  path,
  tag: orNothing(tag),
  digest: orNothing(digest),
});

// The first directory of a name without a host must not look like one.
const written = image.filter(({ host, path: [...text] }) => host !== undefined || !/^[^/]*\.[^/]*\//.test(text.join('')));

test('every name that the grammar makes is taken, with its host and its path', () => {
  fc.assert(
    fc.property(written, ({ host, path, tag, digest }) => {
      const name = `${host === undefined ? '' : `${host}/`}${path}${tag}${digest}`;
      expect(parseImageName(name)).toEqual({ host, path });
      expect(imageType.parse(name)).toBe(name);
      expect(imageReference(name)).toBe((digest || tag || ':latest').slice(1));
    }),
    { numRuns: 500 },
  );
});

test.each<[string, (text: string) => string]>([
  ['an upper-case letter in the path', (text) => `${text}/Upper`],
  ['an empty directory', (text) => `${text}//x`],
  ['a slash in front', (text) => `/${text}`],
  ['a slash at the end', (text) => `${text}/`],
  ['three underscores', (text) => `${text}___x`],
  ['two dots', (text) => `${text}..x`],
  ['a dot before a hyphen', (text) => `${text}.-x`],
  ['a hyphen at the end', (text) => `${text}-`],
  ['a dot in front of a directory', (text) => `${text}/.x`],
  ['an empty tag', (text) => `${text}:`],
  ['a tag with a dot in front', (text) => `${text}:.1`],
  ['a tag with another sign', (text) => `${text}:1+2`],
  ['a tag of 129 characters', (text) => `${text}:${'a'.repeat(129)}`],
  ['two tags', (text) => `${text}:1:2`],
  ['an empty digest', (text) => `${text}@`],
  ['a digest that is too short', (text) => `${text}@sha256:${'a'.repeat(63)}`],
  ['a digest that is too long', (text) => `${text}@sha256:${'a'.repeat(65)}`],
  ['a digest in capitals', (text) => `${text}@sha256:${'A'.repeat(64)}`],
  ['a digest that Docker does not know', (text) => `${text}@md5:${'a'.repeat(32)}`],
  ['two digests', (text) => `${text}@sha256:${'a'.repeat(64)}@sha256:${'a'.repeat(64)}`],
  ['a space', (text) => `${text} `],
  ['a line break', (text) => `${text}\n`],
  ['a NUL', (text) => `${text}\0`],
  ['a letter that only looks like one', (text) => `${text}/\u0430pp`],
  ['more than 255 characters', (text) => `${text}/${'a'.repeat(255)}`],
  ['a scheme', (text) => `https://${text}`],
])('with %s no name is taken', (_, broken) => {
  fc.assert(
    fc.property(written, ({ host, path }) => {
      expect(imageType.parse(broken(`${host === undefined ? '' : `${host}/`}${path}`))).toBeUndefined();
    }),
  );
});

test.each<[string, unknown]>([
  ['nothing', ''],
  ['the id of an image', 'a'.repeat(64)],
  ['a host alone', 'registry.example.com:5000/'],
  ['a host with an empty port', 'registry.example.com:/app'],
  ['a host with a port that is no number', 'registry.example.com:http/app'],
  ['a host with a hyphen in front', '-a.io/app'],
  ['a host with an empty label', 'a..io/app'],
  ['a host with an underscore', 'a_b.io/app'],
  ['an IPv6 address without brackets', '::1/app'],
  ['a name in capitals', 'App'],
  ['a list', ['app']],
  ['a number', 1],
])('%s is not taken', (_, value) => {
  expect(imageType.parse(value)).toBeUndefined();
});

test.each<[string, string]>([
  ['a name without a slash', 'nginx'],
  ['a name of 255 characters', `${'a'.repeat(127)}/${'b'.repeat(127)}`],
  ['a first directory that looks like no host', 'team/app'],
  ['what looks like a host, without a slash, for a name', 'registry.example'],
])('%s is on Docker Hub', (_, name) => {
  expect(parseImageName(name)).toEqual({ host: undefined, path: name });
});
