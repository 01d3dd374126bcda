import type { IncomingMessage, ServerResponse } from 'node:http';
import { imageInRegistry } from '../../../lib/operate/verify/registry';
import { served } from '../loopback-server';

const digest = `sha256:${'0'.repeat(64)}`;

/** A registry with one image, which wants a token for nobody, as Docker Hub does. */
const registry =
  (port: () => number, asked: string[]) =>
  ({ url = '', method, headers }: IncomingMessage, answer: ServerResponse) => {
    asked.push(`${method} ${url}`);
    if (url.startsWith('/token')) {
      const { searchParams } = new URL(url, 'http://127.0.0.1');
      const isKnown = searchParams.get('service') === 'hub' && searchParams.get('scope') === 'repository:shop:pull';
      answer.writeHead(isKnown ? 200 : 400, { 'content-type': 'application/json' }).end(isKnown ? '{"token":"for-nobody"}' : '');
      return;
    }
    if (url.includes('/busy/')) {
      answer.writeHead(429).end();
      return;
    }
    if (url.includes('/v2/open/')) {
      answer.writeHead(url.endsWith('/1.5.0') ? 200 : 404).end();
      return;
    }
    if (headers.authorization !== 'Bearer for-nobody') {
      const challenge = `Bearer realm="http://127.0.0.1:${port()}/token",service="hub",scope="repository:shop:pull"`;
      answer.writeHead(401, { 'www-authenticate': challenge }).end();
      return;
    }
    answer.writeHead([`/v2/shop/manifests/1.5.0`, `/v2/shop/manifests/${digest}`].includes(url) ? 200 : 404).end();
  };

const look = async (image: string) => {
  const asked: string[] = [];
  let open = 0;
  const found = await served(
    registry(() => open, asked),
    async (port) => {
      open = port;
      const [verdict, sentence] = await imageInRegistry(`127.0.0.1:${port}/${image}`);
      return [verdict, sentence.replaceAll(`127.0.0.1:${port}`, 'HOST')];
    },
  );
  return { found, asked };
};

test('with a token for nobody, as the registry asks for it', async () => {
  const { found, asked } = await look('shop:1.5.0');
  expect(found).toEqual(['ok', 'HOST/shop:1.5.0 is there']);
  expect(asked).toEqual([
    'HEAD /v2/shop/manifests/1.5.0',
    'GET /token?service=hub&scope=repository%3Ashop%3Apull',
    'HEAD /v2/shop/manifests/1.5.0',
  ]);
});

test.each([
  ['open/shop:1.5.0', 'ok', 'HOST/open/shop:1.5.0 is there'],
  [`shop@${digest}`, 'ok', `HOST/shop@${digest} is there`],
  ['shop:1.6.0', 'not ok', 'HOST/shop:1.6.0: is not there; push it, or name another one'],
  ['shop', 'not ok', 'HOST/shop: is not there; push it, or name another one'],
  ['busy/shop:1.5.0', 'not looked at', 'HOST/busy/shop:1.5.0: got 429 from HOST'],
])('%s: %s', async (image, verdict, sentence) => {
  expect((await look(image)).found).toEqual([verdict, sentence]);
});

test.each([
  ['no token is given', 'Bearer realm="http://127.0.0.1:1/token"', 'not looked at'],
  ['it wants a password', 'Basic realm="shop"', 'not ok'],
  ['it would send the token over another way', 'Bearer realm="ftp://127.0.0.1/token"', 'not ok'],
])('when %s', async (_, challenge, verdict) => {
  const found = await served(
    (_request, answer) => void answer.writeHead(401, { 'www-authenticate': challenge }).end(),
    (port) => imageInRegistry(`127.0.0.1:${port}/shop:1.5.0`),
  );
  expect(found[0]).toBe(verdict);
});

test('a registry that cannot be reached says nothing about its images', async () => {
  const port = await served(
    () => {},
    async (open) => open,
  );
  expect(await imageInRegistry(`127.0.0.1:${port}/shop:1.5.0`)).toEqual([
    'not looked at',
    `127.0.0.1:${port}/shop:1.5.0: got no answer from 127.0.0.1:${port} (ECONNREFUSED)`,
  ]);
});
