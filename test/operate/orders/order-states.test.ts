import fc from 'fast-check';
import { deployChanges, type ResourceChange } from '../../../lib/operate/orders/deploy-changes';
import { type IntermediateState, lookAtAllOrders } from '../../../lib/operate/orders/order-states';
import { decisiveOf } from '../../../lib/operate/orders/prove-orders';
import { slotDanger } from '../../../lib/operate/orders/slot-safety';
import type { StackTemplate, TemplateResource } from '../../../lib/operate/template/stack-template';

const change = (logicalId: string, kind: ResourceChange['kind'], more: Partial<ResourceChange> = {}): ResourceChange => ({
  logicalId,
  name: logicalId,
  kind,
  rolls: false,
  waitsFor: { after: new Set(), before: new Set() },
  ...more,
});
const madeAfter = (...ids: readonly string[]) => ({ waitsFor: { after: new Set(ids), before: new Set<string>() } });
const usedBy = (...ids: readonly string[]) => ({ waitsFor: { after: new Set<string>(), before: new Set(ids) } });
const nothing = () => undefined;

describe('all orders of a deploy', () => {
  it.each<[string, readonly ResourceChange[], number]>([
    // On the way, not begun and done; on the way back, the same.
    ['one update', [change('A', 'updated')], 4],
    ['two updates in any order', [change('A', 'updated'), change('B', 'updated')], 4 + 4],
    // There: none, A, both. On the way back the same.
    ['two creations, one after the other', [change('A', 'created'), change('B', 'created', madeAfter('A'))], 3 + 3],
    ['an update that makes tasks anew', [change('A', 'updated', { rolls: true })], 3 + 3],
    // None, and of the clean-up one or both.
    ['two deletions in any order', [change('A', 'deleted'), change('B', 'deleted')], 4],
    ['two deletions, one after the other', [change('A', 'deleted'), change('B', 'deleted', usedBy('A'))], 3],
    ['no change', [], 1],
  ])('have these states of %s', (_, changes, states) => {
    expect(lookAtAllOrders(changes, nothing)).toEqual({ states, broken: undefined });
  });

  it('end in the shortest one that breaks something', () => {
    const wrong = (state: IntermediateState) =>
      state.isNew('B') && state.isThere('C') ? { problem: 'B with C', beside: (last: string) => ` after ${last}` } : undefined;
    const changes = [change('A', 'created'), change('B', 'updated', madeAfter('A')), change('C', 'created')];
    expect(lookAtAllOrders(changes, wrong).broken).toEqual({
      order: ['created A', 'updated B', 'created C'],
      last: 'created C after C',
      problem: 'B with C',
    });
  });

  it('are given up when there are more than may be', () => {
    const many = Array.from({ length: 12 }, (_, index) => change(`A${index}`, 'created'));
    expect(lookAtAllOrders(many, nothing, 1000).states).toBeUndefined();
    const tooMany = Array.from({ length: 31 }, (_, index) => change(`A${index}`, 'created'));
    expect(lookAtAllOrders(tooMany, nothing).states).toBeUndefined();
  });
});

// Each resource may depend on those that stand before it.
const core = ['BlueTarget', 'GreenTarget', 'BlueService', 'GreenService', 'Route'];
const graph = fc
  .record({
    extras: fc.array(fc.nat({ max: core.length }), { maxLength: 3 }),
    seed: fc.infiniteStream(fc.nat({ max: 9 })),
    active: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
  })
  .map(({ extras, seed, active }) => {
    const ids = [...core];
    extras.forEach((at, index) => {
      ids.splice(at, 0, `Extra${index}`);
    });
    const next = () => seed.next().value as number;
    return active.map((slots) => template(ids, next, slots)) as [StackTemplate, StackTemplate];
  });

function template(ids: readonly string[], next: () => number, slots: number): StackTemplate {
  const active = ['Blue', 'Green'].filter((_, index) => slots === 3 || slots === index);
  const there = ids.filter((id) =>
    id.startsWith('Extra') ? next() < 7 : id === 'Route' || active.some((slot) => id.startsWith(slot)),
  );
  const resources = there.map((id, index): [string, TemplateResource] => [
    id,
    { ...resourceOf(id, active, next), DependsOn: there.slice(0, index).filter(() => next() < 4) },
  ]);
  return {
    Resources: Object.fromEntries(resources),
    Outputs: Object.fromEntries(
      active.map((slot) => [`${slot}ServiceName`, { Value: { 'Fn::GetAtt': [`${slot}Service`, 'Name'] } }]),
    ),
  };
}

