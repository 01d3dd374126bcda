import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { emulatorOfBlock } from './emulator-of-block';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('what a web site has a browser ask the emulator', () => {
  const on = emulatorOfBlock();

  const port = () => new URL(on.emulator.url).port;
  const ask = async (headers: Record<string, string>, method = 'POST', path = '/', body = ''): Promise<Answer> => {
    const asked = request({ host: '127.0.0.1', port: port(), method, path, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  };
  const authorization = 'AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/sns/aws4_request';
  const form = { 'content-type': 'application/x-www-form-urlencoded', authorization };
  const topics = async () => (await ask(form, 'POST', '/', 'Action=ListTopics')).body;

  const ofSites: [string, () => Record<string, string>, RegExp][] = [
    ['a page', () => ({ origin: 'https://site.example' }), /origin: got https:\/\/site.example, expected none/],
    ['a page that hides where it is', () => ({ origin: 'null' }), /origin: got null/],
    ['a page of another port here', () => ({ origin: 'http://127.0.0.1:8080' }), /origin: got http/],
    ['an image in a page', () => ({ 'sec-fetch-site': 'cross-site' }), /sec-fetch-site: got cross-site, expected none/],
    ['an image in a page of another port here', () => ({ 'sec-fetch-site': 'same-site' }), /sec-fetch-site: got same-site/],
    [
      'a name that leads here',
      () => ({ host: `site.example:${port()}` }),
      /host: got site.example:\d+, expected 127.0.0.1 or loc/,
    ],
    ['a name that begins as ours', () => ({ host: '127.0.0.1.site.example' }), /host: got 127/],
    ['a name that ends in one of ours', () => ({ host: 'sitelocalhost' }), /host: got sitelocalhost/],
    ['an address that leads here', () => ({ host: '192.0.2.1' }), /host: got 192/],
  ];

  test.each(ofSites)('is refused, before anything is done: %s', async (_, headers, words) => {
    const before = (await on.emulator.requests()).length;
    const answers = [
      await ask({ ...form, ...headers() }, 'POST', '/', 'Action=CreateTopic&Name=of-a-site'),
      await ask(headers(), 'GET', '/?Action=CreateTopic&Name=of-a-site'),
      await ask(headers(), 'OPTIONS'),
      await ask(headers(), 'GET', '/_extension/events'),
      await ask(headers(), 'POST', '/_extension/interventions', '{"effect":"fail","type":"AWS::SNS::Topic","verb":"create"}'),
      await ask(headers(), 'POST', '/_ministack/reset'),
      await ask(headers(), 'GET', '/v20190125/meshes'),
    ];
    for (const { status, headers: answered, body } of answers) {
      expect({ status, body: JSON.parse(body) }).toEqual({ status: 403, body: { message: expect.stringMatching(words) } });
      expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(await on.emulator.requests()).toHaveLength(before);
    expect(await on.emulator.met()).toBe(0);
    expect(await topics()).not.toContain('of-a-site');
  });

  test('is refused: a connection that stays open', async () => {
    const { status } = await ask(
      {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        origin: 'https://site.example',
      },
      'GET',
    );
    expect(status).toBe(403);
  });

  test.each([
    ['127.0.0.1', {}],
    ['localhost', { host: 'localhost' }],
    ['the name of a bucket in front', { host: 'bucket.s3.localhost:4566' }],
    ['the name of a bucket in front of the address', { host: 'bucket.s3.127.0.0.1:4566' }],
    ['an address that was typed', { 'sec-fetch-site': 'none' }],
  ])('is not what a program asks: %s is answered, and no site may read it', async (_, headers) => {
    const { status, headers: answered } = await ask(headers, 'GET', '/_ministack/health');
    expect(status).toBe(200);
    expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
