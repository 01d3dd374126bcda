import type { TemplateResource } from './stack-template';

/** The logical ids to which a part of a template refers: by `Ref`, `Fn::GetAtt` and `Fn::Sub`, wherever in it. */
export function referencesIn(part: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(part, found);
  return found;
}

/** What a resource waits for: what it refers to, and what it depends on in words. */
export function waitsFor(resource: TemplateResource): ReadonlySet<string> {
  return new Set([...referencesIn(resource.Properties), ...[resource.DependsOn ?? []].flat()]);
}

function collect(part: unknown, found: Set<string>): void {
  if (typeof part !== 'object' || part === null) {
    return;
  }
  for (const [name, value] of Object.entries(part)) {
    const id = referredTo(name, value);
    if (id !== undefined) {
      found.add(id);
    }
    if (name === 'Fn::Sub') {
      const [text, own] = [value].flat() as [unknown, unknown];
      const names = substituted(`${text}`).filter((each) => !Object.hasOwn(Object(own), each));
      for (const each of names) {
        found.add(each);
      }
    }
    collect(value, found);
  }
}

function referredTo(name: string, value: unknown): string | undefined {
  if (name === 'Ref') {
    return typeof value === 'string' ? value : undefined;
  }
  const id = name === 'Fn::GetAtt' ? [value].flat()[0] : undefined;
  return typeof id === 'string' ? id.split('.')[0] : undefined;
}

// `${!Name}` is text, and `${Name.Arn}` an attribute.
function substituted(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, id = '']) => id.trim());
}
