import { type ReadSettingsOptions, readSettings } from '../../lib/settings/read-settings';
import { SettingsError } from '../../lib/settings/settings-error';
import type { Context } from '../fresh-context';

/** The least that a context must hold. */
export const state: Context = { blueActive: true, blueWeight: 1, greenActive: false, greenWeight: 0 };

/** The problems with which a context is refused; none if it is taken. */
export function problemsOf(context: Context, options?: ReadSettingsOptions): readonly string[] {
  try {
    readSettings(context, options);
  } catch (error) {
    if (error instanceof SettingsError) {
      return error.problems;
    }
    throw error;
  }
  return [];
}
