import { reportPage } from '../../../lib/rehearsal/report/page';
import type { RehearsalReport } from '../../../lib/rehearsal/report/report';
import { deployed, fault, report, unmeasured, withLongLabels, withStep } from './reports';

const broken: RehearsalReport = { ...report, verdict: 'did not hold', problems: ['50/50: a <b>problem</b>'] };

test.each([
  { name: 'one that held', shown: report, badge: 'held">✓ held', headings: [] },
  { name: 'one that did not', shown: broken, badge: 'broken">✕ did not hold', headings: ['What did not hold'] },
  {
    name: 'one that could not be measured',
    shown: unmeasured,
    badge: 'unmeasured">– not measured',
    headings: ['Why this could not be measured', 'Good to know'],
  },
  {
    name: 'one that did not hold on a busy machine',
    shown: { ...unmeasured, verdict: 'did not hold', problems: ['50/50: a problem'] } as const,
    badge: 'broken">✕ did not hold',
    headings: ['What did not hold', 'What could not be measured', 'Good to know'],
  },
])('the page of $name says so first', ({ shown, badge, headings }) => {
  const html = reportPage(shown);
  const [kind, words = ''] = badge.split('">');
  expect(html).toContain(`<title>Rehearsal of a release on load-balancer: ${shown.verdict}</title>`);
  expect(html).toContain(`<body class="${kind}">`);
  expect(html).toContain(`<p class="verdict">${words}</p>`);
  const beforeTiles = html.slice(0, html.indexOf('class="tiles"'));
  expect([...beforeTiles.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, heading]) => heading)).toEqual(headings);
  for (const sentence of [...shown.unmeasured, ...shown.remarks]) {
    expect(beforeTiles).toContain(`<li>${sentence}</li>`);
  }
});

test('a step that could not be measured is neither ticked nor crossed', () => {
  const marks = (shown: RehearsalReport) =>
    [...reportPage(shown).matchAll(/<td class="what"><span class="\w+">(.)/g)].map(([, mark]) => mark);
  expect(marks(report).join('')).toBe('✓✓✓✓✓');
  expect(marks(unmeasured).join('')).toBe('✓✓–✓✓');
  expect(marks(withStep(1, { problems: ['a problem'], unmeasured: ['a cause'] })).join('')).toBe('✓✕✓✓✓');
});

test('what the deploy of a step did stands below its name', () => {
  const words = (shown: RehearsalReport) =>
    [...reportPage(shown).matchAll(/; ((?:deployed in|<span[^>]*>the deploy changes) .*?)<\/span>/g)].map(([, text = '']) =>
      text.replace(/<[^>]*>/g, ''),
    );
  expect(words(deployed)).toEqual([
    'deployed in 30 s: 60 created',
    'deployed in 12.3 s: 2 updated',
    'deployed in 12.3 s: 2 updated',
    'deployed in 12.3 s: 2 updated, 1 replaced',
    'deployed in 12.3 s: 2 updated, 7 deleted',
  ]);
  expect(words(report)).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/^the deploy changes \d+ resources$/)));
});

test('what is expected is drawn until the next split, however long its deploy takes', () => {
  const expected = (shown: RehearsalReport) =>
    [...reportPage(shown).matchAll(/<line class="expected" x1="([\d.]+)" x2="([\d.]+)"/g)].map(([, from, to]) =>
      [from, to].map(Number),
    );
  const at = report.steps[2]?.at ?? { begin: 0, routesMoved: 0, hold: 0, end: 0 };
  const [[from = 0, to = 0] = []] = expected(report);
  expect(to).toBeGreaterThan(from);
  expect(expected(withStep(2, { at: { ...at, end: at.hold + 1 } }))).toEqual([[from, to]]);
});

test('preview requests have a column of their own, red where they failed', () => {
  const previews = (shown: RehearsalReport) => cells(reportPage(shown), 'preview');
  expect(previews(report)[1]).toEqual({ kind: 'right', text: '40 0 failed' });
  const failed = { requests: 40, failed: 20, reached: { blue: 20 } };
  expect(previews(withStep(1, { preview: failed }))[1]).toEqual({ kind: 'right bad', text: '40 20 failed' });

  const none = { ...report, steps: report.steps.map((step) => ({ ...step, preview: null })) };
  expect(previews(none)).toEqual([]);
  expect(reportPage(report)).toContain('Preview requests are');
  expect(reportPage(none)).not.toContain('Preview requests are');
});

