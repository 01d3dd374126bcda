import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Context = Readonly<Record<string, unknown>>;

const read = (file: string) => JSON.parse(readFileSync(join(__dirname, '..', file), 'utf8'));

/** The context of a fresh clone: what `cdk.json` and `cdk.context.json` say. */
export const freshContext: Context = { ...read('cdk.context.json'), ...read('cdk.json').context };
