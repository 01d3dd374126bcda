import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEnvoy } from '../../../lib/local/envoy/envoy-binary';
import { rehearse } from '../../../lib/rehearsal/rehearsal';
import { reportPage } from '../../../lib/rehearsal/report/page';
import type { RehearsalReport } from '../../../lib/rehearsal/report/report';
import { findChromium, type PageOptions, probePage } from '../chromium';
import { planOf } from '../short-plan';
import { fault, ladder, report, unmeasured, withLongLabels } from './reports';

const browser = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const probe = (name: string) => join(__dirname, name);

jest.setTimeout(120_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Drawn {
  readonly areas: readonly { readonly kind: string; readonly width: number; readonly height: number; readonly fill: string }[];
  readonly steps: readonly string[];
  readonly atBottom: readonly (readonly string[])[];
  readonly failedBars: number;
  readonly background: string;
  readonly ink: string;
  readonly tip: string;
  readonly tipBefore: boolean;
  readonly requests: number;
  readonly rows: number;
  readonly overflow: boolean;
}

interface Narrow {
  readonly width: number;

  /** Without the bar for scrolling. */
  readonly room: number;
  readonly steps: number;
  readonly names: number;
  readonly failed: readonly number[];
  readonly others: number;
  readonly documentWidth: number;
  readonly scrolling: readonly string[];
  readonly letters: number;
}

interface Checked {
  readonly passes: number;
  readonly violations: readonly string[];
}

if (browser === undefined) {
  if (process.env.CI === 'true') {
    test('there is a browser', () => {
      throw new Error('expected chromium on the PATH, or CHROMIUM_PATH');
    });
  } else {
    console.warn('skipped: no chromium found; install it, or set CHROMIUM_PATH, to have the page of the report opened');
    test.skip('the page is drawn', () => {});
  }
} else {
  const found = (report: RehearsalReport, options: PageOptions) => {
    const file = join(mkdtempSync(join(folder, 'page-')), 'index.html');
    writeFileSync(file, reportPage(report));
    return probePage(browser, file, options);
  };

  describe('the page of a fault', () => {
    let rehearsed: RehearsalReport;
    beforeAll(async () => {
      rehearsed = await rehearse(planOf('-c', 'trafficPlane=load-balancer', '--fault', 'green=error'), {
        envoy: await findEnvoy(),
      });
    });

    test.each([
      { name: 'light', dark: false },
      { name: 'dark', dark: true },
    ])('has a chart in $name, with steps, shares and failures', async ({ dark }) => {
      const drawn = (await found(rehearsed, { dark, scripts: [probe('page-probe.js')] })) as Drawn;

      expect(drawn.areas.map(({ kind }) => kind)).toEqual(['area slot1', 'area failures', 'area slot0']);
      // Blue from the first moment to the last; green at its share, in the middle.
      const [green, failures, blue] = drawn.areas;
      expect(blue?.width).toBeGreaterThan(800);
      expect(blue?.height).toBeGreaterThan(150);
      expect(green?.width).toBeGreaterThan(50);
      expect(failures?.height).toBeGreaterThan(2);
      expect(new Set(drawn.areas.map(({ fill }) => fill)).size).toBe(3);
      expect(drawn.steps).toEqual(
        rehearsed.steps.map(({ name }, index) => expect.stringMatching(new RegExp(`^(${name}|.+….*|${index})$`))),
      );
      expect(drawn.failedBars).toBeGreaterThan(0);
      expect(drawn.rows).toBe(rehearsed.steps.length + rehearsed.counts.length);

      expect(drawn.tipBefore).toBe(true);
      expect(drawn.tip).toMatch(/^\d+\.\d to \d+\.\d s, .*\nblue: \d+ .*\ngreen: \d+.*\nfailed: \d+$/);
      expect(drawn.requests).toBe(0);
      expect(drawn.overflow).toBe(false);
      expect(brightness(drawn.background) > brightness(drawn.ink)).toBe(!dark);
    });

    test('shows nothing of green while no user reaches it, although the preview header does', async () => {
      const { atBottom } = (await found(rehearsed, { scripts: [probe('page-probe.js')] })) as Drawn;
      expect(rehearsed.steps[1]).toMatchObject({ name: 'green at 0', preview: { reached: { green: 20 } } });
      expect(atBottom[1]).not.toContain('area slot1');
      expect(atBottom[2]).toContain('area slot1');
    });
  });

  test('green is drawn up to the moment at which its share changed, and not a pixel beyond it', async () => {
    const { atBottom } = (await found(report, { scripts: [probe('page-probe.js')] })) as Drawn;
    expect(atBottom).toEqual([['area slot0'], ['area slot0'], ['area slot1'], ['area slot1'], ['area slot1']]);
  });

  const pages = [
    { name: '5 steps', shown: { ...report, fault } },
    { name: '20 steps', shown: ladder(20) },
    { name: 'what could not be measured', shown: unmeasured },
  ];

  test.each([...pages, { name: 'labels of 60 characters', shown: withLongLabels({ ...report, fault }) }])(
    'on 390 pixels, failures and labels stay in sight: $name',
    async ({ shown }) => {
      const narrow = (await found(shown, { width: 390, scripts: [probe('narrow-probe.js')] })) as Narrow;
      expect(narrow.width).toBe(390);
      expect(narrow.documentWidth).toBe(narrow.room);
      expect(narrow.steps).toBe(shown.steps.length);
      expect(narrow.names).toBeLessThan(narrow.room);
      expect(narrow.failed).toHaveLength(shown.steps.length);
      expect(Math.max(...narrow.failed)).toBeLessThan(narrow.room);
      expect(narrow.others).toBeLessThan(narrow.room);
      // The chart keeps letters that can be read, and scrolls.
      expect(narrow.scrolling).toEqual(['Chart: share of requests over time']);
      expect(narrow.letters).toBeGreaterThan(10);
    },
  );

  test.each([
    { width: 390, look: 'light', dark: false },
    { width: 390, look: 'dark', dark: true },
    { width: 1160, look: 'light', dark: false },
    { width: 1160, look: 'dark', dark: true },
  ])('nothing keeps a reader out, on $width pixels in $look', async ({ width, dark }) => {
    const scripts = [require.resolve('axe-core/axe.min.js'), probe('axe-probe.js')];
    const all = await Promise.all(pages.map(({ shown }) => found(shown, { width, dark, scripts }) as Promise<Checked>));
    expect(all.map(({ violations }, index) => [pages[index]?.name, violations])).toEqual(pages.map(({ name }) => [name, []]));
    expect(Math.min(...all.map(({ passes }) => passes))).toBeGreaterThan(20);
  });
}

function brightness(colour: string): number {
  return (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
}
