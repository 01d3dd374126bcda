import { PageServer } from '../../../lib/local/page/page-server';
import { WatchedAws } from '../../../lib/local/page/watched-aws';
import { findChromium } from '../../rehearsal/chromium';
import { until } from '../../until';
import { DrivenChromium, type Window, type WindowOptions } from './driven-chromium';
import { about } from './shown-release';

/** The page in a real browser, told by a real server: both are new for each test. */
export class DrivenPage {
  watched = new WatchedAws();
  private started: PageServer | undefined;
  private browser: DrivenChromium | undefined;

  /** Opens the page, and waits until it shows what is told. */
  async shown(options: WindowOptions = {}, url = this.server.url): Promise<Window> {
    const window = await this.browser?.open(url, options);
    if (window === undefined) {
      throw new Error('expected a browser');
    }
    await until(() => window.find<boolean>("document.querySelector('#connection').textContent === '● live'"));
    return window;
  }

  get server(): PageServer {
    if (this.started === undefined) {
      throw new Error('expected a started server');
    }
    return this.started;
  }

  async begin(browser: DrivenChromium): Promise<void> {
    this.browser = browser;
    await this.startAnew();
  }

  /** Shows another AWS from now on, in which nothing is yet. */
  async startAnew(): Promise<void> {
    await this.started?.stop();
    this.watched = new WatchedAws();
    this.started = await PageServer.start({ watched: this.watched, about });
  }
}

/** What an element of a page says. */
export function textOf(window: Window, selector: string): Promise<string> {
  return window.find(`document.querySelector(${JSON.stringify(selector)}).innerText`);
}

/** What some elements of a page say. */
export function textsOf(window: Window, selector: string): Promise<string[]> {
  return window.find(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText)`);
}

/** Tests the page in a browser; without one, they are skipped, but not where all must pass. */
export function testInBrowser(tests: (page: DrivenPage) => void): void {
  const binary = findChromium();
  jest.setTimeout(180_000);
  if (binary !== undefined) {
    const page = new DrivenPage();
    let browser: DrivenChromium;
    beforeAll(async () => {
      browser = await DrivenChromium.start(binary);
    });
    afterAll(() => browser.stop());
    beforeEach(() => page.begin(browser));
    afterEach(() => page.server.stop());
    tests(page);
  } else if (process.env.CI === 'true') {
    test('there is a browser', () => {
      throw new Error('expected chromium on the PATH, or CHROMIUM_PATH');
    });
  } else {
    console.warn('skipped: no chromium found; install it, or set CHROMIUM_PATH, to have the page of the local AWS opened');
    test.skip('the page is shown', () => {});
  }
}
