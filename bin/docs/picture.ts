import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findChromium } from '../../test/rehearsal/chromium';
import { root } from './pages';

/** The picture of a rehearsal's report, from the folder of the project. */
export const picture = '.github/rehearsal-report.png';

/** The rehearsal that is shown: a canary on a plane that AWS runs. */
export const shownRehearsal = ['npm', 'start', '--', '--ladder', '5,25,50,100', '-c', 'trafficPlane=load-balancer'] as const;

/**
 * Rehearses a release and takes a picture of its report.
 *
 * @returns what the rehearsal printed
 * @throws Error when there is no Chromium, or the rehearsal does not hold
 */
export function takePicture(): string {
  const browser = findChromium();
  if (browser === undefined) {
    throw new Error('--pictures: got no browser, expected Chromium on the PATH, or its path in CHROMIUM_PATH');
  }
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const [npm, start, ...words] = shownRehearsal;
    const screen = execFileSync(npm, ['--silent', start, ...words, '--report', join(folder, 'report')], {
      cwd: root,
      encoding: 'utf8',
    });
    execFileSync(
      browser,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${join(folder, 'profile')}`],
        ...['--hide-scrollbars', '--window-size=1160,742', '--blink-settings=preferredColorScheme=1'],
        `--screenshot=${join(root, picture)}`,
        pathToFileURL(join(folder, 'report', 'index.html')).href,
      ],
      { stdio: 'ignore', timeout: 60_000 },
    );
    return screen.replace(/^installing .*\n/, '').replace(/^report: .*$/m, 'report: rehearsal-report/index.html');
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
