import type { ReleaseState } from '../../release/release';
import { slotNames } from '../../release/slots';
import { type Context, readContextFiles } from '../../settings/context';
import { readSettings } from '../../settings/read-settings';
import type { Settings } from '../../settings/settings';
import type { AskedService } from '../asked-service';

/** What the files, and the context of the command line, declare. */
export interface Declared {
  readonly settings: Settings;

  /** The state of the slots. */
  readonly state: ReleaseState;
}

/**
 * Reads what is declared, as a deploy would.
 *
 * @throws SettingsError with all problems at once
 */
export function readDeclared(asked: AskedService): Declared {
  const { context, files } = declaredContext(asked);
  const settings = readSettings(context, { files });
  return {
    settings,
    state: Object.fromEntries(
      slotNames.map((slot) => {
        const { active, weight } = settings.slots[slot];
        return [slot, { active, weight }];
      }),
    ) as ReleaseState,
  };
}

/** The whole context of a service, and what of it the files hold. */
export function declaredContext({ folder, context }: Pick<AskedService, 'folder' | 'context'>): {
  readonly context: Context;
  readonly files: Context;
} {
  const files = readContextFiles(folder);
  return { context: { ...files, ...context }, files };
}