function resourceOf(id: string, active: readonly string[], next: () => number): TemplateResource {
  const Version = next() < 6 ? 1 : 2;
  if (id === 'Route') {
    const groups = active.map((slot) => ({ TargetGroupArn: { Ref: `${slot}Target` }, Weight: next() % 2 }));
    const Actions = [{ ForwardConfig: { TargetGroups: groups } }];
    return { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { Actions } };
  }
  if (id.endsWith('Service')) {
    const LoadBalancers = [{ TargetGroupArn: { Ref: id.replace('Service', 'Target') } }];
    return { Type: 'AWS::ECS::Service', Properties: { LoadBalancers, Version } };
  }
  return {
    Type: id.startsWith('Extra') ? 'Some::Other::Thing' : 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { Version },
  };
}

describe('all orders of a small deploy', () => {
  it('are those that are found one by one', () => {
    fc.assert(
      fc.property(graph, ([was, is]) => {
        const changes = deployChanges(was, is);
        const danger = slotDanger(was, is, changes);
        const found = lookAtAllOrders(changes, danger);
        const oneByOne = plainly(changes, danger);
        expect(found.broken !== undefined).toBe(oneByOne.broken);
        if (!oneByOne.broken) {
          expect(found.states).toBe(oneByOne.states);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are wrong in the same ways when nothing but the slots and the route is looked at', () => {
    let broken = 0;
    fc.assert(
      fc.property(graph, ([was, is]) => {
        const changes = deployChanges(was, is);
        const danger = slotDanger(was, is, changes);
        const all = allProblems(changes, danger);
        expect(allProblems(decisiveOf(changes, was, is), danger)).toEqual(all);
        broken += all.length > 0 ? 1 : 0;
      }),
      { numRuns: 1000 },
    );
    // Neither all nor none of these templates are wrong.
    expect(broken).toBeGreaterThan(50);
    expect(broken).toBeLessThan(950);
  });
});

function allProblems(changes: readonly ResourceChange[], danger: ReturnType<typeof slotDanger>): string[] {
  const problems = new Set<string>();
  lookAtAllOrders(changes, (state) => {
    problems.add(danger(state)?.problem ?? '');
    return undefined;
  });
  return [...problems].filter((problem) => problem !== '').sort();
}

type Status = 'old' | 'half' | 'new';

/** The same in words instead of bits: every state by its name, without any order in mind. */
function plainly(changes: readonly ResourceChange[], danger: (state: IntermediateState) => unknown) {
  const kindOf = new Map(changes.map(({ logicalId, kind }) => [logicalId, kind]));
  const seen = new Set<string>();
  let broken = false;
  const visit = (mode: 'on' | 'cleanUp' | 'back', statuses: ReadonlyMap<string, Status>) => {
    const name = JSON.stringify([mode, ...statuses]);
    if (seen.has(name)) {
      return;
    }
    seen.add(name);
    const status = (id: string) => statuses.get(id);
    const isThere = (id: string) => {
      const kind = kindOf.get(id);
      return kind === 'created' ? status(id) === 'new' : kind === 'deleted' ? status(id) === 'old' : true;
    };
    broken ||= danger({ isThere, isNew: (id) => status(id) === 'new', isRolling: (id) => status(id) === 'half' }) !== undefined;
    const set = (id: string, to: Status, then = mode) => visit(then, new Map([...statuses, [id, to]]));
    const updates = changes.filter(({ kind }) => kind === 'updated');
    const making = changes.filter(({ kind }) => kind !== 'deleted');
    for (const { logicalId: id, kind, rolls, waitsFor } of changes) {
      if (mode === 'on' && kind !== 'deleted' && status(id) !== 'new') {
        const ready = making.every((other) => !waitsFor.after.has(other.logicalId) || status(other.logicalId) === 'new');
        if (ready) {
          set(id, rolls && status(id) === 'old' ? 'half' : 'new');
        }
      }
      if (
        mode !== 'back' &&
        kind === 'deleted' &&
        status(id) === 'old' &&
        making.every((other) => status(other.logicalId) === 'new')
      ) {
        const used = changes.some(
          (other) => other.kind === 'deleted' && other.waitsFor.before.has(id) && status(other.logicalId) === 'old',
        );
        if (!used) {
          set(id, 'new', 'cleanUp');
        }
      }
      if (mode === 'back' && kind === 'updated' && status(id) !== 'old') {
        if (updates.every((other) => !waitsFor.before.has(other.logicalId) || status(other.logicalId) === 'old')) {
          set(id, rolls && status(id) === 'new' ? 'half' : 'old');
        }
      }
      if (
        mode === 'back' &&
        kind === 'created' &&
        status(id) === 'new' &&
        updates.every((other) => status(other.logicalId) === 'old')
      ) {
        const used = changes.some(
          (other) => other.kind === 'created' && other.waitsFor.after.has(id) && status(other.logicalId) === 'new',
        );
        if (!used) {
          set(id, 'old');
        }
      }
    }
    if (mode === 'on' && [...statuses.values()].some((each) => each !== 'old')) {
      visit('back', statuses);
    }
  };
  visit('on', new Map(changes.map(({ logicalId }) => [logicalId, 'old'] as const)));
  return { states: seen.size, broken };
}
