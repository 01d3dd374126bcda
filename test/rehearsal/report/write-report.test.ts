import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportPage } from '../../../lib/rehearsal/report/page';
import { checkReportFolder, writeReport } from '../../../lib/rehearsal/report/write-report';
import { report } from './reports';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a report is written as JSON and as a page, into a folder that may be missing or not', async () => {
  const target = join(folder, 'a', 'b', 'c');
  for (const _ of ['missing', 'there']) {
    expect(await writeReport(report, target)).toBe(join(target, 'index.html'));
    expect(readdirSync(target).sort()).toEqual(['index.html', 'report.json']);
    expect(JSON.parse(readFileSync(join(target, 'report.json'), 'utf8'))).toEqual(report);
    expect(readFileSync(join(target, 'index.html'), 'utf8')).toBe(reportPage(report));
  }
});

test('trying a folder leaves nothing behind, and what was there as it was', async () => {
  await checkReportFolder(join(folder, 'missing', 'below'));
  expect(existsSync(join(folder, 'missing'))).toBe(false);

  const there = join(folder, 'there');
  mkdirSync(there);
  writeFileSync(join(there, 'index.html'), 'of before');
  await checkReportFolder(there);
  expect(readdirSync(there)).toEqual(['index.html']);
  expect(readFileSync(join(there, 'index.html'), 'utf8')).toBe('of before');
});

const file = join(folder, 'file');
const taken = join(folder, 'taken');

test.each([
  ['a file', file],
  ['below a file', join(file, 'below')],
  ['in which a folder has the name of the page', taken],
  ['with a name that is too long', join(folder, 'x'.repeat(300))],
  ...(existsSync('/proc/self') ? [['in which nobody may write', '/proc/nope/below']] : []),
])('a folder that is %s is named, before and after the run', async (_, target) => {
  writeFileSync(file, '');
  mkdirSync(join(taken, 'index.html'), { recursive: true });
  const message = /^--report: got ".*", expected a folder that can be written \(E[A-Z]+: [a-z ]+\)$/;
  await expect(checkReportFolder(target)).rejects.toThrow(message);
  await expect(writeReport(report, target)).rejects.toThrow(message);
});
