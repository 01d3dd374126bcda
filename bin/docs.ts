import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { publicApi } from './docs/api/model';
import { apiPages } from './docs/api/pages';
import { withBlocks } from './docs/blocks';
import { made } from './docs/made';
import { takePagePicture } from './docs/page-picture';
import { isApiPage, pages, root } from './docs/pages';
import { shownRehearsal, takePicture } from './docs/picture';
import { fenced } from './docs/screens';

/**
 * `npm run docs`: makes anew what code makes in the docs. With `--check` it writes nothing and fails when something is not up to date;
 * with `--pictures` it rehearses a release, and takes the picture of its report, and one of the page of the local AWS.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, pictures: { type: 'boolean' } } });
  if (values.pictures) {
    await takePagePicture();
  }
  const blocks = values.pictures ? { ...made, rehearsal: rehearsalScreen } : made;
  const { items, problems } = publicApi();
  const before = new Map(pages().map(({ path, text }) => [path, text]));
  const api = apiPages(items);
  const written = [...before]
    .filter(([path]) => !isApiPage(path))
    .map(([path, text]) => ({ path, text: withBlocks(path, text, blocks) }));
  const stale = [...written, ...api].filter(({ path, text }) => text !== before.get(path));
  const gone = [...before.keys()].filter((path) => isApiPage(path) && !api.some((page) => page.path === path));
  for (const problem of problems) {
    console.error(problem);
  }
  if (values.check) {
    report([...stale.map(({ path }) => path), ...gone]);
    return;
  }
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`made anew: ${path}`);
  }
  for (const path of gone) {
    rmSync(join(root, path));
    console.log(`taken away: ${path}`);
  }
}

function report(stale: readonly string[]): void {
  for (const path of stale) {
    console.error(`${path}: got a page that is not up to date, expected what npm run docs makes of it`);
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
}

function rehearsalScreen(): string {
  return fenced(`$ ${shownRehearsal.join(' ')}\n${takePicture()}`, 'console');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
