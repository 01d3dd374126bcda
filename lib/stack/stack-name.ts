import type { Settings } from '../settings/settings';

/**
 * The name of the stack of an app, to be its construct id too: names that the CDK makes up start with the id, and must differ between
 * two apps in one account.
 */
export function stackNameOf({ appName }: Pick<Settings, 'appName'>): string {
  return `${appName}-blue-green`;
}
