import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PageServer } from '../../lib/local/page/page-server';
import { WatchedAws } from '../../lib/local/page/watched-aws';
import { DrivenChromium } from '../../test/local/page/driven-chromium';
import { about, showRelease } from '../../test/local/page/shown-release';
import { findChromium } from '../../test/rehearsal/chromium';
import { until } from '../../test/until';
import { root } from './pages';

/** The picture of the page that shows an AWS on this machine, from the folder of the project. */
export const pagePicture = '.github/local-page.png';

/**
 * Takes a picture of the page during a step of a release that goes wrong.
 *
 * @throws Error when there is no Chromium
 */
export async function takePagePicture(): Promise<void> {
  const binary = findChromium();
  if (binary === undefined) {
    throw new Error('--pictures: got no browser, expected Chromium on the PATH, or its path in CHROMIUM_PATH');
  }
  const watched = new WatchedAws();
  const server = await PageServer.start({ watched, about });
  const browser = await DrivenChromium.start(binary);
  try {
    const window = await browser.open(server.url, { width: 1160, height: 1106, isStill: true });
    // Not before: what is in the picture is of that moment.
    showRelease(watched);
    await until(() => window.find<boolean>("document.querySelectorAll('.chart .area[d^=M]').length === 3"));
    writeFileSync(join(root, pagePicture), await window.picture());
  } finally {
    await browser.stop();
    await server.stop();
  }
}
