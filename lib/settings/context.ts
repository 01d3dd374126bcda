import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from './settings-error';

/** A context as the CDK would have it: its files and `-c`, together. */
export type Context = Readonly<Record<string, unknown>>;

/**
 * What the files hold of the context, without the command line: with it, `readSettings` tells a flag of the command from a value of the
 * file. As for the CDK, what stands in several files holds as the first of `cdk.json`, `cdk.context.json` and `.cdk.json` in the home
 * directory has it, and a file that is not there holds nothing.
 *
 * @param folder that of `cdk.json`, in which the CDK runs an app; without, the working directory
 * @param home the home directory; without, that of the user
 * @throws SettingsError when a file is not JSON
 */
export function readContextFiles(folder: string = process.cwd(), home: string = homedir()): Context {
  const contextIn = (path: string) => (readJson(path) as { readonly context?: Context }).context;
  return {
    ...contextIn(join(home, '.cdk.json')),
    ...(readJson(join(folder, 'cdk.context.json')) as Context),
    ...contextIn(join(folder, 'cdk.json')),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return {};
    }
    throw new SettingsError([
      `${path}: got something that is not JSON, expected the context of the app (${(error as Error).message})`,
    ]);
  }
}
