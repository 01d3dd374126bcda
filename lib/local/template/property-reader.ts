import { LocalError } from '../local-error';
import type { Resource, Template } from './template';

/**
 * Reads the properties of a resource and keeps count of what was read.
 *
 * What nobody asked for is a problem: a property that is skipped in silence would make the rehearsal prove less than the
 * template says.
 */
export class PropertyReader {
  private readonly read = new Set<string>();
  private readonly children: PropertyReader[] = [];

  private constructor(
    private readonly template: Template,
    private readonly values: Readonly<Record<string, unknown>>,
    readonly path: string,
  ) {}

  /**
   * Reads a resource by a function, and then looks whether everything in it was read.
   *
   * @throws LocalError naming every property that was not read
   */
  static read<T>(template: Template, resource: Resource, read: (properties: PropertyReader) => T): T {
    const reader = new PropertyReader(template, resource.properties, `${resource.type} ${resource.logicalId}`);
    const result = read(reader);
    const unread = reader.unread();
    if (unread.length > 0) {
      throw new LocalError(
        unread.map(
          (path) =>
            `${path}: got a property that cannot be mapped to Envoy here, expected none; remove it, or add it to lib/local/routes`,
        ),
      );
    }
    return result;
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** Takes note of properties that have no effect on how requests are split, retried or timed. */
  ignore(...names: readonly string[]): void {
    for (const name of names) {
      this.read.add(name);
    }
  }

  /** A property as it stands. */
  raw(name: string): unknown {
    this.read.add(name);
    return this.values[name];
  }

  text(name: string): string {
    return this.template.text(this.required(name), this.at(name));
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  /** One of the values that can be mapped here. */
  oneOf<const T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.text(name);
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      throw new LocalError(
        `${this.at(name)}: got "${value}", expected ${allowed.join(' or ')}, which is what can be mapped here`,
      );
    }
    return found;
  }

  number(name: string): number {
    const value = this.required(name);
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number') {
      throw new LocalError(`${this.at(name)}: got ${JSON.stringify(value)}, expected a number`);
    }
    return number;
  }

  optionalNumber(name: string): number | undefined {
    return this.has(name) ? this.number(name) : undefined;
  }

  object(name: string): PropertyReader {
    return this.child(this.required(name), this.at(name));
  }

  optionalObject(name: string): PropertyReader | undefined {
    return this.has(name) ? this.object(name) : undefined;
  }

  /** The elements of a list of objects; none when there is no list. */
  objects(name: string): readonly PropertyReader[] {
    return this.list(name).map((value, index) => this.child(value, `${this.at(name)}[${index}]`));
  }

  /** The elements of a list of texts; none when there is no list. */
  texts(name: string): readonly string[] {
    return this.list(name).map((value, index) => this.template.text(value, `${this.at(name)}[${index}]`));
  }

  /** The only element of a list. */
  only(name: string): PropertyReader {
    const [first, ...others] = this.objects(name);
    if (first === undefined || others.length > 0) {
      throw new LocalError(
        `${this.at(name)}: got ${others.length + (first ? 1 : 0)} elements, expected one, which is what can be mapped here`,
      );
    }
    return first;
  }

  /** The resource to which a property points. */
  target(name: string, type: string): Resource {
    return this.template.target(this.required(name), type, this.at(name));
  }

  private at(name: string): string {
    return `${this.path}.${name}`;
  }

  private list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (value === undefined) {
      return [];
    }
    if (!Array.isArray(value)) {
      throw new LocalError(`${this.at(name)}: got ${JSON.stringify(value)}, expected a list`);
    }
    return value;
  }

  private required(name: string): unknown {
    const value = this.raw(name);
    if (value === undefined) {
      throw new LocalError(`${this.at(name)}: got nothing, expected a value`);
    }
    return value;
  }

  private child(value: unknown, path: string): PropertyReader {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new LocalError(`${path}: got ${JSON.stringify(value)}, expected an object`);
    }
    const child = new PropertyReader(this.template, value as Readonly<Record<string, unknown>>, path);
    this.children.push(child);
    return child;
  }

  // Tags stand at any resource, and a stack may add some to all of them.
  private unread(): string[] {
    return [
      ...Object.keys(this.values)
        .filter((name) => this.values[name] !== undefined && !this.read.has(name) && name !== 'Tags')
        .map((name) => this.at(name)),
      ...this.children.flatMap((child) => child.unread()),
    ];
  }
}
