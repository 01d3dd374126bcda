import { LocalError } from '../local-error';

/** A resource as it stands in a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** What a rehearsal reads of a CloudFormation template. */
export interface TemplateJson {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

/** A resource with its logical id. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The attributes that give back a property of the same resource, so that they are known before any deploy. */
const nameAttributes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::AppMesh::Mesh': { MeshName: 'MeshName' },
  'AWS::AppMesh::VirtualNode': { VirtualNodeName: 'VirtualNodeName' },
  'AWS::AppMesh::VirtualRouter': { VirtualRouterName: 'VirtualRouterName' },
  'AWS::AppMesh::VirtualService': { VirtualServiceName: 'VirtualServiceName' },
  'AWS::AppMesh::VirtualGateway': { VirtualGatewayName: 'VirtualGatewayName' },
  'AWS::ServiceDiscovery::Service': { Name: 'Name' },
};

// Of a stack that is never deployed.
const stackId = 'arn:aws:cloudformation:us-east-1:000000000000:stack/rehearsal/00000000-0000-0000-0000-000000000000';

/** A synthesized template: its resources, and what their references stand for. */
export class Template {
  readonly resources: readonly Resource[];
  private readonly byId: ReadonlyMap<string, Resource>;

  /**
   * @param physicalIds by logical id, where the template is deployed: a value is a physical id then, and no reference
   */
  constructor(
    template: TemplateJson,
    private readonly physicalIds: ReadonlyMap<string, string> = new Map(),
  ) {
    this.resources = Object.entries(template.Resources ?? {}).map(([logicalId, resource]) => ({
      logicalId,
      type: resource.Type,
      properties: resource.Properties ?? {},
    }));
    this.byId = new Map(this.resources.map((resource) => [resource.logicalId, resource]));
  }

  ofType(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /**
   * The only resource of a type.
   *
   * @throws LocalError when there is none, or another one
   */
  one(type: string): Resource {
    const [first, ...others] = this.ofType(type);
    if (first === undefined || others.length > 0) {
      throw new LocalError(
        `template: got ${others.length + (first ? 1 : 0)} resources of type ${type}, expected one, which is what can be mapped here`,
      );
    }
    return first;
  }

  /**
   * Makes sure that a service has no resources of other types than some.
   *
   * @param service such as `AWS::AppMesh`
   * @throws LocalError naming every other one
   */
  refuseOthers(service: string, known: readonly string[]): void {
    const others = this.resources.filter(
      ({ type }) => type.startsWith(`${service}::`) && !known.includes(type.slice(service.length + 2)),
    );
    if (others.length > 0) {
      throw new LocalError(
        others.map(
          ({ type, logicalId }) =>
            `${type} ${logicalId}: got a resource that the rehearsal cannot map, expected ${known.join(', ')}`,
        ),
      );
    }
  }

  /**
   * The text that a value stands for: a literal, a reference to the name of another resource, or what is put together of them.
   *
   * @param where what is read, for the message
   * @throws LocalError when only a deploy could tell the text
   */
  text(value: unknown, where: string): string {
    if (typeof value === 'string') {
      return value;
    }
    if (refOf(value) === 'AWS::StackId') {
      return stackId;
    }
    const [join, select] = [argumentsOf(value, 'Fn::Join'), argumentsOf(value, 'Fn::Select')];
    if (join && Array.isArray(join[1])) {
      return join[1].map((part) => this.text(part, where)).join(this.text(join[0], where));
    }
    const split = select && argumentsOf(select[1], 'Fn::Split');
    if (select && split) {
      return this.text(split[1], where).split(this.text(split[0], where))[Number(select[0])] ?? '';
    }
    const attribute = attributeOf(value);
    const resource = attribute && this.byId.get(attribute.logicalId);
    const names = resource && Object.hasOwn(nameAttributes, resource.type) ? nameAttributes[resource.type] : undefined;
    const property = attribute && names && Object.hasOwn(names, attribute.name) ? names[attribute.name] : undefined;
    if (resource && property) {
      return this.text(resource.properties[property], `${where} -> ${resource.logicalId}.${property}`);
    }
    throw new LocalError(
      `${where}: got ${JSON.stringify(value)}, expected a text or the name of a resource of the same template, since a rehearsal deploys nothing`,
    );
  }

  /**
   * The resource to which a `Ref`, or a `Fn::GetAtt` of an ARN or id, points; of a deployed template, the one of that ARN or id.
   *
   * @throws LocalError when it is no reference, or points at something else
   */
  target(value: unknown, type: string, where: string): Resource {
    const logicalId = refOf(value) ?? attributeOf(value)?.logicalId;
    const resource = typeof value === 'string' ? this.byPhysicalId(value, type) : this.byId.get(logicalId ?? '');
    if (resource?.type !== type) {
      throw new LocalError(`${where}: got ${JSON.stringify(value)}, expected a reference to a resource of type ${type}`);
    }
    return resource;
  }

  /** What `Ref` gives of a deployed resource. */
  physicalIdOf({ logicalId }: Resource): string {
    const physicalId = this.physicalIds.get(logicalId);
    if (physicalId === undefined) {
      throw new Error(`resource ${logicalId}: expected one of a deployed template`);
    }
    return physicalId;
  }

  /** The deployed resource with an ARN, of which the last part is enough, as it is for VPC Lattice. */
  byPhysicalId(id: string, type: string): Resource | undefined {
    return this.ofType(type).find((resource) => {
      const physicalId = this.physicalIds.get(resource.logicalId);
      return physicalId === id || physicalId?.endsWith(`/${id}`);
    });
  }
}

/** The logical ids of the resources that one template has in another way than the other, or does not have at all. */
export function changedResources(before: TemplateJson, after: TemplateJson): readonly string[] {
  const ids = new Set([...Object.keys(before.Resources ?? {}), ...Object.keys(after.Resources ?? {})]);
  return [...ids].filter((id) => JSON.stringify(before.Resources?.[id]) !== JSON.stringify(after.Resources?.[id])).sort();
}

function argumentsOf(value: unknown, name: string): readonly unknown[] | undefined {
  const given = isObject(value) ? value[name] : undefined;
  return Array.isArray(given) ? given : undefined;
}

function refOf(value: unknown): string | undefined {
  const ref = isObject(value) ? value.Ref : undefined;
  return typeof ref === 'string' ? ref : undefined;
}

function attributeOf(value: unknown): { logicalId: string; name: string } | undefined {
  const parts: unknown = isObject(value) ? value['Fn::GetAtt'] : undefined;
  const [logicalId, name] = Array.isArray(parts) ? (parts as unknown[]) : [];
  return typeof logicalId === 'string' && typeof name === 'string' ? { logicalId, name } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
