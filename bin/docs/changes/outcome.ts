import { type Deploy, pathOf } from './deploy';
import type { ChangedTemplate } from './template-change';

/** What becomes of a live stack, in one of these words. */
export type Outcome =
  | { readonly kind: 'nothing' | 'another stack' | 'new stack' | 'refused' }
  | {
      readonly kind: 'rolls the tasks' | 'in place';

      /** The ECS services whose tasks are replaced, or what is changed, added and taken away, by the paths of their constructs. */
      readonly changed: readonly string[];

      /** New ones are made, and the old ones deleted after everything else. */
      readonly replaced: readonly string[];
      readonly added: readonly string[];
      readonly removed: readonly string[];
    };

// What makes ECS replace the tasks of a service; a change of the others "doesn't trigger a new service deployment".
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
// Another strategy ECS takes only with a new deployment, which CloudFormation "automatically initiates".
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
const rolling = [
  'CapacityProviderStrategy',
  'LoadBalancers',
  'NetworkConfiguration',
  'PlatformVersion',
  'ServiceConnectConfiguration',
  'ServiceRegistries',
  'TaskDefinition',
  'VolumeConfigurations',
  'VpcLatticeConfigurations',
];

/** What becomes of a live stack; `undefined` as deploy: it is another stack. */
export function outcomeOf(result: Deploy | undefined): Outcome {
  if (result === undefined) {
    return { kind: 'another stack' };
  }
  const { change, refused } = result;
  if (refused.length > 0) {
    return { kind: refused.some(({ kind }) => kind === 'way-in') ? 'new stack' : 'refused' };
  }
  const rolled = [...change.updated].filter(
    ([id, names]) => change.after[id]?.Type === 'AWS::ECS::Service' && names.some((name) => rolling.includes(name)),
  );
  if (rolled.length > 0) {
    return {
      kind: 'rolls the tasks',
      ...nothing,
      changed: paths(
        change.after,
        rolled.map(([id]) => id),
      ),
    };
  }
  // The guard writes down what it let through; that is worth a word only where nothing else happens.
  const isGuard = (id: string) => change.after[id]?.Type === 'Custom::ReleaseGuard';
  const changed = [...change.updated.keys()];
  const others = changed.filter((id) => !isGuard(id));
  const outcome = {
    changed: paths(change.after, others),
    replaced: paths(
      change.after,
      [...change.replaced.keys()].filter((id) => change.after[id]?.Type !== 'AWS::ECS::TaskDefinition'),
    ),
    added: paths(change.after, change.created),
    removed: paths(result.before.Resources, change.deleted),
  };
  if (Object.values(outcome).flat().length > 0) {
    return { kind: 'in place', ...outcome };
  }
  return changed.length > 0 ? { kind: 'in place', ...nothing, changed: paths(change.after, changed) } : { kind: 'nothing' };
}

const nothing = { changed: [], replaced: [], added: [], removed: [] };

/** An outcome in the words of a table cell. */
export function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'nothing':
      return 'nothing changes';
    case 'another stack':
      return 'another stack beside this one';
    case 'new stack':
      return 'new stack';
    case 'refused':
      return 'refused';
    case 'rolls the tasks':
      return `rolls the tasks of ${listed(outcome.changed)}`;
    case 'in place':
      return [
        outcome.changed.length > 0 ? `in place: ${listed(outcome.changed)}` : '',
        outcome.replaced.length > 0 ? `replaces ${listed(outcome.replaced)}` : '',
        outcome.added.length > 0 ? `adds ${listed(outcome.added)}` : '',
        outcome.removed.length > 0 ? `removes ${listed(outcome.removed)}` : '',
      ]
        .filter((part) => part !== '')
        .join('; ');
  }
}

// What belongs to a slot is named for both at once, without the parts that the CDK makes of its own accord.
function paths(resources: ChangedTemplate['Resources'], ids: readonly string[]): string[] {
  const found = ids.map((id) =>
    pathOf(resources[id])
      .replace(/\/(Blue|Green)(?=\/)/, '/SLOT')
      .replace(/\/(from|to) .*/, ' (a rule)')
      .replace(/(\/\w+)\1$/, '$1')
      .replace(/^(\w+)\/\1$/, '$1'),
  );
  return [...new Set(found)].sort();
}

// Where much of a slot, or of a service, comes, goes or changes, it is named once and not part by part.
function listed(names: readonly string[]): string {
  const many = (within: string) => names.filter((name) => name.startsWith(`${within}/`)).length > 3;
  const whole = names.map((name) => {
    const [service = name] = /^\w+/.exec(name) ?? [];
    const slot = `${service}/SLOT`;
    const ofSlot = name.startsWith(`${slot}/`) && many(slot) ? slot : name;
    return names.some((each) => each.startsWith(`${service}/`) && !each.startsWith(`${slot}/`)) && many(service)
      ? service
      : ofSlot;
  });
  return [...new Set(whole)].map((name) => `\`${name}\``).join(', ');
}
