import type { ResourceChange } from './deploy-changes';

/** A point of a deploy at which it may stand, or fail: what is done of each change. */
export interface IntermediateState {
  /** Whether a resource is the new one: created, updated, or not deleted yet where it is to be deleted. */
  isThere(logicalId: string): boolean;

  /** Whether an update is done. */
  isNew(logicalId: string): boolean;

  /** Whether the tasks of an ECS service are being replaced. */
  isRolling(logicalId: string): boolean;
}

/** What all orders of a deploy came to. */
export interface OrderedStates {
  /** How many states were looked at; `undefined`: there are more than can be. */
  readonly states: number | undefined;

  /** The shortest order that ends in a state that must not be, in words, with what is wrong in it. */
  readonly broken: { readonly order: readonly string[]; readonly last: string; readonly problem: string } | undefined;
}

// A state is a number: one bit for each change, and one for each service that may be half way.
const mostBits = 30;

/** Where a deploy is: on its way, in the clean-up after it, or on the way back after a failure. */
const modes = { on: 0, cleanUp: 1, back: 2 } as const;

type Mode = (typeof modes)[keyof typeof modes];

interface Node {
  readonly mode: Mode;
  readonly bits: number;
  readonly before: Node | undefined;
  readonly done: string;
  readonly logicalId: string;
}

/**
 * Looks at every state that a deploy can come to, whatever order CloudFormation takes:
 *
 * - it creates and updates a resource after all that it waits for in the new template;
 * - when all of that is done, it deletes a resource after all that waits for it in the old template;
 * - before the clean-up it may fail at any point. It takes back each update after those of all that the resource waits for in the old
 *   template, and then deletes what it created, after all that waits for it in the new one.
 *
 * @param wrong what must not be in a state, in words
 * @param mostStates after so many it gives up
 */
export function lookAtAllOrders(
  changes: readonly ResourceChange[],
  wrong: (state: IntermediateState) => { readonly problem: string; readonly beside: (logicalId: string) => string } | undefined,
  mostStates = Number.POSITIVE_INFINITY,
): OrderedStates {
  const rolling = changes.filter(({ rolls }) => rolls);
  if (changes.length + rolling.length > mostBits) {
    return { states: undefined, broken: undefined };
  }
  const bitOf = new Map(changes.map(({ logicalId }, index) => [logicalId, 1 << index]));
  const flightOf = new Map(rolling.map(({ logicalId }, index) => [logicalId, 1 << (changes.length + index)]));
  const moves = movesOf(changes, bitOf, flightOf);
  const kinds = new Map(changes.map(({ logicalId, kind }) => [logicalId, kind]));
  const reach = (bits: number): IntermediateState => ({
    isThere: (id) => {
      const kind = kinds.get(id);
      const set = (bits & (bitOf.get(id) ?? 0)) !== 0;
      return kind === 'created' ? set : kind === 'deleted' ? !set : true;
    },
    isNew: (id) => (bits & (bitOf.get(id) ?? 0)) !== 0,
    isRolling: (id) => (bits & (flightOf.get(id) ?? 0)) !== 0,
  });
  // Breadth first: the first order that breaks something is the shortest one.
  const start: Node = { mode: modes.on, bits: 0, before: undefined, done: '', logicalId: '' };
  const queue = [start];
  const seen = new Set([keyOf(start)]);
  for (let index = 0; index < queue.length; index += 1) {
    const node = queue[index] as Node;
    const found = wrong(reach(node.bits));
    if (found) {
      return {
        states: queue.length,
        broken: { order: orderTo(node), last: lastOf(node, found.beside), problem: found.problem },
      };
    }
    for (const next of moves(node)) {
      if (!seen.has(keyOf(next))) {
        seen.add(keyOf(next));
        queue.push(next);
      }
    }
    if (queue.length > mostStates) {
      return { states: undefined, broken: undefined };
    }
  }
  return { states: queue.length, broken: undefined };
}

function keyOf({ mode, bits }: Node): number {
  return mode * 2 ** mostBits + bits;
}

