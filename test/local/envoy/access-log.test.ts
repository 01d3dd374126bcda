import { lateButThere, lateFlags, noPhase, PhaseLog, readAccessLog } from '../../../lib/local/envoy/access-log';
import type { AccessLogLine } from '../../../lib/local/envoy/envoy-configuration';

const line = (given: Partial<AccessLogLine>): AccessLogLine => ({
  phase: '0',
  code: 200,
  flags: '-',
  details: 'via_upstream',
  cluster: 'green',
  attempts: 1,
  ...given,
});
const logOf = (given: Partial<AccessLogLine>) => {
  const log = new PhaseLog();
  log.add(line(given));
  return log;
};

test.each([{ code: 200 }, { code: 204 }, { code: 301 }, { flags: null }])('%j is a complete answer', (given) => {
  const log = logOf(given);
  expect([log.ok.get('green'), log.notOk.size, log.broken.size]).toEqual([1, 0, 0]);
});

test.each([
  { given: { code: 404 }, reason: 'status 404', late: false, broken: 0 },
  { given: { code: 200, flags: 'UC' }, reason: 'status 200, the app broke the connection', late: false, broken: 1 },
  { given: { code: 200, flags: 'DC' }, reason: 'status 200, the client gave up waiting', late: true, broken: 1 },
  { given: { code: 0, flags: 'DC' }, reason: 'no status, the client gave up waiting', late: true, broken: 0 },
  { given: { code: 504, flags: 'UT' }, reason: 'status 504, the app was too slow for the route', late: true, broken: 0 },
  {
    given: { code: 503, flags: 'UF,URX', details: 'upstream_reset_before_response_started{connection_timeout}' },
    reason: 'status 503, no connection to the app, all retries failed',
    late: true,
    broken: 0,
  },
  {
    given: { code: 503, flags: 'UF', details: 'upstream_reset_before_response_started{remote_connection_failure}' },
    reason: 'status 503, no connection to the app',
    late: false,
    broken: 0,
  },
])('$given failed: $reason (late: $late)', ({ given, reason, late, broken }) => {
  const log = logOf(given);
  expect(log.ok.size).toBe(0);
  expect(log.notOk.get('green')).toBe(1);
  expect(log.broken.get('green') ?? 0).toBe(broken);
  expect([...(log.reasons.get('green') ?? [])]).toEqual([[reason, { late, count: 1 }]]);
});

test('requests that needed more than one try are counted, and those that the client gave up', () => {
  const log = logOf({ attempts: 3 });
  log.add(line({ attempts: 2, code: 503 }));
  log.add(line({ code: 0, flags: 'DC' }));
  expect([log.retried, log.retriedOk, log.gaveUp].map((counts) => counts.get('green'))).toEqual([2, 1, 1]);
});

test.each([null, '', 'abc', '-1', '1.5', '3', '99999'])('phase %p is that of somebody else', async (phase) => {
  async function* lines() {
    yield line({ phase: '2' });
    yield line({ phase });
  }
  expect([...(await readAccessLog(lines(), 3)).keys()]).toEqual([2, noPhase]);
});

test.each([
  ['somebody who waits for a health check may be late', lateFlags, true],
  ['an instance that is gone is never late', lateButThere, false],
])('no healthy instance: %s', async (_, flags, late) => {
  async function* lines() {
    yield line({ code: 503, flags: 'UH' });
  }
  const reasons = (await readAccessLog(lines(), 1, flags)).get(0)?.reasons.get('green');
  expect([...(reasons ?? [])]).toEqual([['status 503, no healthy instance', { late, count: 1 }]]);
});
