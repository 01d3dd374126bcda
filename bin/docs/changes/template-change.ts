import { isDeepStrictEqual } from 'node:util';
import { createOnlyChanges } from './resource-schemas';

/** A template, as far as a change of it is looked at. */
export interface ChangedTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What CloudFormation does to the resources of a stack that gets another template: logical ids, with the properties that say so. */
export interface TemplateChange {
  readonly created: readonly string[];

  /** In the clean-up, after everything else. */
  readonly deleted: readonly string[];

  /** A new one is made, and the old one deleted in the clean-up. */
  readonly replaced: ReadonlyMap<string, readonly string[]>;

  readonly updated: ReadonlyMap<string, readonly string[]>;

  /** The new resources, in which a reference to one that is replaced is not what it was. */
  readonly after: Readonly<Record<string, TemplateResource>>;
}

/** What the resource schemas say of another template for a stack. */
export function templateChange(before: ChangedTemplate, after: ChangedTemplate): TemplateChange {
  const [old, now] = [before.Resources, after.Resources];
  const kept = Object.keys(now).filter((id) => old[id] !== undefined);
  const replaced = new Map<string, readonly string[]>();
  for (let before = -1; before < replaced.size; ) {
    before = replaced.size;
    for (const id of kept) {
      const reasons = replacing(old[id], pointingAtNew(now[id], replaced) as TemplateResource);
      if (reasons.length > 0) {
        replaced.set(id, reasons);
      }
    }
  }
  const marked = pointingAtNew(now, replaced) as Record<string, TemplateResource>;
  const updated = kept
    .filter((id) => !replaced.has(id))
    .map((id) => [id, changedProperties(old[id], marked[id])] as const)
    .filter(([, names]) => names.length > 0);
  return {
    created: Object.keys(now).filter((id) => old[id] === undefined),
    deleted: Object.keys(old).filter((id) => now[id] === undefined),
    replaced,
    updated: new Map(updated),
    after: marked,
  };
}

function replacing(before: TemplateResource | undefined, after: TemplateResource): readonly string[] {
  return before?.Type === after.Type ? createOnlyChanges(after.Type, before.Properties ?? {}, after.Properties ?? {}) : ['Type'];
}

function changedProperties(
  { Properties: before = {} }: Partial<TemplateResource> = {},
  { Properties: after = {} }: Partial<TemplateResource> = {},
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
}

/** A part of a template, in which each reference to a resource that is replaced is another one. */
function pointingAtNew(part: unknown, replaced: ReadonlyMap<string, unknown>): unknown {
  if (replaced.size === 0) {
    return part;
  }
  const another = (id: unknown) => (typeof id === 'string' && replaced.has(id) ? `${id} (new)` : id);
  if (Array.isArray(part)) {
    return part.map((each) => pointingAtNew(each, replaced));
  }
  if (typeof part !== 'object' || part === null) {
    return part;
  }
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      if (name === 'Ref') {
        return [name, another(value)];
      }
      if (name === 'Fn::GetAtt') {
        const [id, ...attribute] = [value].flat();
        return [name, [another(id), ...attribute]];
      }
      return [name, pointingAtNew(value, replaced)];
    }),
  );
}
