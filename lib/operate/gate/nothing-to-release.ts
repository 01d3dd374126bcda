import type { ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import type { Settings } from '../../settings/settings';
import type { AwsClients } from '../aws-clients';
import { lastImage } from '../live/last-image';
import { shortImage } from '../screen/short-image';

/**
 * Why there is nothing to release, in one sentence: one slot is on, and the other one is declared with the image that it ran last. A
 * release of that would lead back to the old version. `undefined`: there is something, or a release is under way.
 */
export async function nothingToRelease(
  clients: Pick<AwsClients, 'ecs'>,
  { appName, slots }: Settings,
  state: ReleaseState,
): Promise<string | undefined> {
  const [on, ...others] = slotNames.filter((slot) => state[slot].active);
  const idle = slotNames.find((slot) => !state[slot].active);
  if (on === undefined || idle === undefined || others.length > 0) {
    return undefined;
  }
  const { image, name } = slots[idle];
  if ((await lastImage(clients, `${appName}-${name}`)) !== image) {
    return undefined;
  }
  return nothingInWords(on, idle, image);
}

/** That the slot that is off would run again what it ran before. */
export function nothingInWords(on: SlotName, idle: SlotName, image: string): string {
  return (
    `nothing to release: ${on} answers everything, and ${idle} is off and declared with ${shortImage(image)}, ` +
    `which it ran before; put another image into it, or say --to ${idle}`
  );
}
