import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { flagsOf } from '../../lib/settings/flags';
import { Alarms } from '../../test/deploy/alarms';
import { Requests } from '../../test/deploy/requests';
import { ShownPage } from '../../test/deploy/shown-page';
import { Stage } from '../../test/deploy/stage';
import { root } from './pages';

/** The picture of the page that shows an AWS on this machine, from the folder of the project. */
export const pagePicture = '.github/local-page.png';

const apps: Readonly<Record<string, string>> = { 'example/shop:1.4.0': 'is fine', 'example/shop:1.5.0': 'errs' };
const stack = 'shop-blue-green';

/** Before the new slot gets requests, in milliseconds. With the minutes until its alarm goes off, this is what the chart shows. */
const oldSlotMs = 60_000;

/** So that three minutes fill the other half of the chart. */
const minuteSeconds = 20;

const context = (greenWeight: number) => ({
  trafficPlane: 'load-balancer',
  appName: 'shop',
  desiredCount: 2,
  blueImage: 'example/shop:1.4.0',
  greenImage: 'example/shop:1.5.0',
  ...flagsOf({ blue: { active: true, weight: 75 }, green: { active: true, weight: greenWeight } }),
});

/**
 * Takes a picture of the page during a step of a release that goes wrong, and is about to go back: on an AWS on this machine, in about three
 * minutes.
 *
 * @throws Error when there is no Chromium
 */
export async function takePagePicture(): Promise<void> {
  const page = await ShownPage.open({ width: 1160, height: 1036, isStill: true });
  if (page === undefined) {
    throw new Error('--pictures: got no browser, expected Chromium on the PATH, or its path in CHROMIUM_PATH');
  }
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  let stage: Stage | undefined;
  try {
    stage = await Stage.open({ ...page.callbacks, minuteSeconds, byImage: commands(folder) });
    await stage.deploy(context(0));
    const requests = new Requests(await stage.url('shop'), { rate: 100 });
    await wait(oldSlotMs);
    const alarms = new Alarms(stage.emulator, stack);
    const monitored = ['--rollback-trigger-alarm-arns', await alarms.arn('ServiceAlarm'), '--monitoring-time-minutes', '60'];
    const deploy = stage.tryDeploy(context(25), ...monitored);
    await page.showsAlarm('GreenErrorAlarm');
    writeFileSync(join(root, pagePicture), await page.picture());
    await deploy;
    await requests.stop();
  } finally {
    await stage?.close();
    await page.close();
    rmSync(folder, { recursive: true });
  }
}

function commands(folder: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(apps).map(([image, manner], index) => {
      const file = join(folder, `${index}`);
      writeFileSync(file, manner);
      return [image, `exec "${process.execPath}" "${join(root, 'test', 'deploy', 'apps', 'moody.js')}" "${file}"`];
    }),
  );
}
