import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slotNames } from '../release/slots';
import { withPlaceholders } from '../settings/environment-variables';
import type { Context } from '../settings/read-settings';
import type { Settings } from '../settings/settings';
import { RehearsalError } from './rehearsal-error';
import type { ReleaseSlot } from './release-slots';

/** The slots as the settings have them. */
export function slotsOfSettings({ slots }: Settings): readonly ReleaseSlot[] {
  return slotNames.map((name) => {
    const { name: label, appEnvironment } = slots[name];
    return {
      label,
      name,
      environment: (port) => withPlaceholders(appEnvironment, { SLOT: label, PORT: `${port}` }),
      unknownVariables: [],
    };
  });
}

/**
 * The context of our own app. As for the CDK: what stands in both files holds as `cdk.json` has it.
 *
 * @throws RehearsalError when a file is not JSON
 */
export function readContext(folder: string): Context {
  const { context = {} } = readJson(join(folder, 'cdk.json')) as { context?: Context };
  return { ...(readJson(join(folder, 'cdk.context.json')) as Context), ...context };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return {};
    }
    throw new RehearsalError(
      `${path}: got something that is not JSON, expected the context of the app (${(error as Error).message})`,
    );
  }
}
