import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../lib/stack/synthesize';
import type { Context } from '../fresh-context';
import { folderVariable } from './templates-folder';

/** The template of a context, with the paths of the constructs in it. The sweeps over all keys need the same ones. */
export function pathedTemplateOf(context: Context): unknown {
  const pathed = { ...context, 'aws:cdk:enable-path-metadata': true };
  return madeOnce('pathed', pathed, () => synthesize(pathed).template);
}

/**
 * A template that is made once in a run, whichever of the files ask for it. Each gets a copy of its own.
 *
 * @param way in which it is made: another way may make another template of the same context
 */
export function madeOnce<T>(way: string, context: Context, make: () => T): T {
  const folder = process.env[folderVariable];
  if (folder === undefined) {
    return make();
  }
  const given = Object.entries(context).filter(([, value]) => value !== undefined);
  const words = JSON.stringify([way, ...given.sort(([one], [other]) => (one < other ? -1 : 1))]);
  const file = join(folder, `${createHash('sha256').update(words).digest('hex')}.json`);
  if (existsSync(file)) {
    return JSON.parse(readFileSync(file, 'utf8'));
  }
  const made = make();
  // Another worker may be reading it: it is there as a whole, or not at all.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(made));
  renameSync(unfinished, file);
  return made;
}
