import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../until';
import type { Window } from './driven-chromium';
import { testInBrowser, textOf, textsOf } from './driven-page';
import {
  alarm,
  guardRefusal,
  openWayIn,
  serviceState,
  showRelease,
  showSecond,
  stackEvent,
  task,
  wayInOf,
} from './shown-release';

/** Of the tree that a screen reader has. */
interface AccessibleNode {
  readonly role?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

const looks = [
  { width: 390, look: 'light', dark: false },
  { width: 390, look: 'dark', dark: true },
  { width: 1160, look: 'light', dark: false },
  { width: 1160, look: 'dark', dark: true },
];

testInBrowser((page) => {
  test('to who listens it tells what matters, and nothing that only ticks', async () => {
    showRelease(page.watched);
    const window = await page.shown();
    expect(await textOf(window, '#news')).toBe('');
    expect(await window.find("document.querySelectorAll('[aria-live], [role=log], [role=status], [role=alert]').length")).toBe(1);
    // Each sentence is read once, and not all of them with each.
    const { nodes } = (await window.send('Accessibility.getFullAXTree')) as unknown as { nodes: readonly AccessibleNode[] };
    const log = nodes.find(({ role }) => role?.value === 'log');
    expect(Object.fromEntries(log?.properties?.map(({ name, value }) => [name, value.value]) ?? [])).toMatchObject({
      live: 'polite',
      atomic: false,
    });
    page.watched.onService(serviceState('shop', 'blue', '1.4.0', []));
    page.watched.onStackEvent(
      stackEvent('shop', { logicalId: 'Rule', resourceType: 'T', status: 'UPDATE_COMPLETE', id: 'rule' }),
    );
    page.watched.onAlarm(alarm('shop', { state: 'OK' }));
    page.watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_COMPLETE' }));
    await until(async () => (await textsOf(window, '#news p')).length === 2);
    expect(await textsOf(window, '#news p')).toEqual([
      expect.stringMatching(/^An alarm of shop is back at OK: slot green of shop/),
      'shop is deployed.',
    ]);
  });

  test('no text is taken for HTML', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    showRelease(page.watched, evil);
    page.watched.onStackEvent(stackEvent(evil, { ...guardRefusal, reason: evil }));
    page.watched.onAlarm(alarm(evil, { description: evil, reason: evil }));
    const window = await page.shown();
    expect(await textOf(window, '.stack h2')).toBe(evil);
    expect(await textOf(window, '.stack .problems')).toContain(evil);
    expect(await window.find("document.querySelectorAll('img, body script').length")).toBe(0);
    expect(await window.find('document.title')).toBe('AWS on this machine');
  });

  test('when the connection is lost it says so, and is there again by itself', async () => {
    showRelease(page.watched);
    const proxy = (port: number) =>
      new Promise<Server>((resolve) => {
        const passing = createServer((incoming, outgoing) => {
          const { origin: _, ...others } = incoming.headers;
          const headers = { ...others, host: new URL(page.server.url).host };
          const asking = httpRequest(`${page.server.url}${incoming.url}`, { headers }, (answer) => {
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(outgoing);
          });
          asking.on('error', () => outgoing.destroy());
          outgoing.on('close', () => asking.destroy());
          asking.end();
        });
        passing.listen(port, '127.0.0.1', () => resolve(passing));
      });
    const end = async (passing: Server) => {
      const closed = new Promise((resolve) => passing.close(resolve));
      passing.closeAllConnections();
      await closed;
    };
    const first = await proxy(0);
    const { port } = first.address() as AddressInfo;
    const window = await page.shown({}, `http://127.0.0.1:${port}`);
    await end(first);
    await until(() => window.find<boolean>("!document.querySelector('#lost').hidden"));
    expect(await textOf(window, '#connection')).toBe('✕ connection lost');
    expect(await textOf(window, '#lost')).toMatch(/as it was at \d\d:\d\d:\d\d\./);
    expect(await textOf(window, '.stack h2')).toBe('shop');
    const before = await window.find<string[]>(
      "[...document.querySelectorAll('main .pill')].map((each) => getComputedStyle(each, '::before').content)",
    );
    expect([before.length, new Set(before)]).toEqual([5, new Set(['"was: "'])]);

    page.watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_COMPLETE' }));
    const second = await proxy(port);
    await until(() => window.find<boolean>("document.querySelector('#lost').hidden"));
    expect(await textOf(window, '.stack .pill')).toBe('✓ deployed');
    expect(await textsOf(window, '#events li')).toHaveLength(4);
    expect(await textsOf(window, '#news p')).toEqual([
      'The connection to the AWS on this machine is lost.',
      'The connection is back.',
    ]);

    // Another AWS, in which nothing has happened.
    expect(await window.find("document.querySelector('#no-events').hidden")).toBe(true);
    await page.startAnew();
    await until(() => window.find<boolean>("!document.querySelector('#no-events').hidden"));
    expect(await textsOf(window, '#events li')).toEqual([]);
    await end(second);
  });

  test.each(looks)('nothing keeps a reader out, on $width pixels in $look', async ({ width, dark }) => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const check = async (window: Window) => {
      await window.find(`${axe}; undefined`);
      const found = await window.find<{
        passes: number;
        violations: string[];
      }>(`axe.run(document).then(({ passes, violations }) => ({
        passes: passes.length,
        violations: violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')),
      }))`);
      expect(found.violations).toEqual([]);
      expect(found.passes).toBeGreaterThan(20);
      // Nothing lies beside the window.
      expect(await window.find('document.documentElement.scrollWidth')).toBe(width);
    };
    await check(await page.shown({ width, dark }));
    showRelease(page.watched);
    showRelease(page.watched, `a-stack-with-a-very-long-name-${'x'.repeat(90)}`);
    page.watched.onStackEvent(stackEvent('shop', guardRefusal));
    page.watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: guardRefusal.reason }));
    page.watched.onAlarm(alarm('shop', { arn: 'a third', state: 'INSUFFICIENT_DATA' }));
    const window = await page.shown({ width, dark });
    expect(await window.find('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(dark);
    await check(window);
    await page.server.stop();
    await until(() => window.find<boolean>("!document.querySelector('#lost').hidden"));
    await check(window);
  });

  test('the keyboard reaches everything that scrolls, and it is seen where it is', async () => {
    showRelease(page.watched);
    for (let each = 0; each < 60; each += 1) {
      page.watched.onStackEvent(stackEvent('shop', { id: `${each}`, logicalId: `Thing${each}`, resourceType: 'T' }));
    }
    const window = await page.shown({ width: 390 });
    const scrolling = await window.find<string[]>(`[...document.querySelectorAll('main *')]
      .filter((each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight)
      .map((each) => each.getAttribute('aria-label'))`);
    expect(scrolling).toEqual(['Events of CloudFormation, the newest first']);
    const reached: string[] = [];
    for (let each = 0; each < 4; each += 1) {
      await window.press('Tab', 9);
      reached.push(
        await window.find<string>(
          "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName) + ' ' + getComputedStyle(document.activeElement).outlineStyle",
        ),
      );
    }
    expect(reached).toContain(`${scrolling[0]} solid`);
    expect(reached).toContain('A solid');
  });

  test('ten minutes of load leave the page and the server as small as two', async () => {
    // Only the clock is not the real one: it runs ahead.
    jest.useFakeTimers({
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
    try {
      const begin = Math.floor(Date.now() / 1000) * 1000;
      jest.setSystemTime(begin);
      showRelease(page.watched);
      const window = await page.shown();
      await window.send('HeapProfiler.enable');
      const measure = async () => {
        await window.send('HeapProfiler.collectGarbage');
        const { usedSize } = await window.send('Runtime.getHeapUsage');
        const elements = await window.find<number>("document.querySelectorAll('*').length");
        return {
          elements,
          usedSize: Number(usedSize),
          seconds: await window.find<number>("import('/seconds.mjs').then(({ keptSeconds }) => keptSeconds())"),
        };
      };
      const goTo = async (from: number, to: number) => {
        for (let second = from; second <= to; second += 1) {
          jest.setSystemTime(begin + second * 1000);
          showSecond(page.watched, 'shop', begin + second * 1000, 25);
          page.watched.onStackEvent(stackEvent('shop', { id: `${second}`, logicalId: `Thing${second}`, resourceType: 'T' }));
          page.watched.onService(serviceState('shop', 'green', '1.5.0', [task(`task ${second}`), task(`task ${second + 1}`)]));
          if (second % 20 === 0) {
            page.watched.onWaysIn([openWayIn('shop', 75, 20 + (second % 3))]);
            await until(async () => (await textOf(window, '#events li')).includes(`Thing${second} `));
          }
        }
      };
      await goTo(1, 240);
      const before = await measure();
      await goTo(241, 840);
      let after = await measure();
      // What lies about for a moment goes; what is kept does not.
      await until(async () => {
        after = await measure();
        return after.usedSize < before.usedSize * 1.5;
      });
      expect(after.elements).toBeLessThanOrEqual(before.elements + 20);
      expect(after.seconds).toBeLessThanOrEqual(3 * 127);
      expect(after.seconds).toBeGreaterThan(200);
      expect(await textsOf(window, '#events li')).toHaveLength(200);
      expect(await textsOf(window, '.numbers tbody tr')).toEqual([
        expect.stringMatching(/^blue/),
        expect.stringMatching(/^green/),
        expect.stringMatching(/^no slot/),
      ]);
      expect(
        page.watched.since(undefined, Date.now()).message.traffic?.find(({ wayIn }) => wayIn === wayInOf('shop'))?.seconds.length,
      ).toBeLessThan(127);
    } finally {
      jest.useRealTimers();
    }
  });
});
