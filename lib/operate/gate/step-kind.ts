import type { ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';

/** What a step does: a slot joins, the weights change, or a slot leaves. */
export type StepKind =
  | { readonly kind: 'joins'; readonly slot: SlotName }
  | { readonly kind: 'weights' }
  | { readonly kind: 'leaves'; readonly slot: SlotName };

/** What it is to go from one state to another one. */
export function stepKind(before: ReleaseState, after: ReleaseState): StepKind {
  const joining = slotNames.find((slot) => !before[slot].active && after[slot].active);
  if (joining) {
    return { kind: 'joins', slot: joining };
  }
  const leaving = slotNames.find((slot) => before[slot].active && !after[slot].active);
  return leaving ? { kind: 'leaves', slot: leaving } : { kind: 'weights' };
}
