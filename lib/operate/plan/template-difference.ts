import type { ResourceDifference } from '@aws-cdk/cloudformation-diff';
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
  const changes = Object.entries(fullDiff(structuredClone(before), structuredClone(after)).resources.changes).filter(
    ([, change]) => counts(change),
  );
  const named = (chosen: readonly (readonly [string, ResourceDifference])[]) =>
    chosen
      .map(([id]) => {
        const resource = after.Resources?.[id] ?? before.Resources?.[id];
        return `${resource?.Type} ${pathOf(id, resource)}`;
      })
      .sort();
  const isReplaced = (change: ResourceDifference) =>
    change.isUpdate && ['WILL_REPLACE', 'MAY_REPLACE'].includes(change.changeImpact);
  const replaced = changes.filter(([, change]) => isReplaced(change));
  return {
    created: named(changes.filter(([, change]) => change.isAddition)),
    changed: named(changes.filter(([, change]) => change.isUpdate && !isReplaced(change))),
    deleted: named(changes.filter(([, change]) => change.isRemoval)),
    replaced: named(replaced),
    replacedIds: replaced.map(([id]) => id),
  };
}

function counts({ oldValue, newValue, propertyUpdates }: ResourceDifference): boolean {
  const [was, is] = [oldValue?.Type, newValue?.Type];
  return (is ?? was) !== 'AWS::CDK::Metadata' && (was !== is || Object.keys(propertyUpdates).length > 0);
}
