import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateKeyNames } from '../lib/settings/keys';
import { stageKeyName, stageNameType } from '../lib/settings/stages';

export type Context = Readonly<Record<string, unknown>>;

const read = (file: string) => JSON.parse(readFileSync(join(__dirname, '..', file), 'utf8'));

/** The context of a fresh clone: what `cdk.json` and `cdk.context.json` say. */
export const freshContext: Context = { ...read('cdk.context.json'), ...read('cdk.json').context };

/** A context with its state as that of the stage which it chooses, if it chooses one. */
export function ofItsStage(context: Context): Context {
  const stage = stageNameType.parse(context.stage);
  return stage === undefined ? context : withPrefix(stage, context, stateKeyNames);
}

/** A context with some of its keys as those of a stage. */
export function withPrefix(stage: string, context: Context, keys: readonly string[] = Object.keys(context)): Context {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [keys.includes(key) ? stageKeyName(stage, key) : key, value]),
  );
}
