import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from '../rehearsal-error';
import { reportPage } from './page';
import type { RehearsalReport } from './report';

/**
 * Writes `report.json` and `index.html` into a folder.
 *
 * @throws RehearsalError when the folder cannot be written
 */
export async function writeReport(report: RehearsalReport, folder: string): Promise<{ page: string; json: string }> {
  const json = JSON.stringify(report, undefined, 2);
  const page = join(folder, 'index.html');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.json'), `${json}\n`);
    await writeFile(page, reportPage(report));
  } catch (error) {
    throw new RehearsalError(`--report: got "${folder}", expected a folder that can be written (${(error as Error).message})`);
  }
  return { page, json };
}
