import { mkdir, mkdtemp, open, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../rehearsal-error';
import { reportPage } from './page';
import type { RehearsalReport } from './report';

const pageFile = 'index.html';
const jsonFile = 'report.json';

/** The report as it stands in `report.json`. */
export function reportJson(report: RehearsalReport): string {
  return JSON.stringify(report, undefined, 2);
}

/**
 * Writes `report.json` and `index.html` into a folder, which is made when it is missing.
 *
 * @returns the path of the page
 * @throws RehearsalError when the folder cannot be written
 */
export async function writeReport(report: RehearsalReport, folder: string): Promise<string> {
  const page = join(folder, pageFile);
  await naming(folder, async () => {
    // One by one: with `recursive`, Node's mkdir never ends below /proc.
    for (const missing of (await missingFolders(folder)).reverse()) {
      await unless('EEXIST', mkdir(missing));
    }
    await writeFile(join(folder, jsonFile), `${reportJson(report)}\n`);
    await writeFile(page, reportPage(report));
  });
  return page;
}

/**
 * Tries whether a report can be written into a folder, before there is one. Leaves nothing behind.
 *
 * @throws RehearsalError when it cannot
 */
export async function checkReportFolder(folder: string): Promise<void> {
  await naming(folder, async () => {
    const outermost = (await missingFolders(folder)).at(-1);
    await rmdir(await mkdtemp(join(outermost === undefined ? folder : dirname(outermost), '.report-')));
    for (const name of [jsonFile, pageFile]) {
      const file = await unless('ENOENT', open(join(folder, name), 'r+'));
      await file?.close();
    }
  });
}

// The innermost one first.
async function missingFolders(folder: string): Promise<string[]> {
  const found = await unless('ENOENT', stat(folder));
  return found ? [] : [folder, ...(await missingFolders(dirname(folder)))];
}

async function unless<T>(code: string, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) {
      return undefined;
    }
    throw error;
  }
}

async function naming(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Without the call that failed: its path is not what was given.
    const [reason] = (error as Error).message.split(', ');
    throw new RehearsalError(`--report: got "${folder}", expected a folder that can be written (${reason})`);
  }
}
