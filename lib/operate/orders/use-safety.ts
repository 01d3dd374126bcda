import type { StackTemplate } from '../template/stack-template';
import { referencesIn } from '../template/template-references';
import { nameOf, type ResourceChange } from './deploy-changes';
import type { IntermediateState } from './order-states';
import type { Danger } from './slot-safety';

/** What must not be in a state between two templates: a resource refers to one that is not there, or is gone. */
export function useDanger(
  before: StackTemplate,
  after: StackTemplate,
  changes: readonly ResourceChange[],
): (state: IntermediateState) => Danger | undefined {
  // What neither comes nor goes is always there.
  const moving = new Set(changes.flatMap(({ kind, logicalId }) => (kind === 'updated' ? [] : [logicalId])));
  const usedBy = ({ Resources: resources = {} }: StackTemplate, id: string) =>
    [...referencesIn(resources[id]?.Properties)].filter((other) => moving.has(other));
  const users = changes
    .map(({ logicalId, kind }) => ({ logicalId, kind, old: usedBy(before, logicalId), now: usedBy(after, logicalId) }))
    .filter(({ old, now }) => old.length + now.length > 0);
  return (state) => {
    for (const { logicalId, kind, old, now } of users.filter((user) => state.isThere(user.logicalId))) {
      const isNew = kind === 'created' || (kind === 'updated' && state.isNew(logicalId));
      const used = state.isRolling(logicalId) ? [...old, ...now] : isNew ? now : old;
      const missing = used.find((id) => !state.isThere(id));
      if (missing !== undefined) {
        return {
          problem: `${nameOf(logicalId)} refers to ${nameOf(missing)}, which is not there`,
          beside: (last) =>
            last === logicalId ? ` before ${nameOf(missing)}` : last === missing ? ` before ${nameOf(logicalId)}` : '',
        };
      }
    }
    return undefined;
  };
}
