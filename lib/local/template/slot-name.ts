import { type SlotName, slotNames } from '../../release/slots';

/**
 * The name of a slot. BlueGreenService calls what belongs to a slot by its name, whatever its label. Elsewhere the label may be the
 * name.
 *
 * @param logicalId of its ECS service
 * @param label what its container gets as `SLOT`
 * @returns `undefined` when neither tells
 */
export function slotNameOf(logicalId: string, label: string | undefined): SlotName | undefined {
  return slotNames.find((name) => new RegExp(`${name}Service[0-9A-F]{8}$`, 'i').test(logicalId) || label === name);
}
