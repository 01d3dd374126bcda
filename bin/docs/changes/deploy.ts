import type { DeployedState, UnsafeChange } from '../../../lib/release/deployed-state';
import { unsafeChanges } from '../../../lib/release/transition';
import { type Hazards, hazards } from './hazards';
import { type ChangedTemplate, type TemplateChange, type TemplateResource, templateChange } from './template-change';

/** A deploy of another template to a live stack: what the guard says of it, what it does, and what must not happen in it. */
export interface Deploy {
  /** What is deployed before. */
  readonly before: ChangedTemplate;

  readonly change: TemplateChange;

  /** What the guard refuses, before anything is touched; nothing when it lets the deploy through. */
  readonly refused: readonly UnsafeChange[];

  readonly hazards: Hazards;
}

/** What becomes of a live stack with another template. Both are made with the paths of the constructs in them. */
export function deploy(before: ChangedTemplate, after: ChangedTemplate): Deploy {
  const guards = guardsOf(before);
  const next = new Map(guardsOf(after).map((guard) => [guard.id, guard.state]));
  const refused = guards.flatMap(({ id, state, unguarded }) => {
    const now = next.get(id);
    return now === undefined || unguarded ? [] : unsafeChanges(state, now);
  });
  const idle = guards.flatMap(({ path, state }) =>
    ['blue', 'green'].filter((slot) => Number(state.slots[slot]?.weight) === 0).map((slot) => `${path}/${inPath(slot)}/`),
  );
  // Who takes a whole service out of a stack means it.
  const kept = Object.values(after.Resources).map(pathOf);
  const gone = guards.map(({ path }) => `${path}/`).filter((service) => !kept.some((path) => path.startsWith(service)));
  const without = [...idle, ...gone];
  const change = templateChange(before, after);
  const hasRequests = (id: string) => !without.some((path) => pathOf(before.Resources[id]).startsWith(path));
  return { before, change, refused, hazards: hazards(before, change, hasRequests) };
}

interface Guard {
  readonly id: string;

  /** Path of the service that it guards. */
  readonly path: string;
  readonly state: DeployedState;
  readonly unguarded: boolean;
}

function guardsOf({ Resources }: ChangedTemplate): Guard[] {
  return Object.entries(Resources).flatMap(([id, resource]) => {
    const { State, AllowUnsafe } = resource.Properties ?? {};
    const path = pathOf(resource).replace(/\/Guard$/, '');
    return resource.Type === 'Custom::ReleaseGuard'
      ? [{ id, path, state: resolved(State) as DeployedState, unguarded: AllowUnsafe !== undefined }]
      : [];
  });
}

// The guard gets texts: CloudFormation has put together what a template leaves open.
function resolved(part: unknown): unknown {
  if (Array.isArray(part)) {
    return part.map(resolved);
  }
  if (typeof part !== 'object' || part === null) {
    return part;
  }
  const [[name, argument] = ['', undefined]] = Object.entries(part);
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(resolved).join(separator);
  }
  if (name === 'Ref' || name.startsWith('Fn::')) {
    return `<${[argument].flat().join('.')}>`;
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value)]));
}

/** The path of the construct that made a resource, below the stack: `App/Blue/Service`. */
export function pathOf(resource: TemplateResource | undefined): string {
  const [, ...parts] =
    (resource as { readonly Metadata?: Readonly<Record<string, string>> })?.Metadata?.['aws:cdk:path']?.split('/') ?? [];
  return parts.filter((part) => part !== 'Resource' && part !== 'Default').join('/');
}

function inPath(slot: string): string {
  return `${slot.charAt(0).toUpperCase()}${slot.slice(1)}`;
}
