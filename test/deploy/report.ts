import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Deploy } from './stage';

/** One line of the table that is printed when all deploys are through. */
export interface ReportRow {
  readonly plane: string;
  readonly step: string;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly replaced: number;

  /** Wall time of `cdk deploy` in seconds. */
  readonly seconds: number;
}

const folderVariable = 'DEPLOY_REPORT';

/** Before all tests: a place where each test file can put its rows. */
export function openReport(): void {
  process.env[folderVariable] = mkdtempSync(path.join(tmpdir(), 'deploy-report-'));
}

export function reportRow(plane: string, step: string, { changes, seconds }: Deploy): ReportRow {
  const count = (verb: string) => changes.filter((change) => change.verb === verb).length;
  return {
    plane,
    step,
    created: count('create'),
    updated: count('update'),
    deleted: count('delete'),
    replaced: count('replace'),
    seconds,
  };
}

/** After the tests of one file. */
export function writeReport(name: string, rows: readonly ReportRow[]): void {
  const folder = process.env[folderVariable];
  if (folder) {
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(rows));
  }
}

/** After all tests: prints the rows of all files as one table. */
export function closeReport(): void {
  const folder = process.env[folderVariable] as string;
  const rows = readdirSync(folder)
    .sort()
    .flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ReportRow[]);
  rmSync(folder, { recursive: true, force: true });
  if (rows.length > 0) {
    const cells = rows.map((row) => [
      row.plane,
      row.step,
      ...[row.created, row.updated, row.deleted, row.replaced].map(String),
      row.seconds.toFixed(1),
    ]);
    console.log(`\n${table(['plane', 'step', 'created', 'updated', 'deleted', 'replaced', 'seconds'], cells)}\n`);
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
