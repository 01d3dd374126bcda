import type { DeployedResource } from '../../../lib/local/emulator/follower';
import type { TemplateJson } from '../../app-template';

const account = 'us-east-1:000000000000';

/** The types that are followed. */
const followed =
  /^AWS::(ElasticLoadBalancingV2::(LoadBalancer|Listener|ListenerRule|TargetGroup)|VpcLattice::(Service|Listener|Rule|TargetGroup)|AppMesh::.*|ECS::(Service|TaskDefinition))$/;

/** The resources of a template that are followed, as CloudFormation would have made them, in an order in which it could make them. */
export function deployed(template: TemplateJson, stack = 'stack'): readonly DeployedResource[] {
  const made = new Made(template, stack);
  return made.order.filter(({ type }) => followed.test(type));
}

class Made {
  readonly order: DeployedResource[] = [];
  private readonly byId = new Map<string, DeployedResource>();

  constructor(
    private readonly template: TemplateJson,
    private readonly stack: string,
  ) {
    for (const logicalId of Object.keys(template.Resources)) {
      this.make(logicalId);
    }
  }

  private make(logicalId: string): DeployedResource {
    const made = this.byId.get(logicalId);
    const resource = this.template.Resources[logicalId];
    if (made || resource === undefined) {
      return made as DeployedResource;
    }
    const { Type: type, DependsOn = [] } = resource;
    // What goes round in a circle does so over a dependency that no reference needs.
    const properties = this.resolve(resource.Properties ?? {}) as Record<string, any>;
    if (type === 'AWS::ECS::Service') {
      properties.ServiceName ??= `${this.stack}-${logicalId}`;
      properties.DesiredCount ??= 1;
    }
    for (const other of [DependsOn].flat()) {
      this.make(other);
    }
    const physicalId = this.physicalIdOf(logicalId, type, properties);
    const whole = { type, stack: this.stack, logicalId, physicalId, properties };
    this.byId.set(logicalId, whole);
    this.order.push(whole);
    return whole;
  }

  private resolve(value: any): unknown {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.resolve(each));
    }
    const [[name, given] = ['', undefined], ...others] = Object.entries<any>(value);
    if (others.length === 0 && name === 'Ref') {
      return given.startsWith('AWS::') || !(given in this.template.Resources) ? this.pseudo(given) : this.make(given).physicalId;
    }
    if (others.length === 0 && name === 'Fn::GetAtt') {
      return this.attribute(given[0], given[1]);
    }
    if (others.length === 0 && name === 'Fn::Join') {
      return (this.resolve(given[1]) as unknown[]).join(given[0]);
    }
    if (others.length === 0 && name === 'Fn::Select') {
      return (this.resolve(given[1]) as unknown[])[Number(given[0])];
    }
    if (others.length === 0 && name === 'Fn::Split') {
      return `${this.resolve(given[1])}`.split(given[0]);
    }
    if (others.length === 0 && name.startsWith('Fn::')) {
      return name === 'Fn::GetAZs' ? ['a', 'b', 'c'] : name;
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolve(each)]));
  }

  private pseudo(name: string): string {
    const values: Record<string, string> = {
      'AWS::Region': 'us-east-1',
      'AWS::Partition': 'aws',
      'AWS::AccountId': '000000000000',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackId': `arn:aws:cloudformation:${account}:stack/${this.stack}/0123456789`,
      'AWS::StackName': this.stack,
    };
    return values[name] ?? name;
  }

  private attribute(logicalId: string, name: string): unknown {
    const { physicalId, properties } = this.make(logicalId);
    return name === 'Arn'
      ? physicalId
      : name === 'Id'
        ? physicalId.slice(physicalId.lastIndexOf('/') + 1)
        : (properties[name] ?? `${logicalId}.${name}`);
  }

  private physicalIdOf(logicalId: string, type: string, properties: Record<string, any>): string {
    const name = `${this.stack}-${logicalId}`;
    switch (type) {
      case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
        return `arn:aws:elasticloadbalancing:${account}:loadbalancer/app/${name}`;
      case 'AWS::ElasticLoadBalancingV2::Listener':
      case 'AWS::ElasticLoadBalancingV2::ListenerRule':
      case 'AWS::ElasticLoadBalancingV2::TargetGroup':
        return `arn:aws:elasticloadbalancing:${account}:${type.slice(29).toLowerCase()}/${name}`;
      case 'AWS::VpcLattice::Service':
      case 'AWS::VpcLattice::Listener':
      case 'AWS::VpcLattice::Rule':
      case 'AWS::VpcLattice::TargetGroup':
        return `arn:aws:vpc-lattice:${account}:${type.slice(17).toLowerCase()}/${name}`;
      case 'AWS::ECS::Service':
        return `arn:aws:ecs:${account}:service/cluster/${properties.ServiceName}`;
      case 'AWS::ECS::TaskDefinition':
        return `arn:aws:ecs:${account}:task-definition/${properties.Family ?? name}:1`;
      case 'AWS::AppMesh::Mesh':
        return `arn:aws:appmesh:${account}:mesh/${properties.MeshName}`;
      default:
        return type.startsWith('AWS::AppMesh::')
          ? `arn:aws:appmesh:${account}:mesh/${properties.MeshName}/${meshPart(type)}/${properties[`${type.slice(14)}Name`]}`
          : name;
    }
  }
}

function meshPart(type: string): string {
  const name = type.slice(14);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
