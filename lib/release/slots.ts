/** The two slots. Every other file goes over this list: nothing below the settings knows a colour by name. */
export const slotNames = ['blue', 'green'] as const;

/** The name of a slot: its colour. */
export type SlotName = (typeof slotNames)[number];
