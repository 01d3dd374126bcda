/** A resource of a template of CloudFormation. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A template of CloudFormation, as far as the commands of a release read it. */
export interface StackTemplate {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value?: unknown }>>;
}

/**
 * How a resource is called for a person: the path of the construct that made it, without the stack and without what the CDK puts behind it;
 * else its logical id.
 */
export function pathOf(logicalId: string, resource: TemplateResource | undefined): string {
  const path = resource?.Metadata?.['aws:cdk:path'];
  const parts = typeof path === 'string' ? path.split('/').slice(1) : [];
  const named = ['Resource', 'Default'].includes(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts;
  return named.length === 0 ? logicalId : named.join('/');
}
