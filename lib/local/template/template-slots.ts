import type { Resource, Template } from './template';

/** A slot as the template runs it: one ECS service whose container is told its slot. */
export interface TemplateSlot {
  /** The slot's label: what the container gets as `SLOT`. */
  readonly label: string;

  /** Name of the ECS service. */
  readonly serviceName: string;

  /** TCP port of the app container. */
  readonly port: number;

  /** Logical ids of the target groups in which the service registers its tasks. */
  readonly targetGroups: readonly string[];
}

/** The slots of a template, in template order. Services without a `SLOT` in their environment are none. */
export function templateSlots(template: Template): readonly TemplateSlot[] {
  return template.ofType('AWS::ECS::Service').flatMap((service) => slotOf(template, service) ?? []);
}

function slotOf(template: Template, service: Resource): TemplateSlot | undefined {
  const where = `${service.type} ${service.logicalId}`;
  const task = template.target(service.properties.TaskDefinition, 'AWS::ECS::TaskDefinition', `${where}.TaskDefinition`);
  const containers = (task.properties.ContainerDefinitions ?? []) as readonly ContainerDefinition[];
  for (const container of containers) {
    const label = container.Environment?.find(({ Name }) => Name === 'SLOT')?.Value;
    const port = container.PortMappings?.[0]?.ContainerPort;
    if (label !== undefined && port !== undefined) {
      return {
        label: template.text(label, `${task.logicalId} SLOT`),
        serviceName: template.text(service.properties.ServiceName, `${where}.ServiceName`),
        port,
        targetGroups: targetGroupsOf(service),
      };
    }
  }
  return undefined;
}

interface ContainerDefinition {
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly PortMappings?: readonly { readonly ContainerPort: number }[];
}

// A load balancer's groups and a service network's groups stand in two places.
function targetGroupsOf({ properties }: Resource): readonly string[] {
  const references = [
    ...((properties.LoadBalancers ?? []) as readonly { TargetGroupArn?: unknown }[]),
    ...((properties.VpcLatticeConfigurations ?? []) as readonly { TargetGroupArn?: unknown }[]),
  ].map(({ TargetGroupArn }) => TargetGroupArn as { Ref?: string; 'Fn::GetAtt'?: readonly string[] } | undefined);
  return references.flatMap((reference) => reference?.Ref ?? reference?.['Fn::GetAtt']?.[0] ?? []);
}
