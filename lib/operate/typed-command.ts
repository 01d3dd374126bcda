import type { ReleaseState } from '../release/release';
import { flagsOf } from '../settings/flags';
import type { AskedService } from './asked-service';

/** A command of the release command line, as a person types it for this service: `npm run release -- next -c stage=prod`. */
export function releaseCommand(asked: AskedService, ...words: readonly string[]): string {
  const stack = asked.isStackNamed ? ['--stack', asked.stackName] : [];
  return typed(['npm', 'run', 'release', '--', ...words, ...stack, ...contextWords(asked)]);
}

/** A command of the CDK, as a person types it for this service: `npx cdk deploy -c stage=prod`. */
export function cdkCommand(asked: AskedService, ...words: readonly string[]): string {
  return typed(['npx', 'cdk', ...words, ...contextWords(asked)]);
}

/** The command that deploys a state of the slots, whatever the files say of it. */
export function deployCommand(asked: AskedService, state: ReleaseState): string {
  const flags = Object.entries(flagsOf(state)).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  return cdkCommand(asked, 'deploy', asked.stackName, ...flags);
}

/** The words of a command in one line, for a shell. */
export function typed(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

function contextWords({ context }: AskedService): readonly string[] {
  return Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}
