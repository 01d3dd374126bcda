import type { StackTemplate } from '../template/stack-template';
import { waitsFor } from '../template/template-references';
import { deployChanges, nameOf, type ResourceChange } from './deploy-changes';
import { lookAtAllOrders } from './order-states';
import { withOwnIds } from './replaced-resources';
import { slotFaults } from './slot-faults';
import { decisiveIds, slotDanger } from './slot-safety';
import { useDanger } from './use-safety';

/** What the proof over all orders of a deploy, and of the deploy back, came to. */
export interface OrderProof {
  /** How many states between the two templates were looked at. */
  readonly intermediateStates: number;

  /** The shortest order that breaks something; `undefined`: none does. */
  readonly broken: BrokenOrder | undefined;
}

/** An order that breaks something. */
export interface BrokenOrder {
  /** What is done one after the other, such as `updated AppProductionRule`; nothing when a template is broken by itself. */
  readonly order: readonly string[];

  /** In words, such as `updated AppProductionRule before AppGreenService: green has weight 1 and no service`. */
  readonly problem: string;
}

/** What breaks, and the order in which it does, in a sentence. */
export function brokenOrderSentence({ order, problem }: BrokenOrder): string {
  return order.length === 0
    ? `the deploy is broken: ${problem}`
    : `an order of the deploy breaks it: ${problem} (${order.join(', ')})`;
}

// More would take seconds. Without alarms, dashboards and the like there are a few dozen.
const mostStates = 60_000;

/**
 * Whether a deploy is safe in whatever order CloudFormation takes, on the way there, on the way back after a failure, and in the deploy back:
 * at each point each slot in the route has its service, stable and with tasks where it has weight, and nothing that is in use is gone. Behind
 * all that the route names is a slot, and each slot waits for the guard.
 *
 * @param replaced logical ids of what is made anew in place of the old one
 */
export function proveOrders(before: StackTemplate, after: StackTemplate, replaced: readonly string[] = []): OrderProof {
  const there = proveOneWay(before, withOwnIds(after, replaced));
  if (there.broken) {
    return there;
  }
  const back = proveOneWay(after, withOwnIds(before, replaced));
  return {
    intermediateStates: there.intermediateStates + back.intermediateStates,
    broken: back.broken && { ...back.broken, problem: `in the deploy back: ${back.broken.problem}` },
  };
}

function proveOneWay(before: StackTemplate, after: StackTemplate): OrderProof {
  const missing = [before, after].flatMap(danglingReferences).slice(0, 1);
  const faults = missing.length > 0 ? missing : slotFaults(after);
  if (faults.length > 0) {
    return { intermediateStates: 0, broken: { order: [], problem: faults.join('; ') } };
  }
  const changes = deployChanges(before, after);
  const look = (looked: readonly ResourceChange[], most?: number) => {
    const [slots, uses] = [slotDanger(before, after, looked), useDanger(before, after, looked)];
    return lookAtAllOrders(looked, (state) => slots(state) ?? uses(state), most);
  };
  const all = look(changes, mostStates);
  const { states, broken } = all.states === undefined ? look(decisiveOf(changes, before, after)) : all;
  if (states === undefined) {
    throw new Error(
      `templates: got ${changes.length} changes that decide about slots, expected at most a slot and a route or two`,
    );
  }
  return {
    intermediateStates: states,
    broken: broken && { order: broken.order, problem: `${broken.last || 'before the deploy'}: ${broken.problem}` },
  };
}

/**
 * The changes that decide, without those that only have to be in order: alarms, dashboards, roles, networks.
 *
 * This loses nothing. What is waited for is known through all resources, also those that are left out. So each state of all changes is one
 * of these when the others are not looked at; and each of these belongs to a state of all changes, in which just the others that had to come
 * before are done. Whether a slot has its service is seen in the services and the route alone. And nothing that is left out can be gone while
 * it is in use, because to refer to something is to wait for it: who refers to it is made after it, and deleted before it.
 */
export function decisiveOf(
  changes: readonly ResourceChange[],
  before: StackTemplate,
  after: StackTemplate,
): readonly ResourceChange[] {
  const ids = decisiveIds(before, after);
  return changes.filter(({ logicalId }) => ids.has(logicalId));
}

// CloudFormation takes no template with such a one.
function danglingReferences(template: StackTemplate): string[] {
  const known = new Set([...Object.keys(template.Resources ?? {}), ...Object.keys(template.Parameters ?? {})]);
  return Object.entries(template.Resources ?? {}).flatMap(([id, resource]) =>
    [...waitsFor(resource)]
      .filter((other) => !known.has(other) && !other.startsWith('AWS::'))
      .map((other) => `${nameOf(id)} needs ${nameOf(other)}, which is not in the template`),
  );
}
