import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The rule, its words, and what CloudFormation calls, in the order in which one uses the other.
const files = ['../release/transition.js', '../release/refusal.js', './handler.js'];

/** The program of the release guard as one file without imports: the texts of the files, one after the other. */
export function guardCode(): string {
  return files
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .join('\n')
    .replace(/^const \{ \w+ \} = require\('\.\.\/release\/.*\n/gm, '');
}
