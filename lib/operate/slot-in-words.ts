import type { DeployedState } from '../release/deployed-state';
import { type SlotName, slotNames } from '../release/slots';
import { shortImage } from './screen/short-image';

/** The image of each slot, where it is known. */
export type SlotImages = Readonly<Partial<Record<SlotName, string>>>;

/** The images that are deployed. */
export function imagesOf({ slots }: Pick<DeployedState, 'slots'>): SlotImages {
  return Object.fromEntries(
    slotNames.flatMap((slot) => {
      const image = slots[slot]?.image;
      return typeof image === 'string' ? [[slot, image]] : [];
    }),
  );
}

/** A slot with what runs in it, such as `blue (shop:1.4.0)`. */
export function slotInWords(slot: SlotName, images: SlotImages): string {
  const image = images[slot];
  return image === undefined ? slot : `${slot} (${shortImage(image)})`;
}
