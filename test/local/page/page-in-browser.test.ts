import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PageServer } from '../../../lib/local/page/page-server';
import { WatchedAws } from '../../../lib/local/page/watched-aws';
import { findChromium } from '../../rehearsal/chromium';
import { until } from '../../until';
import { DrivenChromium, type Window, type WindowOptions } from './driven-chromium';
import {
  about,
  alarm,
  openWayIn,
  request,
  serviceState,
  showRelease,
  showSecond,
  stackEvent,
  targetOf,
  task,
  wayInOf,
} from './shown-release';

const binary = findChromium();

jest.setTimeout(180_000);

const refusal = {
  logicalId: 'BlueGreenGuard0A1B2C3D',
  resourceType: 'Custom::ReleaseGuard',
  status: 'UPDATE_FAILED',
  reason: 'greenActive: got false, expected true, since green answers requests (weight 1): keep greenActive true',
};

const looks = [
  { width: 390, look: 'light', dark: false },
  { width: 390, look: 'dark', dark: true },
  { width: 1160, look: 'light', dark: false },
  { width: 1160, look: 'dark', dark: true },
];

if (binary === undefined) {
  if (process.env.CI === 'true') {
    test('there is a browser', () => {
      throw new Error('expected chromium on the PATH, or CHROMIUM_PATH');
    });
  } else {
    console.warn('skipped: no chromium found; install it, or set CHROMIUM_PATH, to have the page of the local AWS opened');
    test.skip('the page is shown', () => {});
  }
} else {
  let browser: DrivenChromium;
  let watched: WatchedAws;
  let server: PageServer;

  beforeAll(async () => {
    browser = await DrivenChromium.start(binary);
  });
  afterAll(() => browser.stop());
  beforeEach(async () => {
    watched = new WatchedAws();
    server = await PageServer.start({ watched, about });
  });
  afterEach(() => server.stop());

  const shown = async (options: WindowOptions = {}, url = server.url): Promise<Window> => {
    const window = await browser.open(url, options);
    await until(() => window.find<boolean>("document.querySelector('#connection').textContent === '● live'"));
    return window;
  };
  const textOf = (window: Window, selector: string) =>
    window.find<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`);
  const textsOf = (window: Window, selector: string) =>
    window.find<string[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText)`);

  test('what it shows is what was told', async () => {
    showRelease(watched);
    const window = await shown();
    expect(await textOf(window, '.stack h2')).toBe('shop');
    expect(await textOf(window, '.stack .pill')).toBe('… deploying');
    expect(await textOf(window, '.stack .sub')).toMatch(/^UPDATE_IN_PROGRESS since \d\d:\d\d:\d\d \(6\d s\)$/);
    const alarms = await textsOf(window, '.alarms li');
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toMatch(
      /^✕ ALARM\nBlueGreenGreenErrorAlarm since .* \(1\d s\)\s+slot green of shop answers 5 %.*\s+Threshold Crossed/,
    );
    expect(alarms[1]).toMatch(/^✓ OK\nServiceAlarm since/);
    expect(await textOf(window, '.way h3')).toBe('load balancer LoadBalancer');
    expect(await window.find("document.querySelector('.way a').href")).toBe('http://127.0.0.1:40123/');
    expect(await textsOf(window, '.legend li')).toEqual(['blue: weight 75', 'green: weight 25', 'expected', 'failed']);
    const rows = (await textsOf(window, '.numbers tbody tr')).map((row) => row.split(/\s*\t\s*/));
    expect(rows).toEqual([
      ['blue', '75', '75 %', expect.stringMatching(/^\d\d$/), '0', expect.stringMatching(/ ms$/), expect.stringMatching(/ ms$/)],
      [
        'green',
        '25',
        '25 %',
        expect.stringMatching(/^\d\d$/),
        expect.stringMatching(/^\d+ errors$/),
        expect.stringMatching(/ ms$/),
        expect.stringMatching(/ ms$/),
      ],
      ['no slot', '–', '0 %', '0', '0', '–', '–'],
    ]);
    expect(await window.find("document.querySelector('.chart').getAttribute('aria-label')")).toMatch(
      /^Share of requests in the last two minutes: blue 8\d(\.\d)? %, green 1\d(\.\d)? %\. Failed: \d+ of \d+\.$/,
    );
    expect(await textsOf(window, '.service h4')).toEqual(['slot blue', 'slot green']);
    expect(await textsOf(window, '.count')).toEqual(['2 of 2 tasks running', '2 of 2 tasks running']);
    const tasks = await textsOf(window, '.service:nth-child(2) .tasks li');
    expect(tasks).toEqual([
      expect.stringMatching(/^✓\nRUNNING, HEALTHY since .*\nexample\/shop:1\.5\.0 · a1a2a3a4$/),
      expect.stringMatching(/^✕\nRUNNING, UNHEALTHY since .*\nexample\/shop:1\.5\.0 · a5a6a7a8$/),
      expect.stringMatching(
        /^■\nSTOPPED since .*\nexample\/shop:1\.5\.0 · c1c2c3c4\nEssential container in task exited, exit code 1$/,
      ),
    ]);
    expect(await textsOf(window, '#events li strong')).toEqual([
      '✓ UPDATE_COMPLETE',
      '… UPDATE_IN_PROGRESS',
      '✓ UPDATE_COMPLETE',
    ]);
    expect(await window.find("document.querySelector('#empty').hidden && document.querySelector('#lost').hidden")).toBe(true);
    const resources = "performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)";
    expect(new Set(await window.find<string[]>(resources))).toEqual(new Set([server.url]));
  });

  test('the picture shows the shares, the weights and the failures', async () => {
    showRelease(watched);
    const window = await shown({ isStill: true });
    const areas = await window.find<Record<string, { width: number; top: number; height: number; right: number }>>(`(() => {
      const svg = document.querySelector('.chart').getBoundingClientRect();
      return Object.fromEntries([...document.querySelectorAll('.chart .area, .chart .expected, .chart path.failed')].map((each) => {
        const { width, height, top, right } = each.getBBox ? { ...each.getBoundingClientRect().toJSON() } : {};
        return [each.getAttribute('class').split(' ').slice(0, 2).join(' '), { width, height, top: top - svg.top, right: svg.right - right }];
      }));
    })()`);
    const { 'area slot0': blue, 'area slot1': green, 'area failures': failures, expected, failed } = areas;
    // Blue for two minutes; green for one, at three quarters of its share, with its failures on top of it.
    expect(blue?.width).toBeGreaterThan(950);
    expect(green?.width).toBeGreaterThan((blue?.width ?? 0) * 0.45);
    expect(green?.width).toBeLessThan((blue?.width ?? 0) * 0.55);
    expect(green?.height).toBeGreaterThan(130 * 0.18);
    expect(green?.height).toBeLessThan(130 * 0.21);
    expect(failures?.height).toBeGreaterThan(130 * 0.04);
    expect(Math.abs((failed?.width ?? 0) - (failures?.width ?? 0))).toBeLessThan(2);
    expect(Math.abs((expected?.top ?? 0) - (10 + 130 * 0.75))).toBeLessThan(2);
    // Who wants nothing to move sees whole seconds: the last one ends where the picture does.
    expect(blue?.right).toBeCloseTo(8, 1);
  });

  test('what changes is shown, and what has the focus keeps it', async () => {
    showRelease(watched);
    const window = await shown();
    await window.find("document.querySelector('.way a').focus()");
    watched.onWaysIn([openWayIn('shop', 1, 1)]);
    watched.onService(
      serviceState('shop', 'green', '1.5.0', [task('a1a2a3a4c5d6', { lastStatus: 'STOPPING', stoppingAt: Date.now() })]),
    );
    watched.onAlarm(alarm('shop', { state: 'OK', since: Date.now() }));
    watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'an alarm went off' }));
    await until(async () => (await textOf(window, '.stack .pill')) === '↩ rolling back');
    expect(await textsOf(window, '.legend li')).toEqual(['blue: weight 1', 'green: weight 1', 'expected', 'failed']);
    expect(await textOf(window, '.service:nth-child(2) .tasks')).toMatch(/^↓\nSTOPPING since/);
    expect(await textOf(window, '.stack > .reason')).toBe('an alarm went off');
    expect((await textsOf(window, '.alarms li')).map((each) => each.split('\n')[0])).toEqual(['✓ OK', '✓ OK']);
    expect(await window.find("document.activeElement === document.querySelector('.way a')")).toBe(true);
    watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_COMPLETE' }));
    await until(async () => (await textOf(window, '.stack .pill')) === '↩ rolled back');
    watched.onWaysIn([]);
    await until(async () => (await textsOf(window, '.way')).length === 0);
  });

  test('requests that no slot got stand by themselves', async () => {
    showRelease(watched);
    const now = Date.now();
    for (let each = 0; each < 7; each += 1) {
      watched.onRequest(request('shop', now - 3000, undefined, { status: 503, flags: ['NR'] }));
    }
    const window = await shown();
    const row = async () => (await textsOf(window, '.numbers tbody tr')).at(-1)?.split(/\s*\t\s*/)[4];
    expect(await row()).toBe('7 without answer');
  });

  test('a refusal of the guard is told in its own words', async () => {
    showRelease(watched);
    watched.onStackEvent(stackEvent('shop', refusal));
    const window = await shown();
    expect(await textOf(window, '.stack .problems')).toMatch(
      /^✕ The guard has refused this deploy\n\d\d:\d\d:\d\d greenActive: got false, expected true/,
    );
    const place = await window.find<boolean>(
      "document.querySelector('.problems li').getBoundingClientRect().bottom < document.querySelector('.way').getBoundingClientRect().top",
    );
    expect(place).toBe(true);
  });

  test('to who listens it tells what matters, and nothing that only ticks', async () => {
    showRelease(watched);
    const window = await shown();
    expect(await textOf(window, '#news')).toBe('');
    expect(await window.find("document.querySelectorAll('[aria-live], [role=status], [role=alert]').length")).toBe(1);
    watched.onService(serviceState('shop', 'blue', '1.4.0', []));
    watched.onStackEvent(stackEvent('shop', { logicalId: 'Rule', resourceType: 'T', status: 'UPDATE_COMPLETE', id: 'rule' }));
    watched.onAlarm(alarm('shop', { state: 'OK' }));
    watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_COMPLETE' }));
    await until(async () => (await textsOf(window, '#news p')).length === 2);
    expect(await textsOf(window, '#news p')).toEqual([
      expect.stringMatching(/^An alarm is back at OK: slot green of shop/),
      'shop is deployed.',
    ]);
  });

  test('no text is taken for HTML', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    showRelease(watched, evil);
    watched.onStackEvent(stackEvent(evil, { ...refusal, reason: evil }));
    watched.onAlarm(alarm(evil, { description: evil, reason: evil }));
    const window = await shown();
    expect(await textOf(window, '.stack h2')).toBe(evil);
    expect(await textOf(window, '.stack .problems')).toContain(evil);
    expect(await window.find("document.querySelectorAll('img, body script').length")).toBe(0);
    expect(await window.find('document.title')).toBe('AWS on this machine');
  });

  test('before anything is deployed it says what to do', async () => {
    const window = await shown();
    expect(await textOf(window, '#empty')).toContain('Nothing is deployed yet');
    expect(await textOf(window, '#commands')).toBe(about.commands.join('\n'));
    watched.onStackEvent(stackEvent('CDKToolkit', { status: 'CREATE_COMPLETE' }));
    await until(async () => (await textsOf(window, '.stack h2')).includes('CDKToolkit'));
    expect(await window.find("document.querySelector('#empty').hidden")).toBe(false);
    watched.onStackEvent(stackEvent('shop', { status: 'CREATE_IN_PROGRESS' }));
    await until(() => window.find<boolean>("document.querySelector('#empty').hidden"));
  });

  test('several stacks, and several apps at one way in, keep apart', async () => {
    showRelease(watched, 'cart');
    showRelease(watched, 'shop');
    const shop = openWayIn('shop', 3, 1);
    const rename = (name: string) => `${name} of cart`;
    const ofCart = openWayIn('cart', 1, 1);
    const both = {
      ...shop,
      targets: [...shop.targets, ...ofCart.targets.map((target) => ({ ...target, name: rename(target.name) }))],
      splits: [
        ...shop.splits,
        ...ofCart.splits.map(({ name, targets }) => ({
          name: `Cart${name}`,
          targets: targets.map((each) => ({ ...each, target: rename(each.target) })),
        })),
      ],
    };
    watched.onWaysIn([both]);
    for (let each = 0; each < 30; each += 1) {
      const slot = each < 10 ? 'green' : 'blue';
      watched.onRequest(request('shop', Date.now() - 4000, slot, { target: rename(targetOf(slot)) }));
    }
    const window = await shown();
    expect(await textsOf(window, '.stack h2')).toEqual(['cart', 'shop']);
    expect(await textsOf(window, '.split h4')).toEqual([
      'Share of requests, last two minutes: ListenerRule',
      'Share of requests, last two minutes: CartListenerRule',
    ]);
    expect(await textsOf(window, '.split:nth-child(2) .legend li')).toEqual([
      'blue: weight 1',
      'green: weight 1',
      'expected',
      'failed',
    ]);
    const rows = (await textsOf(window, '.numbers tbody tr')).map((row) =>
      row
        .split(/\s*\t\s*/)
        .slice(0, 3)
        .join(' '),
    );
    expect(rows.sort()).toEqual([
      'blue 1 66.7 %',
      'blue 3 75 %',
      'green 1 25 %',
      'green 1 33.3 %',
      expect.stringMatching(/^no slot/),
    ]);
  });

  test('when the connection is lost it says so, and is there again by itself', async () => {
    showRelease(watched);
    const proxy = (port: number) =>
      new Promise<Server>((resolve) => {
        const passing = createServer((incoming, outgoing) => {
          const { origin: _, ...others } = incoming.headers;
          const headers = { ...others, host: new URL(server.url).host };
          const asking = httpRequest(`${server.url}${incoming.url}`, { headers }, (answer) => {
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
    const window = await shown({}, `http://127.0.0.1:${port}`);
    await end(first);
    await until(() => window.find<boolean>("!document.querySelector('#lost').hidden"));
    expect(await textOf(window, '#connection')).toBe('✕ connection lost');
    expect(await textOf(window, '#lost')).toMatch(/as it was at \d\d:\d\d:\d\d\./);
    expect(await textOf(window, '.stack h2')).toBe('shop');

    watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_COMPLETE' }));
    const second = await proxy(port);
    await until(() => window.find<boolean>("document.querySelector('#lost').hidden"));
    expect(await textOf(window, '.stack .pill')).toBe('✓ deployed');
    expect(await textsOf(window, '#events li')).toHaveLength(4);
    expect(await textsOf(window, '#news p')).toEqual([
      'The connection to the AWS on this machine is lost.',
      'The connection is back.',
    ]);
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
    await check(await shown({ width, dark }));
    showRelease(watched);
    showRelease(watched, `a-stack-with-a-very-long-name-${'x'.repeat(90)}`);
    watched.onStackEvent(stackEvent('shop', refusal));
    watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: refusal.reason }));
    watched.onAlarm(alarm('shop', { arn: 'a third', state: 'INSUFFICIENT_DATA' }));
    const window = await shown({ width, dark });
    expect(await window.find('matchMedia("(prefers-color-scheme: dark)").matches')).toBe(dark);
    await check(window);
    await server.stop();
    await until(() => window.find<boolean>("!document.querySelector('#lost').hidden"));
    await check(window);
    server = await PageServer.start({ watched, about });
  });

  test('the keyboard reaches everything that scrolls, and it is seen where it is', async () => {
    showRelease(watched);
    for (let each = 0; each < 60; each += 1) {
      watched.onStackEvent(stackEvent('shop', { id: `${each}`, logicalId: `Thing${each}`, resourceType: 'T' }));
    }
    const window = await shown({ width: 390 });
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
      showRelease(watched);
      const window = await shown();
      await window.send('HeapProfiler.enable');
      const measure = async () => {
        await window.send('HeapProfiler.collectGarbage');
        const { usedSize } = await window.send('Runtime.getHeapUsage');
        const elements = await window.find<number>("document.querySelectorAll('*').length");
        return {
          elements,
          usedSize: Number(usedSize),
          seconds: await window.find<number>('Number(document.body.dataset.seconds)'),
        };
      };
      const goTo = async (from: number, to: number) => {
        for (let second = from; second <= to; second += 1) {
          jest.setSystemTime(begin + second * 1000);
          showSecond(watched, 'shop', begin + second * 1000, 25);
          watched.onStackEvent(stackEvent('shop', { id: `${second}`, logicalId: `Thing${second}`, resourceType: 'T' }));
          watched.onService(serviceState('shop', 'green', '1.5.0', [task(`task ${second}`), task(`task ${second + 1}`)]));
          if (second % 20 === 0) {
            watched.onWaysIn([openWayIn('shop', 75, 20 + (second % 3))]);
            await until(async () => (await textOf(window, '#events li')).includes(`Thing${second} `));
          }
        }
      };
      await goTo(1, 240);
      const before = await measure();
      await goTo(241, 840);
      const after = await measure();
      expect(after.elements).toBeLessThanOrEqual(before.elements + 20);
      expect(after.seconds).toBeLessThanOrEqual(3 * 127);
      expect(after.seconds).toBeGreaterThan(200);
      expect(after.usedSize).toBeLessThan(before.usedSize * 1.5);
      expect(await textsOf(window, '#events li')).toHaveLength(200);
      expect(await textsOf(window, '.numbers tbody tr')).toEqual([
        expect.stringMatching(/^blue/),
        expect.stringMatching(/^green/),
        expect.stringMatching(/^no slot/),
      ]);
      expect(
        watched.since(undefined, Date.now()).message.traffic?.find(({ wayIn }) => wayIn === wayInOf('shop'))?.seconds.length,
      ).toBeLessThan(127);
    } finally {
      jest.useRealTimers();
    }
  });
}
