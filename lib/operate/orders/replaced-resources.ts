import type { StackTemplate } from '../template/stack-template';

/**
 * A new template in which each resource that is replaced has a logical id of its own, everywhere: it is made beside the old one, and the old
 * one is deleted in the clean-up.
 */
export function withOwnIds(template: StackTemplate, replaced: readonly string[]): StackTemplate {
  const ids = new Set(replaced);
  return ids.size === 0 ? template : (renamed(template, ids) as StackTemplate);
}

function renamed(part: unknown, ids: ReadonlySet<string>): unknown {
  const own = (id: string) => (ids.has(id) ? `${id} (new)` : id);
  if (Array.isArray(part)) {
    return part.map((each) => renamed(each, ids));
  }
  if (typeof part !== 'object' || part === null) {
    return part;
  }
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      switch (name) {
        case 'Resources':
          return [name, Object.fromEntries(Object.entries(value as object).map(([id, each]) => [own(id), renamed(each, ids)]))];
        case 'Ref':
          return [name, typeof value === 'string' ? own(value) : value];
        case 'Fn::GetAtt': {
          const [id, ...attribute] = Array.isArray(value) ? value : `${value}`.split(/\.(.*)/, 2);
          return [name, [own(`${id}`), ...attribute]];
        }
        case 'DependsOn':
          return [name, [value].flat().map((id) => own(`${id}`))];
        case 'Fn::Sub':
          return [name, Array.isArray(value) ? [inText(value[0], own), renamed(value[1], ids)] : inText(value, own)];
        default:
          return [name, renamed(value, ids)];
      }
    }),
  );
}

function inText(text: unknown, own: (id: string) => string): string {
  return `${text}`.replace(/\$\{([^!}.]+)/g, (_, id: string) => `\${${own(id.trim())}`);
}
