import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The browser of this machine: what `CHROMIUM_PATH` names, or one on the `PATH`; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM_PATH, ...onPath].find((path) => path !== undefined && path !== '' && isExecutable(path));
}

/** What a page is opened with. */
export interface PageOptions {
  readonly dark?: boolean;

  /** A file with a function `probe`, which is called in the page when it is complete. */
  readonly probe: string;
}

/** Opens a page in the browser and gives back what a function finds in it. */
export function probePage(browser: string, page: string, { dark = false, probe }: PageOptions): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  try {
    const file = join(folder, 'page.html');
    const script = `<script>${readFileSync(probe, 'utf8')}
    addEventListener('load', () => {
      const found = document.createElement('pre');
      found.id = 'found';
      found.textContent = encodeURIComponent(JSON.stringify(probe()));
      document.body.append(found);
    });</script>`;
    writeFileSync(
      file,
      readFileSync(page, 'utf8').replace('</body>', () => `${script}</body>`),
    );
    const dom = execFileSync(
      browser,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${join(folder, 'profile')}`],
        ...['--window-size=1200,900', `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`],
        ...['--dump-dom', pathToFileURL(file).href],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    );
    const found = /<pre id="found">([^<]*)<\/pre>/.exec(dom)?.[1];
    if (found === undefined) {
      throw new Error('expected the page to be drawn in the browser');
    }
    return JSON.parse(decodeURIComponent(found));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
