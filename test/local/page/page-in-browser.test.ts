import { latencySeconds } from '../../../lib/local/page/latencies';
import { shownSeconds } from '../../../lib/local/page/request-counts';
import { keptEvents } from '../../../lib/local/page/watched-stacks';
import { until } from '../../until';
import { testInBrowser, textOf, textsOf } from './driven-page';
import {
  about,
  alarm,
  guardRefusal,
  openWayIn,
  request,
  serviceState,
  showRelease,
  stackEvent,
  targetOf,
  task,
} from './shown-release';

testInBrowser((page) => {
  test('what it shows is what was told', async () => {
    const window = await page.shown();
    showRelease(page.watched);
    await until(async () => (await textsOf(window, '.numbers td')).includes('75 %'));
    expect(await textOf(window, '.stack h2')).toBe('shop');
    expect(await textOf(window, '.stack .pill')).toBe('… deploying');
    expect(await textOf(window, '.stack .sub')).toMatch(/^UPDATE_IN_PROGRESS since \d\d:\d\d:\d\d \(\d+ s\)$/);
    const alarms = await textsOf(window, '.alarms li');
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toMatch(
      /^✕ ALARM\nBlueGreenGreenErrorAlarm since .* \(\d+ s\)\s+slot green of shop answers 5 %.*\s+Threshold Crossed/,
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
    expect(new Set(await window.find<string[]>(resources))).toEqual(new Set([page.server.url]));
  });

  test('the picture shows the shares, the weights and the failures', async () => {
    const window = await page.shown({ isStill: true });
    showRelease(page.watched);
    await until(() => window.find<boolean>("document.querySelectorAll('.chart .area[d^=M]').length === 3"));
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
    // Who wants nothing to move sees whole seconds.
    const second = (1160 - 2 * 20 - 2 * 21 - 46 - 8) / 120;
    const seconds = ((blue?.right ?? 0) - 8) / second;
    expect(Math.abs(seconds - Math.round(seconds))).toBeLessThan(0.05);
  });

  test('what changes is shown, and what has the focus keeps it', async () => {
    showRelease(page.watched);
    const window = await page.shown();
    await window.find("document.querySelector('.way a').focus()");
    page.watched.onWaysIn([openWayIn('shop', 1, 1)]);
    page.watched.onService(
      serviceState('shop', 'green', '1.5.0', [task('a1a2a3a4c5d6', { lastStatus: 'STOPPING', stoppingAt: Date.now() })]),
    );
    page.watched.onAlarm(alarm('shop', { state: 'OK', since: Date.now() }));
    page.watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'an alarm went off' }));
    await until(async () => (await textOf(window, '.stack .pill')) === '↩ rolling back');
    expect(await textsOf(window, '.legend li')).toEqual(['blue: weight 1', 'green: weight 1', 'expected', 'failed']);
    expect(await textOf(window, '.service:nth-child(2) .tasks')).toMatch(/^↓\nSTOPPING since/);
    expect(await textOf(window, '.stack > .reason')).toBe('an alarm went off');
    expect((await textsOf(window, '.alarms li')).map((each) => each.split('\n')[0])).toEqual(['✓ OK', '✓ OK']);
    expect(await window.find("document.activeElement === document.querySelector('.way a')")).toBe(true);
    page.watched.onStackEvent(stackEvent('shop', { status: 'UPDATE_ROLLBACK_COMPLETE' }));
    await until(async () => (await textOf(window, '.stack .pill')) === '↩ rolled back');
    page.watched.onWaysIn([]);
    await until(async () => (await textsOf(window, '.way')).length === 0);
  });

  test('a slot that is gone stays in the picture for as long as its requests', async () => {
    showRelease(page.watched);
    const { targets, splits, ...wayIn } = openWayIn('shop', 0, 1);
    const justGreen = splits.map((split) => ({ ...split, targets: split.targets.slice(1) }));
    page.watched.onWaysIn([{ ...wayIn, targets: targets.slice(1), splits: justGreen }]);
    const window = await page.shown();
    expect(await textsOf(window, '.legend li')).toEqual(['blue: gone', 'green: weight 1', 'expected', 'failed']);
    expect((await textsOf(window, '.numbers tbody tr')).map((row) => row.split(/\s*\t\s*/).slice(0, 3))).toEqual([
      ['blue', '–', '75 %'],
      ['green', '1', '25 %'],
      ['no slot', '–', '0 %'],
    ]);
    expect(await window.find("document.querySelector('.chart').getAttribute('aria-label')")).toMatch(
      /: blue 8\d(\.\d)? %, green/,
    );
    expect(await window.find("document.querySelector('.chart .area.slot0').getAttribute('d').length")).toBeGreaterThan(100);
  });

  test('requests by the preview header are no part of a share', async () => {
    showRelease(page.watched);
    const window = await page.shown();
    const green = async () => (await textsOf(window, '.numbers tbody tr'))[1]?.split(/\s*\t\s*/)[2];
    expect(await green()).toBe('25 %');
    expect(await textOf(window, '.way > .note')).not.toContain('preview');
    for (let each = 0; each < 1000; each += 1) {
      page.watched.onRequest(request('shop', Date.now() - 3000, 'green', { route: 'PreviewRule0A1B2C3D-89abcdef', status: 500 }));
    }
    await until(async () => (await textOf(window, '.way > .note')).endsWith('Requests by the preview header are left out.'));
    expect(await green()).toBe('25 %');
  });

  test('a single failure is one error', async () => {
    showRelease(page.watched);
    page.watched.onRequest(request('shop', Date.now() - 3000, 'blue', { status: 500 }));
    const window = await page.shown();
    expect((await textsOf(window, '.numbers tbody tr'))[0]?.split(/\s*\t\s*/)[4]).toBe('1 error');
  });

  test('of many windows only the one that is seen takes a connection, and it is told everything when it is seen', async () => {
    const first = await page.shown();
    // A browser has six connections to one server.
    for (let each = 2; each <= 7; each += 1) {
      await page.shown();
    }
    await until(() => page.server.readerCount === 1);
    showRelease(page.watched);
    expect(await textsOf(first, '.stack h2')).toEqual([]);
    await first.send('Page.bringToFront');
    await until(async () => (await textsOf(first, '.stack h2')).includes('shop'));
    expect(await textOf(first, '#news')).toBe('');
    await until(() => page.server.readerCount === 1);
  });

  test('page and server know the same numbers', async () => {
    const window = await page.shown();
    const known = await window.find(`Promise.all([import('/seconds.mjs'), import('/events.mjs')])
      .then(([seconds, events]) => [seconds.shownSeconds, seconds.nowSeconds, events.shownEvents])`);
    expect(known).toEqual([shownSeconds, latencySeconds, keptEvents]);
  });

  test('requests that no slot got stand by themselves', async () => {
    showRelease(page.watched);
    const now = Date.now();
    for (let each = 0; each < 7; each += 1) {
      page.watched.onRequest(request('shop', now - 3000, undefined, { status: 503, flags: ['NR'] }));
    }
    const window = await page.shown();
    const row = async () => (await textsOf(window, '.numbers tbody tr')).at(-1)?.split(/\s*\t\s*/)[4];
    expect(await row()).toBe('7 without answer');
  });

  test('a refusal of the guard is told in its own words', async () => {
    showRelease(page.watched);
    page.watched.onStackEvent(stackEvent('shop', guardRefusal));
    const window = await page.shown();
    expect(await textOf(window, '.stack .problems')).toMatch(
      /^✕ The guard has refused this deploy\n\d\d:\d\d:\d\d greenActive: got false, expected true/,
    );
    const place = await window.find<boolean>(
      "document.querySelector('.problems li').getBoundingClientRect().bottom < document.querySelector('.way').getBoundingClientRect().top",
    );
    expect(place).toBe(true);
  });

  test('before anything is deployed it says what to do', async () => {
    const window = await page.shown();
    expect(await textOf(window, '#empty')).toContain('Nothing is deployed yet');
    expect(await textOf(window, '#commands')).toBe(about.commands.join('\n'));
    page.watched.onStackEvent(stackEvent('CDKToolkit', { status: 'CREATE_COMPLETE' }));
    await until(async () => (await textsOf(window, '.stack h2')).includes('CDKToolkit'));
    expect(await window.find("document.querySelector('#empty').hidden")).toBe(false);
    page.watched.onStackEvent(stackEvent('shop', { status: 'CREATE_IN_PROGRESS' }));
    await until(() => window.find<boolean>("document.querySelector('#empty').hidden"));
  });

  test('several stacks, and several apps at one way in, keep apart', async () => {
    const window = await page.shown();
    showRelease(page.watched, 'cart');
    showRelease(page.watched, 'shop');
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
    page.watched.onWaysIn([both]);
    for (let each = 0; each < 30; each += 1) {
      const slot = each < 10 ? 'green' : 'blue';
      page.watched.onRequest(
        request('shop', Date.now() - 4000, slot, { route: `Cart${shop.splits[0]?.name}`, target: rename(targetOf(slot)) }),
      );
    }
    await until(async () => (await textsOf(window, '.numbers td')).includes('66.7 %'));
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
      'blue, CartListenerRule 1 66.7 %',
      'blue, ListenerRule 3 75 %',
      'green, CartListenerRule 1 33.3 %',
      'green, ListenerRule 1 25 %',
      expect.stringMatching(/^no slot/),
    ]);
  });
});
