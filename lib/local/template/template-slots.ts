import type { Resource, Template } from './template';

/** A slot as the template runs it: one ECS service whose container is told its slot. */
export interface TemplateSlot {
  /** Logical id of the ECS service. */
  readonly logicalId: string;

  /** The slot's label: what the container gets as `SLOT`. */
  readonly label: string;

  /** Name of the ECS service, where the template gives it one. */
  readonly serviceName: string | undefined;

  /** Name of the blue/green service: the family of the tasks without the label. */
  readonly of: string;

  /** TCP port of the app container. */
  readonly port: number;

  /** Environment of the app container, as far as the template knows it. */
  readonly environment: Readonly<Record<string, string>>;

  /** Variables of the app container whose values only a deploy knows, secrets among them. */
  readonly unknownVariables: readonly string[];

  /** Logical ids of the target groups in which the service registers its tasks. */
  readonly targetGroups: readonly string[];
}

/** The slots of a template, in template order. Services without a `SLOT` in their environment are none. */
export function templateSlots(template: Template): readonly TemplateSlot[] {
  return template.ofType('AWS::ECS::Service').flatMap((service) => slotOf(template, service) ?? []);
}

/** The names of the blue/green services of a template, in template order. */
export function blueGreenServices(template: Template): readonly string[] {
  return [...new Set(templateSlots(template).map((slot) => slot.of))];
}

function slotOf(template: Template, service: Resource): TemplateSlot | undefined {
  const where = `${service.type} ${service.logicalId}`;
  const task = template.target(service.properties.TaskDefinition, 'AWS::ECS::TaskDefinition', `${where}.TaskDefinition`);
  for (const { Environment = [], PortMappings, Secrets = [] } of containersOf(task)) {
    const slot = Environment.find(({ Name }) => Name === 'SLOT')?.Value;
    const port = PortMappings?.[0]?.ContainerPort;
    if (slot !== undefined && port !== undefined) {
      const label = template.text(slot, `${where} SLOT`);
      const { ServiceName: serviceName } = service.properties;
      const family = template.text(task.properties.Family, `${task.type} ${task.logicalId}.Family`);
      const known = Environment.flatMap(({ Name, Value }) => (typeof Value === 'string' ? [[Name, Value] as const] : []));
      return {
        logicalId: service.logicalId,
        label,
        serviceName: serviceName === undefined ? undefined : template.text(serviceName, `${where}.ServiceName`),
        of: family.endsWith(`-${label}`) ? family.slice(0, -label.length - 1) : family,
        port,
        environment: Object.fromEntries(known),
        unknownVariables: [...Environment.filter(({ Value }) => typeof Value !== 'string'), ...Secrets].map(({ Name }) => Name),
        targetGroups: targetGroupsOf(service),
      };
    }
  }
  return undefined;
}

function containersOf(task: Resource): readonly ContainerDefinition[] {
  return (task.properties.ContainerDefinitions ?? []) as readonly ContainerDefinition[];
}

interface ContainerDefinition {
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string }[];
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
