import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RehearsalReport } from '../../../lib/rehearsal/report/report';
import { stepTable, summary } from '../../../lib/rehearsal/terminal/table';

const report = JSON.parse(readFileSync(join(__dirname, 'report.json'), 'utf8')) as RehearsalReport;

test.each([
  { room: 200, headers: ['step', 'weights', 'expected', 'observed', 'interval', 'requests', 'failed', 'settled'] },
  { room: 95, headers: ['step', 'expected', 'observed', 'interval', 'requests', 'failed', 'settled'] },
  { room: 80, headers: ['step', 'expected', 'observed', 'requests', 'failed', 'settled'] },
  { room: 62, headers: ['step', 'expected', 'observed', 'requests', 'failed'] },
  { room: 40, headers: ['step', 'observed', 'failed'] },
  { room: 10, headers: ['step', 'observed', 'failed'] },
])('in $room characters the table has $headers', ({ room, headers }) => {
  const [head = '', ...rows] = stepTable(report, room).split('\n');
  expect(head.split(/ {2,}/).map((header) => header.replace(/ (\(|of ).*/, ''))).toEqual(headers);
  expect(rows).toHaveLength(report.steps.length);
  expect(rows[2]).toMatch(/^50\/50 .* \d+(\.\d)? % : \d+(\.\d)? % .* 0\b/);
  expect(headers.includes('expected')).toBe(/ 50 % : 50 % /.test(rows[2] ?? ''));
});

test('the summary says what held, and for how many requests', () => {
  expect(summary(report)).toMatch(
    /^held: 5 steps, \d+.\d+ requests, 0 failed, .*\nno failure among so many: .*\nclient, Envoy and apps counted the same$/,
  );
  const broken = { ...report, verdict: 'did not hold' as const, problems: ['50/50: a problem'] };
  expect(summary(broken)).toMatch(/^did not hold: (.|\n)*\n- 50\/50: a problem$/);
});
