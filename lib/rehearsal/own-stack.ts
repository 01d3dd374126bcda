import { slotNames } from '../release/slots';
import { withPlaceholders } from '../settings/environment-variables';
import type { Settings } from '../settings/settings';
import type { ReleaseSlot } from './release-slots';

/** The slots as the settings have them. */
export function slotsOfSettings({ slots }: Settings): readonly ReleaseSlot[] {
  return slotNames.map((name) => {
    const { name: label, appEnvironment, appSecrets } = slots[name];
    return {
      label,
      name,
      environment: (port) => withPlaceholders(appEnvironment, { SLOT: label, PORT: `${port}` }),
      // No secret is read on this machine.
      unknownVariables: Object.keys(appSecrets),
    };
  });
}