function orderTo(node: Node): string[] {
  return node.before ? [...orderTo(node.before), node.done] : [];
}

function lastOf(node: Node, beside: (logicalId: string) => string): string {
  return node.before && node.logicalId === '' ? lastOf(node.before, beside) : `${node.done}${beside(node.logicalId)}`;
}

function movesOf(
  changes: readonly ResourceChange[],
  bitOf: ReadonlyMap<string, number>,
  flightOf: ReadonlyMap<string, number>,
): (node: Node) => Node[] {
  const mask = (chosen: readonly ResourceChange[]) =>
    chosen.reduce((bits, { logicalId }) => bits | (bitOf.get(logicalId) ?? 0), 0);
  const flights = [...flightOf.values()].reduce((bits, flight) => bits | flight, 0);
  const of = (...kinds: readonly ResourceChange['kind'][]) => changes.filter(({ kind }) => kinds.includes(kind));
  const [made, updated] = [mask(of('created', 'updated')), mask(of('updated'))];
  const steps = changes.map((change) => {
    const { logicalId } = change;
    const flight = flightOf.get(logicalId) ?? 0;
    const within = (ids: ReadonlySet<string>, ...kinds: readonly ResourceChange['kind'][]) =>
      of(...kinds).filter((each) => each !== change && ids.has(each.logicalId));
    return {
      ...change,
      bit: bitOf.get(logicalId) ?? 0,
      flight,
      needed: mask(within(change.waitsFor.after, 'created', 'updated')),
      neededBefore: mask(within(change.waitsFor.before, 'updated')),
      flightsBefore: within(change.waitsFor.before, 'updated').reduce(
        (bits, each) => bits | (flightOf.get(each.logicalId) ?? 0),
        0,
      ),
      usedAfter: mask(of('created').filter((each) => each !== change && each.waitsFor.after.has(logicalId))),
      usedBefore: mask(of('deleted').filter((each) => each !== change && each.waitsFor.before.has(logicalId))),
    };
  });
  return (node) => {
    const { mode, bits } = node;
    const next: Node[] = [];
    const go = (to: Mode, nextBits: number, done: string, logicalId = '') =>
      next.push({ mode: to, bits: nextBits, before: node, done, logicalId });
    const complete = (bits & made) === made && (bits & flights) === 0;
    for (const { logicalId, name, kind, bit, flight, needed, neededBefore, flightsBefore, usedAfter, usedBefore } of steps) {
      const isDone = (bits & bit) !== 0;
      const inFlight = (bits & flight) !== 0;
      if (mode === modes.on && kind !== 'deleted') {
        if (inFlight) {
          go(mode, (bits & ~flight) | bit, `updated ${name}`, logicalId);
        } else if (!isDone && (bits & needed) === needed) {
          go(mode, bits | (flight || bit), flight ? `began to update ${name}` : `${kind} ${name}`, logicalId);
        }
      }
      if (
        kind === 'deleted' &&
        !isDone &&
        (mode === modes.cleanUp || (mode === modes.on && complete)) &&
        (bits & usedBefore) === usedBefore
      ) {
        go(modes.cleanUp, bits | bit, `deleted ${name}`, logicalId);
      }
      if (mode === modes.back && kind === 'updated' && (isDone || inFlight) && (bits & (neededBefore | flightsBefore)) === 0) {
        const isBeginning = flight !== 0 && !inFlight;
        go(
          mode,
          isBeginning ? (bits & ~bit) | flight : bits & ~bit & ~flight,
          `${isBeginning ? 'began to take back' : 'took back'} ${name}`,
          logicalId,
        );
      }
      if (mode === modes.back && kind === 'created' && isDone && (bits & (updated | flights | usedAfter)) === 0) {
        go(mode, bits & ~bit, `deleted ${name}`, logicalId);
      }
    }
    if (mode === modes.on && bits !== 0) {
      go(modes.back, bits, 'failed');
    }
    return next;
  };
}
