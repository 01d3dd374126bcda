import type { ResourceDifference } from '@aws-cdk/cloudformation-diff';
import { deployChanges } from '../orders/deploy-changes';
import { withOwnIds } from '../orders/replaced-resources';
import { pathOf, type StackTemplate } from '../template/stack-template';

/** What a deploy does to the resources of a stack, each as `TYPE path`. */
export interface TemplateDifference {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];

  /** A new one is made in place of the old one, or may be. */
  readonly replaced: readonly string[];

  /** Logical ids of those that are replaced. */
  readonly replacedIds: readonly string[];
}

/**
 * The difference of two templates of a stack, as `cdk diff` finds it. Outputs, metadata, and a waiting for another resource, change nothing.
 */
export async function templateDifference(before: StackTemplate, after: StackTemplate): Promise<TemplateDifference> {
  const { fullDiff } = await import('@aws-cdk/cloudformation-diff');
  // It fills in templates as it goes.
  const { changes } = fullDiff(structuredClone(before), structuredClone(after)).resources;
  const idsOf = (chosen: (change: ResourceDifference) => boolean) =>
    Object.keys(changes).filter((id) => changes[id] !== undefined && counts(changes[id]) && chosen(changes[id]));
  const replacedIds = idsOf(isReplaced);
  // What refers to a resource that is replaced changes with it, and reads the same in both templates.
  const referring = deployChanges(before, withOwnIds(after, replacedIds)).flatMap(({ kind, logicalId }) =>
    kind === 'updated' ? [logicalId] : [],
  );
  const named = (ids: readonly string[]) => {
    const words = ids.map((id) => {
      const resource = after.Resources?.[id] ?? before.Resources?.[id];
      return `${resource?.Type} ${pathOf(id, resource)}`;
    });
    return [...new Set(words)].sort();
  };
  return {
    created: named(idsOf((change) => change.isAddition)),
    changed: named([...idsOf((change) => change.isUpdate && !isReplaced(change)), ...(replacedIds.length > 0 ? referring : [])]),
    deleted: named(idsOf((change) => change.isRemoval)),
    replaced: named(replacedIds),
    replacedIds,
  };
}

function isReplaced({ isUpdate, changeImpact }: ResourceDifference): boolean {
  return isUpdate && ['WILL_REPLACE', 'MAY_REPLACE'].includes(changeImpact);
}

function counts({ oldValue, newValue, propertyUpdates }: ResourceDifference): boolean {
  const [was, is] = [oldValue?.Type, newValue?.Type];
  return (is ?? was) !== 'AWS::CDK::Metadata' && (was !== is || Object.keys(propertyUpdates).length > 0);
}
