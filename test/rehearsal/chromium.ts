import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { escapeHtml } from '../../lib/rehearsal/report/escape-html';

/** The browser of this machine: what `CHROMIUM_PATH` names, or one on the `PATH`; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CHROMIUM_PATH, ...onPath].find((path) => path !== undefined && path !== '' && isExecutable(path));
}

/** What a page is opened with. */
export interface PageOptions {
  readonly dark?: boolean;

  /** In pixels. */
  readonly width?: number;

  /** Files of scripts for the page; one of them has a function `probe`, which is called when the page is complete. */
  readonly scripts: readonly string[];
}

/** A window is at least so wide; what is narrower is a frame in it. */
const narrowestWindow = 500;

/** Opens a page in the browser and gives back what a function finds in it. */
export async function probePage(
  browser: string,
  page: string,
  { dark = false, width = 1200, scripts }: PageOptions,
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'chromium-'));
  try {
    const file = join(folder, 'page.html');
    const script = `${scripts.map((each) => `<script>${readFileSync(each, 'utf8')}</script>`).join('')}<script>
    addEventListener('load', async () => {
      const found = document.createElement('pre');
      found.id = 'found';
      found.textContent = encodeURIComponent(JSON.stringify(await probe()));
      top.document.body.append(found);
    });</script>`;
    const probed = readFileSync(page, 'utf8').replace('</body>', () => `${script}</body>`);
    writeFileSync(file, width < narrowestWindow ? framed(probed, width) : probed);
    const { stdout } = await promisify(execFile)(
      browser,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', `--user-data-dir=${join(folder, 'profile')}`],
        ...[`--window-size=${width},900`, `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`],
        // The page's own time: it stands still while the page works, so that a busy machine takes nothing of it.
        ...['--virtual-time-budget=20000', '--dump-dom', pathToFileURL(file).href],
      ],
      { encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    );
    const found = /<pre id="found">([^<]*)<\/pre>/.exec(stdout)?.[1];
    if (found === undefined) {
      throw new Error('expected the page to be drawn in the browser');
    }
    return JSON.parse(decodeURIComponent(found));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function framed(page: string, width: number): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin: 0"><iframe title="page" style="border: 0; width: ${width}px; height: 860px" srcdoc="${escapeHtml(page)}"></iframe></body>`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
