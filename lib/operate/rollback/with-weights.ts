import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type SlotName, slotNames } from '../../release/slots';
import { describeSplit } from '../../release/weights';
import { OperateError } from '../operate-error';

/** Where the weights stand in the properties of what sends requests to the slots, and what each of them is for. */
const routes: readonly { readonly type: string; readonly targets: readonly string[]; readonly target: string }[] = [
  { type: 'AWS::AppMesh::Route', targets: ['Spec', 'HttpRoute', 'Action', 'WeightedTargets'], target: 'VirtualNode' },
  {
    type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
    targets: ['Actions', '0', 'ForwardConfig', 'TargetGroups'],
    target: 'TargetGroupArn',
  },
  { type: 'AWS::VpcLattice::Rule', targets: ['Action', 'Forward', 'TargetGroups'], target: 'TargetGroupIdentifier' },
];

type SlotWeights = Readonly<Partial<Record<SlotName, number>>>;

interface Edit {
  readonly place: Node;
  readonly value: string | number;
}

/**
 * A deployed template with other weights: in the route, in what the guard compares, and in the output that tells the split. All else is
 * as it was, byte for byte, and a weight that is text stays text.
 *
 * @param template as CloudFormation was handed it: JSON
 * @param weights of each slot that is on
 * @param instead the command that does the same, for when this cannot
 * @throws OperateError when it is not JSON, or when it is not clear where a weight stands
 */
export function withWeights(template: string, weights: SlotWeights, instead: string): string {
  try {
    return weighted(template, weights);
  } catch (error) {
    throw error instanceof OperateError ? new OperateError(`${error.message}; go back with ${instead}`) : error;
  }
}

function weighted(template: string, weights: SlotWeights): string {
  const tree = treeOf(template);
  const guarded = guardedSlots(tree);
  const asked = slotNames.filter((slot) => weights[slot] !== undefined);
  if (guarded.map(({ slot }) => slot).join() !== asked.join()) {
    throw unclear(`the slots ${guarded.map(({ slot }) => slot).join(', ') || 'none'}`, `${asked.join(', ')}, which are on`);
  }
  const targets = targetsOf(tree, asked);
  const split = at(tree, 'Outputs', 'Split', 'Value');
  if (split?.type !== 'string') {
    throw unclear(split ? 'an output Split that is no text' : 'no output Split', 'one that tells how requests are split');
  }
  const shown = guarded.map(({ slot, label }) => ({ name: label, weight: weights[slot] ?? 0 }));
  return edited(template, [
    ...guarded.map(({ slot, weight }) => ({ place: weight, value: weights[slot] ?? 0 })),
    ...targets.map(({ slot, weight }) => ({ place: weight, value: weights[slot] ?? 0 })),
    { place: split, value: describeSplit(shown) },
  ]);
}

function treeOf(template: string): Node {
  const errors: ParseError[] = [];
  const tree = parseTree(template, errors, { disallowComments: true });
  const [error] = errors;
  if (!tree || error) {
    throw unclear(
      `text that is not JSON${error ? ` (${printParseErrorCode(error.error)} at character ${error.offset + 1})` : ''}`,
      'a template as the CDK writes it',
    );
  }
  return tree;
}

// The slots as the guard compares them, in the order of all slots.
function guardedSlots(tree: Node): { slot: SlotName; label: string; weight: Node }[] {
  const guards = resourcesOf(tree, 'Custom::ReleaseGuard');
  const [guard] = guards;
  if (!guard || guards.length > 1) {
    throw unclear(`${guards.length} release guards`, 'one, which says what is deployed');
  }
  const slots = at(guard.node, 'Properties', 'State', 'slots');
  return slotNames.flatMap((slot) => {
    const state = slots && at(slots, slot);
    if (!state) {
      return [];
    }
    const label = at(state, 'label')?.value;
    if (typeof label !== 'string') {
      throw unclear(`no label of ${slot}`, 'one, by which the split is told');
    }
    return [{ slot, label, weight: weightIn(state, 'weight', `guard, ${slot}`) }];
  });
}

// A rule for previews leads to one of the slots, the route to all of them.
function targetsOf(tree: Node, slots: readonly SlotName[]): { slot: SlotName; weight: Node }[] {
  const found = routes.flatMap(({ type, targets, target }) =>
    resourcesOf(tree, type).flatMap(({ logicalId, node }) => {
      const entries = at(node, 'Properties', ...targets)?.children ?? [];
      const named = entries.map((entry) => ({ slot: slotOf(tree, slots, at(entry, target)), entry, logicalId }));
      const leadsToAll = named.length === slots.length && slots.every((slot) => named.some((each) => each.slot === slot));
      return leadsToAll ? [named] : [];
    }),
  );
  const [route] = found;
  if (!route || found.length > 1) {
    throw unclear(`${found.length} routes to ${slots.join(' and ')}`, 'one');
  }
  return route.map(({ slot, entry, logicalId }) => ({
    slot: slot as SlotName,
    weight: weightIn(entry, 'Weight', `${logicalId}, ${slot}`),
  }));
}

// All parts of a slot have the name of its construct in front, and which that is, its ECS service tells.
function slotOf(tree: Node, slots: readonly SlotName[], target: Node | undefined): SlotName | undefined {
  const logicalId = target && referredTo(target);
  const owners = slots.filter((slot) => {
    const service = at(tree, 'Outputs', `${slot.charAt(0).toUpperCase()}${slot.slice(1)}ServiceName`, 'Value');
    const prefix = service && referredTo(service)?.replace(/Service[0-9A-F]{8}$/, '');
    return prefix !== undefined && logicalId?.startsWith(prefix);
  });
  return owners.length === 1 ? owners[0] : undefined;
}

function referredTo(value: Node): string | undefined {
  const id = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', '0');
  return typeof id?.value === 'string' ? id.value : undefined;
}

function resourcesOf(tree: Node, type: string): { logicalId: string; node: Node }[] {
  return (at(tree, 'Resources')?.children ?? []).flatMap(({ children: [key, node] = [] }) =>
    node && at(node, 'Type')?.value === type ? [{ logicalId: `${key?.value}`, node }] : [],
  );
}

function weightIn(node: Node, name: string, where: string): Node {
  const weight = at(node, name);
  if (!weight || !/^\d+$/.test(`${weight.value}`)) {
    throw unclear(`no number for the weight of ${where}`, 'one');
  }
  return weight;
}

function at(node: Node, ...path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((here, name) => {
    if (here?.type === 'array') {
      return here.children?.[Number(name)];
    }
    return here?.children?.find(({ children: [key] = [] }) => here.type === 'object' && key?.value === name)?.children?.[1];
  }, node);
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((one, other) => other.place.offset - one.place.offset)
    .reduce(
      (done, { place: { offset, length, type, value: old }, value }) =>
        `${old}` === `${value}`
          ? done
          : `${done.slice(0, offset)}${type === 'string' ? JSON.stringify(`${value}`) : value}${done.slice(offset + length)}`,
      text,
    );
}

function unclear(got: string, expected: string): OperateError {
  return new OperateError(`deployed template: got ${got}, expected ${expected}`);
}
