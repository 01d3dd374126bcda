import type { RequestListener } from 'node:http';
import { verifyHealthPath } from '../../../lib/operate/verify/health-path';
import { stackWith } from '../example-release';
import { served } from '../loopback-server';

const here = { isHonoured: true, endpoint: undefined };

function stackAt(url: string, { weights = { blue: 1, green: 0 }, wayIn = {}, healthCheckPath = '/health' } = {}) {
  const { state } = stackWith(weights);
  const slots = Object.fromEntries(
    Object.entries(state.slots).map(([name, slot]) => [name, slot && { ...slot, healthCheckPath }]),
  );
  return stackWith(weights, {
    state: { ...state, wayIn: { plane: 'load-balancer', scheme: 'public', pathPrefix: '/', ...wayIn }, slots },
    outputs: { Url: url, BluePreview: 'x-slot: blue-0a1b', GreenPreview: 'x-slot: green-0a1b' },
  });
}

/** Green answers to its header only, and blue to everybody else. */
const app =
  (status: number): RequestListener =>
  ({ url, headers }, answer) =>
    void answer.writeHead(headers['x-slot'] === 'green-0a1b' && url === '/health' ? status : 500).end();

test.each([
  [200, 'ok', '/health answers 200'],
  [204, 'ok', '/health answers 204'],
  [302, 'not ok', '/health: answers 302, expected 200 to 299; see the log of its tasks'],
  [503, 'not ok', '/health: answers 503, expected 200 to 299; see the log of its tasks'],
])('the slot without requests answers %d through its header: %s', async (status, verdict, sentence) => {
  const item = await served(app(status), (port) => verifyHealthPath(stackAt(`http://127.0.0.1:${port}/`), here));
  expect(item).toEqual({ part: 'slots', name: 'green', verdict, sentence });
});

test.each([
  ['both slots have requests', stackAt('http://127.0.0.1:1/', { weights: { blue: 1, green: 1 } }), here, /no slot is on without/],
  ['there is one slot', stackAt('http://127.0.0.1:1/', { weights: { blue: 1 } as never }), here, /no slot is on without/],
  ['there is no Url', stackWith({ blue: 1, green: 0 }), here, /no way from here/],
  ['the header counts inside the VPC only', stackAt('http://127.0.0.1:1/'), { ...here, isHonoured: false }, /previewCidrs/],
  ['the path is not routed', stackAt('http://127.0.0.1:1/', { wayIn: { pathPrefix: '/shop' } }), here, /not below \/shop/],
  ['the load balancer is internal', stackAt('http://127.0.0.1:1/', { wayIn: { scheme: 'internal' } }), here, /cannot be reached/],
] as const)('is not looked at when %s', async (_, stack, access, sentence) => {
  const item = await verifyHealthPath(stack, access);
  expect([item.verdict, item.sentence]).toEqual(['not looked at', expect.stringMatching(sentence)]);
});

test('a path below that of the service is asked for', async () => {
  const item = await served(
    ({ url }, answer) => void answer.writeHead(url === '/shop/health' ? 200 : 404).end(),
    (port) =>
      verifyHealthPath(
        stackAt(`http://127.0.0.1:${port}/shop`, { wayIn: { pathPrefix: '/shop' }, healthCheckPath: '/shop/health' }),
        here,
      ),
  );
  expect(item.verdict).toBe('ok');
});

test('a public way in that does not answer is not ok', async () => {
  const item = await verifyHealthPath(stackAt('http://127.0.0.1:1/'), here);
  expect([item.verdict, item.sentence]).toEqual([
    'not ok',
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/health: got no answer/),
  ]);
});
