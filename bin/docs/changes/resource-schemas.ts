import { isDeepStrictEqual } from 'node:util';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource, SpecDatabase, TypeDefinition } from '@aws-cdk/service-spec-types';

let loaded: SpecDatabase | undefined;

/**
 * The properties for which CloudFormation makes a new resource, of those that are not the same; with dots where they are inside of
 * another one, as in `Config.Port`, which a plain comparison of properties misses.
 *
 * @param type such as `AWS::ECS::Service`; of one without a schema, such as a custom resource, nothing is known
 */
export function createOnlyChanges(
  type: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  loaded ??= loadAwsServiceSpecSync();
  const [schema] = loaded.lookup('resource', 'cloudFormationType', 'equals', type);
  return schema ? within(loaded, schema, before, after) : [];
}

function within(
  schemas: SpecDatabase,
  { properties }: Pick<Resource | TypeDefinition, 'properties'>,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(properties as Readonly<Record<string, Property>>)
    .filter(([name]) => !isDeepStrictEqual(before[name], after[name]))
    .flatMap(([name, { causesReplacement, type }]) => {
      // Where it depends on the value, the worse is taken.
      if (causesReplacement === 'yes' || causesReplacement === 'maybe') {
        return [name];
      }
      const inner = definitionOf(schemas, type);
      const [was, is] = [before[name], after[name]];
      return inner && isMap(was) && isMap(is) ? within(schemas, inner, was, is).map((each) => `${name}.${each}`) : [];
    });
}

function definitionOf(schemas: SpecDatabase, type: PropertyType): TypeDefinition | undefined {
  return type.type === 'ref' ? schemas.get('typeDefinition', type.reference) : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
