import fc from 'fast-check';
import { type RequestLine, RequestLines, requestIn } from '../../../lib/local/envoy/request-lines';

const line = (given: Partial<RequestLine> = {}): RequestLine => ({
  kind: 'request',
  from: 50_000,
  at: '1767225600123',
  ms: 12,
  upstreamMs: 10,
  answeredMs: 11,
  code: 200,
  flags: '-',
  details: 'via_upstream',
  route: 'Rule',
  cluster: 'Green',
  task: '127.0.0.1:40001',
  method: 'GET',
  path: '/shop?item=1',
  host: 'shop.example',
  agent: null,
  id: 'a-request',
  forwarded: null,
  protocol: 'HTTP/1.1',
  received: 0,
  sent: 6,
  ...given,
});

test('however the lines are cut on their way, each comes once, in its order; what is no line is left out', () => {
  const anyLine = fc.oneof(
    fc.nat().map((from) => JSON.stringify(line({ from }))),
    fc.constantFrom('', '{"kind":"request","at":', 'null', '7', '{"kind":"other"}', '[warning] a word'),
  );
  fc.assert(
    fc.property(fc.array(anyLine), fc.array(fc.nat(400)), (lines, cuts) => {
      const told: RequestLine[] = [];
      const reader = new RequestLines((each) => told.push(each));
      const text = lines.map((each) => `${each}\n`).join('');
      let from = 0;
      for (const length of [...cuts, text.length]) {
        reader.take(text.slice(from, from + length));
        from += length;
      }
      expect(told.map((each) => JSON.stringify(each))).toEqual(
        lines.filter((each) => each.startsWith('{"kind":"request","from"')),
      );
    }),
  );
});

test.each([
  {
    given: {},
    expected: {
      startedAt: 1767225600123,
      durationMs: 12,
      flags: [],
      route: 'Rule',
      target: 'Green',
      slot: 'green',
      port: 40_001,
    },
  },
  { given: { route: 'unmatched', cluster: null, task: null }, expected: { route: undefined, target: undefined } },
  { given: { route: null }, expected: { route: undefined } },
  { given: { upstreamMs: null }, expected: { upstreamMs: 11 } },
  { given: { flags: 'URX,UF', upstreamMs: null, answeredMs: null }, expected: { flags: ['URX', 'UF'], upstreamMs: undefined } },
  { given: { task: null }, expected: { target: 'Green', port: undefined } },
  { given: { cluster: null, task: null }, expected: { target: undefined, slot: undefined, port: undefined } },
  { given: { task: '[::1]:40002' }, expected: { port: 40_002 } },
  { given: { ms: null, details: null, flags: null }, expected: { durationMs: 0, details: '', flags: [] } },
])('$given is read as $expected', ({ given, expected }) => {
  expect(requestIn(line(given), 'way in', (target) => target.toLowerCase())).toMatchObject({ wayIn: 'way in', ...expected });
});
