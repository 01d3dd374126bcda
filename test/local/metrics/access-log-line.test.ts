import { accessLogLine } from '../../../lib/local/metrics/access-log-line';
import { ends, requestTo, wayInOf } from './requests';

const wayIn = wayInOf('app-mesh');
const green = wayIn.targets[requestTo(wayIn).target ?? ''];

test('the line of a virtual node is that of its template, with numbers as numbers', () => {
  expect(JSON.parse(accessLogLine(green?.accessLog?.format ?? '', requestTo(wayIn)))).toEqual({
    mesh: expect.any(String),
    target: requestTo(wayIn).target,
    time: '2026-01-01T00:00:00.000Z',
    method: 'GET',
    path: '/shop?item=1',
    status: 200,
    flags: '-',
    duration: 12,
    agent: 'test',
    request: 'a-request',
  });
});

test.each([
  { format: '%RESPONSE_CODE%', json: 503, text: '503' },
  { format: '%RESPONSE_FLAGS%', json: 'UH', text: 'UH' },
  { format: '%RESPONSE_CODE_DETAILS%', json: 'no_healthy_upstream', text: 'no_healthy_upstream' },
  { format: '%UPSTREAM_HOST%', json: null, text: '-' },
  { format: '%BYTES_SENT%', json: 6, text: '6' },
  { format: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', json: '/shop?item=1', text: '/shop?item=1' },
  { format: '%REQ(:path):5%', json: '/shop', text: '/shop' },
  { format: '%REQ(X-OTHER?:AUTHORITY)%', json: 'shop.example', text: 'shop.example' },
  { format: '%REQ(X-OTHER)%', json: null, text: '-' },
  { format: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%', json: null, text: '-' },
  { format: '%START_TIME(%s)%', json: null, text: '-' },
  { format: '%NOT_KNOWN%', json: null, text: '-' },
  { format: 'in %DURATION% ms, 100 %%', json: 'in 12 ms, 100 %', text: 'in 12 ms, 100 %' },
  { format: 'shop', json: 'shop', text: 'shop' },
])('$format', ({ format, json, text }) => {
  const request = requestTo(wayIn, ends.empty);
  expect(JSON.parse(accessLogLine({ value: format }, request))).toEqual({ value: json });
  expect(accessLogLine(format, request)).toBe(text);
});

test('a gateway without a format of its own writes as Envoy does', () => {
  expect(accessLogLine(wayIn.gateway?.accessLog.format ?? '', requestTo(wayIn))).toBe(
    '[2026-01-01T00:00:00.000Z] "GET /shop?item=1 HTTP/1.1" 200 - 0 6 12 10 "-" "test" "a-request" "shop.example" "127.0.0.1:40001"',
  );
});
