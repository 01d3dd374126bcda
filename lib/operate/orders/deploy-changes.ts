import { isDeepStrictEqual } from 'node:util';
import type { StackTemplate, TemplateResource } from '../template/stack-template';
import { waitsFor } from '../template/template-references';

/** What a deploy does to one resource. */
export interface ResourceChange {
  readonly logicalId: string;

  /** For a person: without what the CDK adds to the logical id. */
  readonly name: string;
  readonly kind: 'created' | 'updated' | 'deleted';

  /** Whether it is an ECS service whose tasks are replaced, so that it is neither the old one nor the new one for a while. */
  readonly rolls: boolean;

  /** What has to be there before, of all that the deploy changes: in the new template, and in the old one. */
  readonly waitsFor: { readonly after: ReadonlySet<string>; readonly before: ReadonlySet<string> };
}

/**
 * The changes of a deploy from one template to another.
 *
 * @param after in which what is replaced has another logical id than in `before`
 */
export function deployChanges(before: StackTemplate, after: StackTemplate): readonly ResourceChange[] {
  const [old, now] = [before.Resources ?? {}, after.Resources ?? {}];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (id) => !isDeepStrictEqual(ofInterest(old[id]), ofInterest(now[id])),
  );
  const [waits, waited] = [allWaits(now), allWaits(old)];
  const among = (ids: ReadonlySet<string>) => new Set(changed.filter((id) => ids.has(id)));
  return changed.map((logicalId) => {
    const [was, is] = [old[logicalId], now[logicalId]];
    const kind = was === undefined ? 'created' : is === undefined ? 'deleted' : 'updated';
    return {
      logicalId,
      name: nameOf(logicalId),
      kind,
      rolls:
        kind === 'updated' && is?.Type === 'AWS::ECS::Service' && !isDeepStrictEqual(apartFromCount(was), apartFromCount(is)),
      waitsFor: { after: among(waits(logicalId)), before: among(waited(logicalId)) },
    };
  });
}

/** A logical id without the hash that the CDK puts behind it. */
export function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}(?= |$)/, '');
}

// What another resource is waited for, and what is written about a resource, changes nothing of it.
function ofInterest(resource: TemplateResource | undefined): unknown {
  return resource && resource.Type !== 'AWS::CDK::Metadata' ? [resource.Type, resource.Properties ?? {}] : undefined;
}

function apartFromCount(resource: TemplateResource | undefined): unknown {
  return { ...resource?.Properties, DesiredCount: undefined };
}

/** What each resource waits for, directly or through others: those that do not change, too. */
export function allWaits(resources: Readonly<Record<string, TemplateResource>>): (logicalId: string) => ReadonlySet<string> {
  const direct = new Map(Object.entries(resources).map(([id, resource]) => [id, waitsFor(resource)]));
  return (logicalId) => {
    const all = new Set<string>();
    const open = [logicalId];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const other of direct.get(id) ?? []) {
        if (!all.has(other)) {
          all.add(other);
          open.push(other);
        }
      }
    }
    return all;
  };
}
