import { asNodeSaw } from '../../../lib/local/metrics/app-mesh-log';
import { requestTo, wayInOf } from './requests';

const wayIn = wayInOf('app-mesh');

test.each([
  { given: { status: 200 }, seen: { status: 200, flags: [] } },
  { given: { status: 503 }, seen: { status: 503, flags: [] } },
  { given: { status: 200, flags: ['UPE'] }, seen: { status: 200, flags: ['UPE'] } },
  { given: { status: 0, flags: ['UC'] }, seen: { status: 503, flags: ['UC'] } },
  { given: { status: 0, flags: ['UF'] }, seen: { status: 503, flags: ['UF'] } },
  { given: { status: 0, flags: ['UPE'] }, seen: { status: 502, flags: ['UPE'] } },
  { given: { status: 0, flags: ['UT'], durationMs: 500 }, seen: { status: 0, flags: ['DC'] } },
  { given: { status: 0, flags: ['UT'], durationMs: 14_999 }, seen: { status: 504, flags: ['UT'] } },
  { given: { status: 0, flags: [], durationMs: 500 }, seen: { status: 0, flags: ['DC'] } },
  { given: { status: 0, flags: [], durationMs: 20_000 }, seen: { status: 504, flags: ['UT'] } },
])('the Envoy of a task saw $given as $seen', ({ given, seen }) => {
  expect(asNodeSaw(requestTo(wayIn, given))).toMatchObject(seen);
});