test.each([
  [{ busy: 0.89, lateMs: 99 }, false, 'processors 89 % busy, client late by 99 ms at most'],
  [{ busy: 0.9, lateMs: 3 }, true, 'processors 90 % busy, client late by 3 ms at most'],
  [{ busy: 0.2, lateMs: 340 }, true, 'processors 20 % busy, client late by 340 ms at most'],
  [{ busy: null, lateMs: 1500 }, true, 'client late by 1.5 s at most'],
])('how busy the machine was, %j, stands in the table: %p, and under the pointer always', (machine, inTable, words) => {
  const html = reportPage(withStep(2, { machine }));
  expect(html.includes(`<span class="busy">${words}</span>`)).toBe(inTable);
  expect(html).toContain(`<strong title="${words}">50/50</strong>`);
  expect(html).toMatch(new RegExp(`<title>50/50: .*; ${words}</title>`));
});

test.each([
  [fault, 'From then on 1\u202f234 requests failed, and retries hid 56 more. Going back ended the failures at once'],
  [{ ...fault, wayOut: 'on', recoveryMs: 1200 } as const, 'Going on ended the failures after 1.2 s.'],
  [{ ...fault, hiddenByRetries: 0 }, 'From then on 1\u202f234 requests failed. Going back ended the failures at once'],
  [{ ...fault, bit: false, failed: 0, hiddenByRetries: 0 }, '<strong>It did not show: this run says nothing about it.</strong>'],
])('a fault is told in words: case %#', (shown, words) => {
  expect(reportPage({ ...report, fault: shown })).toContain(words);
});

test('of two latencies each says whose it is, and one alone needs no name', () => {
  const texts = (shown: RehearsalReport) => cells(reportPage(shown), 'latency p50, p99').map(({ text }) => text);
  const time = '[\\d.]+ m?s';
  expect(texts(report)[0]).toMatch(new RegExp(`^${time}, ${time}$`));
  expect(texts(report)[2]).toMatch(new RegExp(`^blue ${time}, ${time} green ${time}, ${time}$`));
  expect(texts(withLongLabels(report))[2]).toMatch(/^checkout…\S+-blue .* checkout…\S+green /);
});

test.each([
  { share: 0.08, label: 'blue…nly' },
  { share: 0.055, label: 'bl…ly' },
  { share: 0.05, label: '0' },
])('the name of a step that has $share of the width reads $label in the chart', ({ share, label }) => {
  const at = (part: number) => {
    const ms = report.totals.durationMs * part;
    return { begin: ms, routesMoved: ms, hold: ms, end: ms };
  };
  const steps = report.steps.map((step, index) => ({ ...step, at: at(index === 0 ? 0 : share + (index - 1) * 0.2) }));
  const names = [...reportPage({ ...report, steps }).matchAll(/<text class="name"[^>]*>(.*?)<\/text>/g)];
  expect(names.map(([, name]) => name)).toEqual([label, ...report.steps.slice(1).map(({ name }) => name)]);
});

test('counts that may differ say by how many', () => {
  const counts = report.counts.map((count, index) => ({ ...count, unsure: index === 0 ? 12 : 0 }));
  expect(reportPage({ ...report, counts })).toMatch(/<th[^>]*>may differ by<\/th>/);
  expect(reportPage({ ...report, counts })).toContain(`All ${counts.length} counts agree.`);
  expect(reportPage(report)).not.toContain('may differ by');
  expect(reportPage(report)).toContain(`All ${counts.length} counts agree to the last request.`);
});

test('the page needs nothing from outside, and lets no text of a user become markup', () => {
  const html = reportPage(report);
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(html).not.toMatch(/@import|url\(/);

  const slots = report.slots.map((slot) => ({ ...slot, app: '</script><img src=x onerror=alert(1)>' }));
  const sentences = ['<b>bold</b>'];
  const steps = report.steps.map((step) => ({ ...step, name: '<b>name</b>' }));
  const other = reportPage({
    ...report,
    slots,
    steps,
    problems: sentences,
    remarks: sentences,
    unmeasured: sentences,
    entry: '"><i>',
  });
  expect(other).not.toMatch(/<img|<b>|<i>/);
  expect(other.match(/<\/script>/g)).toHaveLength(2);
});

test('what scrolls can be reached with the keyboard, and has a name of its own', () => {
  const regions = [...reportPage(withLongLabels(report)).matchAll(/<div class="scroll"([^>]*)>/g)].map(
    ([, attributes = '']) => attributes,
  );
  expect(regions).toHaveLength(3);
  for (const attributes of regions) {
    expect(attributes).toMatch(/tabindex="0" role="region" aria-label="[^"]+"/);
  }
  expect(new Set(regions).size).toBe(3);
});

function cells(html: string, label: string): { kind: string | undefined; text: string | undefined }[] {
  return [...html.matchAll(new RegExp(`<td class="([^"]*)" data-label="${label}">(.*?)</td>`, 'g'))].map(
    ([, kind, content = '']) => ({
      kind,
      text: content
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    }),
  );
}
