import type { DeployedState } from '../../release/deployed-state';
import { refusal } from '../../release/refusal';
import { unsafeChanges } from '../../release/transition';
import { type Check, failUnless } from './check';

/** What the guard in the stack would say to a step, before it is asked. */
export function checkGuardRule(
  before: DeployedState,
  after: DeployedState,
  settingNames: Readonly<Record<string, string>> = {},
): Check {
  const refusals = unsafeChanges(before, after).map((change) => refusal(change, settingNames));
  return failUnless('guard', refusals.length === 0, 'guard: would let it through', `guard: ${refusals.join('; ')}`);
}
