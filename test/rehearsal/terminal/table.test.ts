import { stepTable, summary } from '../../../lib/rehearsal/terminal/table';
import { deployed, fault, report, unmeasured, withLongLabels, withStep } from '../report/reports';

test.each([
  { room: 200, headers: ['step', 'weights', 'expected', 'observed', 'interval', 'requests', 'failed', 'settled', 'preview'] },
  { room: 110, headers: ['step', 'weights', 'expected', 'observed', 'interval', 'requests', 'failed', 'settled'] },
  { room: 95, headers: ['step', 'expected', 'observed', 'interval', 'requests', 'failed', 'settled'] },
  { room: 80, headers: ['step', 'expected', 'observed', 'requests', 'failed', 'settled'] },
  { room: 62, headers: ['step', 'expected', 'observed', 'requests', 'failed'] },
  { room: 40, headers: ['step', 'observed', 'failed'] },
  { room: 20, headers: ['step', 'failed'] },
])('in $room characters the table has $headers', ({ room, headers }) => {
  const [head = '', ...rows] = stepTable(report, room).split('\n');
  expect(head.split(/ {2,}/).map((header) => header.replace(/ (\(|of ).*/, ''))).toEqual(headers);
  expect(rows).toHaveLength(report.steps.length);
  expect(Math.max(...[head, ...rows].map(({ length }) => length))).toBeLessThanOrEqual(room);
  expect(rows[2]).toMatch(/^50\/50 .* 0\b/);
  expect(headers.includes('observed')).toBe(/ \d+(\.\d)? % : \d+(\.\d)? % /.test(rows[2] ?? ''));
  expect(headers.includes('expected')).toBe(/ 50 % : 50 % /.test(rows[2] ?? ''));
  expect(headers.includes('preview')).toBe(/ 40, 0 failed$/.test(rows[2] ?? ''));
});

test.each([120, 80, 40])('in %d characters, long labels and names leave step and failures in sight', (room) => {
  const failing = withLongLabels(withStep(1, { failed: 12_345 }));
  const [head = '', ...rows] = stepTable(failing, room).split('\n');
  expect(Math.max(...[head, ...rows].map(({ length }) => length))).toBeLessThanOrEqual(room);
  expect(head).toMatch(/^step .* failed\b/);
  // The middle of a name gives way, and not its end.
  expect(rows[1]).toMatch(/^checko\S*…\S*en at 0 .* 12.345\b/);
  expect(rows[2]).toMatch(/^50\/50 /);
});

test('failures of preview requests stand in their column', () => {
  const preview = { requests: 40, failed: 20, reached: { blue: 20 } };
  expect(stepTable(withStep(1, { preview })).split('\n')[2]).toMatch(/ 40, 20 failed$/);
  expect(stepTable({ ...report, steps: report.steps.map((step) => ({ ...step, preview: null })) })).not.toContain('preview');
});

test('what the deploys did stands in columns of its own, and below the verdict', () => {
  const table = stepTable(deployed).split('\n');
  expect(table[0]).toMatch(/ {2}deploy {2}changes$/);
  expect(table[1]).toMatch(/ {2}30 s {2}60 created$/);
  expect(table[4]).toMatch(/ {2}12\.3 s {2}2 updated, 1 replaced$/);
  expect(stepTable(deployed, 95)).toMatch(/^.* deploy\n/);
  expect(summary(deployed)).toMatch(/^5 deploys with the cdk command line, 79\.4 s together$/m);
  expect(`${stepTable(report)}${summary(report)}`).not.toContain('deploy');
});

test('the summary says what held, and for how many requests', () => {
  expect(summary(report)).toMatch(
    /^held: 5 steps, \d+.\d+ requests, 0 failed, .*\nno failure among so many: .*\nclient, Envoy and apps counted the same$/,
  );
  const broken = { ...report, verdict: 'did not hold' as const, problems: ['50/50: a problem'], remarks: ['a remark'] };
  expect(summary(broken)).toMatch(/^did not hold: (.|\n)*\n- 50\/50: a problem\n- a remark$/);
});

test('what could not be measured says why before anything else, and promises nothing', () => {
  const [first, ...others] = summary(unmeasured).split('\n');
  expect(first).toMatch(/^not measured: 5 steps, /);
  expect(others.slice(0, 2)).toEqual(unmeasured.unmeasured.map((cause) => `- ${cause}`));
  expect(others.at(-1)).toBe('- 3 requests came from somebody else');
  expect(others.join('\n')).not.toContain('confidence');

  const both = { ...unmeasured, verdict: 'did not hold' as const, problems: ['a problem'] };
  expect(summary(both)).toMatch(/^did not hold: (.|\n)*\n- a problem\n- 50\/50: 18 requests had no answer in time/);
});

test.each([
  [fault, /; from then on 1.234 requests failed, and retries hid 56 more; going back ended the failures at once: /],
  [{ ...fault, failed: 1 }, /; from then on 1 request failed, and retries hid 56 more; /],
  [{ ...fault, hiddenByRetries: 0 }, /; from then on 1.234 requests failed; going back ended the failures at once: /],
  [{ ...fault, bit: false }, /^fault: green is killed, and not started again; it did not show: this run says nothing about it$/m],
])('the summary tells of a fault: case %#', (shown, words) => expect(summary({ ...report, fault: shown })).toMatch(words));

test('in 40 characters the summary goes on in the next line, and parts no number from what it counts', () => {
  const lines = summary({ ...unmeasured, fault }, 40).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  expect(lines.slice(0, 5)).toEqual([
    expect.stringMatching(/^not measured: 5 steps, \d.\d{3} requests,$/),
    expect.stringMatching(/^0 failed, \d+(\.\d)? s$/),
    '- 50/50: 18 requests had no answer in',
    '  time, while the client came up to',
    '  340 ms too late to do its own work',
  ]);
});
