import { slotNames } from '../../release/slots';
import type { StackTemplate } from '../template/stack-template';
import { referencesIn } from '../template/template-references';
import { type TemplateRoute, type TemplateSlots, templateRoute, templateSlots } from '../template/template-slots';
import { nameOf, type ResourceChange } from './deploy-changes';
import type { IntermediateState } from './order-states';

/** What is wrong in a state, and what the last thing that was done should have waited for. */
export interface Danger {
  readonly problem: string;
  readonly beside: (logicalId: string) => string;
}

/** A route, and the slots as they are in the templates in which it stands so. */
interface Standing {
  readonly route: TemplateRoute;
  readonly isThere: (state: IntermediateState) => boolean;
  readonly goesWith: readonly Side[];
}

interface Side {
  readonly slots: TemplateSlots;
  readonly isAfter: boolean;
}

/** The ECS services of the slots, and the route: what decides whether a state is safe. */
export function decisiveIds(before: StackTemplate, after: StackTemplate): ReadonlySet<string> {
  return new Set(
    [before, after].flatMap((template) => {
      const slots = templateSlots(template);
      const route = templateRoute(template, slots);
      return [...Object.values(slots).map(({ service }) => service), ...(route ? [route.logicalId] : [])];
    }),
  );
}

/**
 * What must not be in a state between two templates: a slot that the route as it stands names has no ECS service, or one with weight has none
 * that is stable, has tasks, and is of the version with which that route goes. A slot without weight counts, since the next change gives it some.
 */
export function slotDanger(
  before: StackTemplate,
  after: StackTemplate,
  changes: readonly ResourceChange[],
): (state: IntermediateState) => Danger | undefined {
  const changeOf = new Map(changes.map((change) => [change.logicalId, change]));
  const standing = standingRoutes(before, after, changeOf);
  const isEmpty = { before: emptyServices(before), after: emptyServices(after) };
  return (state) => {
    for (const { route, goesWith } of standing.filter(({ isThere }) => isThere(state))) {
      for (const slot of slotNames) {
        const weight = route.weights[slot];
        const problems = weight === undefined ? [] : goesWith.map(({ slots, isAfter }) => lack(slots[slot], isAfter, weight));
        if (weight !== undefined && problems.every((problem) => problem !== undefined)) {
          const [{ what, id } = { what: '', id: '' }] = problems as readonly { what: string; id: string }[];
          return {
            problem: `${slot} has weight ${weight} and ${what}`,
            beside: (last) => {
              const other = last === id ? route.logicalId : id;
              return [route.logicalId, id].includes(last) && changeOf.has(other) ? ` before ${nameOf(other)}` : '';
            },
          };
        }
      }
    }
    return undefined;

    function lack(slot: TemplateSlots[keyof TemplateSlots], isAfter: boolean, weight: number) {
      if (slot === undefined) {
        return { what: 'no service', id: '' };
      }
      const { service } = slot;
      if (!state.isThere(service)) {
        return { what: 'no service', id: service };
      }
      if (weight > 0 && state.isRolling(service)) {
        return { what: 'a service that is half way', id: service };
      }
      if (weight > 0 && isEmpty[state.isNew(service) ? 'after' : 'before'].has(service)) {
        return { what: 'a service without tasks', id: service };
      }
      const rolls = changeOf.get(service)?.rolls === true;
      return weight > 0 && rolls && state.isNew(service) !== isAfter
        ? { what: 'a service of another version', id: service }
        : undefined;
    }
  };
}

// How many tasks one that scales has is not said by the template.
function emptyServices({ Resources: resources = {} }: StackTemplate): ReadonlySet<string> {
  const scaling = referencesIn(
    Object.values(resources).flatMap(({ Type: type, Properties }) =>
      type === 'AWS::ApplicationAutoScaling::ScalableTarget' ? [Properties] : [],
    ),
  );
  return new Set(
    Object.entries(resources).flatMap(([id, { Type: type, Properties }]) =>
      type === 'AWS::ECS::Service' && Number(Properties?.DesiredCount ?? 1) === 0 && !scaling.has(id) ? [id] : [],
    ),
  );
}

// A route that stays as it is goes with both templates.
function standingRoutes(
  before: StackTemplate,
  after: StackTemplate,
  changeOf: ReadonlyMap<string, ResourceChange>,
): readonly Standing[] {
  const sides = [before, after].map((template, index) => {
    const slots = templateSlots(template);
    return { route: templateRoute(template, slots), slots, isAfter: index === 1 };
  });
  return sides.flatMap(({ route, slots, isAfter }) => {
    if (route === undefined) {
      return [];
    }
    const { logicalId } = route;
    const kind = changeOf.get(logicalId)?.kind;
    const isThere = (state: IntermediateState) =>
      kind === 'updated' ? state.isNew(logicalId) === isAfter : state.isThere(logicalId);
    return [{ route, isThere, goesWith: kind === undefined ? sides : [{ slots, isAfter }] }];
  });
}
