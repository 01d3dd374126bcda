import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The folder of the project. */
export const root = join(__dirname, '..', '..');

/** One page of the docs. */
export interface Page {
  /** Its path from the folder of the project, with slashes. */
  readonly path: string;

  readonly text: string;
}

/** Every Markdown file of the project. */
export function pages(): readonly Page[] {
  const files = [
    ...readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile()),
    ...readdirSync(join(root, 'docs'), { withFileTypes: true, recursive: true }),
  ];
  return files
    .filter(({ name }) => name.endsWith('.md'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Whether a page is made from the docstrings, from its first word to its last. */
export function isApiPage(path: string): boolean {
  return path.startsWith('docs/api/');
}
