import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import { rehearse } from '../../../lib/rehearsal/rehearsal';
import type { RehearsalReport } from '../../../lib/rehearsal/report/report';
import { writeReport } from '../../../lib/rehearsal/report/write-report';
import { findChromium, probePage } from '../chromium';
import { planOf } from '../short-plan';

const browser = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'report-'));
const page = join(folder, 'index.html');
let report: RehearsalReport;

jest.setTimeout(120_000);
beforeAll(async () => {
  report = await rehearse(planOf('--fault', 'green=error'), { envoy: await findEnvoy() });
  await writeReport(report, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('report.json holds the report', () => {
  expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(report);
});

test('the page needs nothing from outside, and lets no text of a user become markup', async () => {
  const html = readFileSync(page, 'utf8');
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(html).not.toMatch(/@import|url\(/);

  const slots = report.slots.map((slot) => ({ ...slot, app: '</script><img src=x onerror=alert(1)>' }));
  await writeReport({ ...report, slots, problems: ['<b>bold</b>'], entry: '"><i>' }, join(folder, 'other'));
  const other = readFileSync(join(folder, 'other', 'index.html'), 'utf8');
  expect(other).not.toMatch(/<img|<b>|<i>/);
  expect(other.match(/<\/script>/g)).toHaveLength(2);
});

test('a folder that cannot be written is named', async () => {
  await expect(writeReport(report, join(page, 'below'))).rejects.toThrow(
    /^--report: got ".*below", expected a folder that can be written/,
  );
});

interface Found {
  readonly areas: readonly { readonly kind: string; readonly width: number; readonly height: number; readonly fill: string }[];
  readonly steps: readonly string[];
  readonly failedBars: number;
  readonly background: string;
  readonly ink: string;
  readonly tip: string;
  readonly tipBefore: boolean;
  readonly requests: number;
  readonly rows: number;
  readonly overflow: boolean;
}

describe('in a browser', () => {
  if (browser === undefined) {
    if (process.env.CI === 'true') {
      test('there is one', () => {
        throw new Error('expected chromium on the PATH, or CHROMIUM_PATH');
      });
    } else {
      console.warn('skipped: no chromium found; install it, or set CHROMIUM_PATH, to have the page of the report opened');
      test.skip('the page is drawn', () => {});
    }
    return;
  }

  test.each([
    { name: 'light', dark: false },
    { name: 'dark', dark: true },
  ])('the chart is drawn in $name, with steps, shares and failures', ({ dark }) => {
    const found = probePage(browser, page, { dark, probe: join(__dirname, 'page-probe.js') }) as Found;

    expect(found.areas.map(({ kind }) => kind)).toEqual(['area slot1', 'area failures', 'area slot0']);
    // Blue from the first moment to the last; green at its share, in the middle.
    const [green, failures, blue] = found.areas;
    expect(blue?.width).toBeGreaterThan(800);
    expect(blue?.height).toBeGreaterThan(150);
    expect(green?.width).toBeGreaterThan(50);
    expect(failures?.height).toBeGreaterThan(2);
    expect(new Set(found.areas.map(({ fill }) => fill)).size).toBe(3);
    expect(found.steps).toEqual(report.steps.map(({ name }, index) => expect.stringMatching(new RegExp(`^(${name}|${index})$`))));
    expect(found.failedBars).toBeGreaterThan(0);
    expect(found.rows).toBe(report.steps.length + report.counts.length);

    expect(found.tipBefore).toBe(true);
    expect(found.tip).toMatch(/^\d+\.\d to \d+\.\d s, .*\nblue: \d+ .*\ngreen: \d+.*\nfailed: \d+$/);
    expect(found.requests).toBe(0);
    expect(found.overflow).toBe(false);
    expect(brightness(found.background) > brightness(found.ink)).toBe(!dark);
  });
});

function brightness(colour: string): number {
  return (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}
