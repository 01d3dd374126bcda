import type { DeployedResource } from '../emulator/follower';

/** An ECS service whose tasks get requests. */
export interface ServiceBehind {
  /** ARN of the service. */
  readonly service: string;

  /** The port of its container to which requests go. */
  readonly port: number;
}

/** An ECS service, and where it says that its tasks get their requests from. */
export interface DeployedService {
  readonly arn: string;
  readonly name: string;

  /** What its container gets as `SLOT`; `undefined`: nothing. */
  readonly slot: string | undefined;

  /** The ARN of the virtual gateway for which its tasks stand; `undefined`: for none. */
  readonly gateway: string | undefined;

  /** Target groups in which it registers its tasks, with the port of the container. */
  readonly targetGroups: readonly { readonly arn: string; readonly port: number }[];
}

/** The ECS services among some resources. Whose task definition is not there, or is read by nobody, has neither slot nor gateway. */
export function deployedServices(resources: readonly DeployedResource[]): readonly DeployedService[] {
  const tasks = resources.filter(({ type }) => type === 'AWS::ECS::TaskDefinition');
  return resources.filter(({ type }) => type === 'AWS::ECS::Service').map((service) => deployedService(service, tasks));
}

function deployedService({ physicalId, properties }: DeployedResource, tasks: readonly DeployedResource[]): DeployedService {
  const {
    ServiceName: name,
    TaskDefinition: task,
    LoadBalancers: groups = [],
    VpcLatticeConfigurations: latticeGroups = [],
  } = properties as ServiceProperties;
  const found = tasks.find(({ physicalId: arn }) => arn === task || arn.endsWith(`/${task}`));
  const { ContainerDefinitions: containers = [] } = (found?.properties ?? {}) as TaskProperties;
  const variable = (wanted: string) =>
    containers.flatMap(({ Environment = [] }) => Environment).find(({ Name }) => Name === wanted)?.Value;
  const mappings = containers.flatMap(({ PortMappings = [] }) => PortMappings);
  const proxyOf = variable('APPMESH_RESOURCE_ARN');
  return {
    arn: physicalId,
    name: name ?? '',
    slot: variable('SLOT'),
    gateway: proxyOf?.includes('/virtualGateway/') ? proxyOf : undefined,
    targetGroups: [
      ...groups.map(({ TargetGroupArn, ContainerPort }) => ({ arn: TargetGroupArn, port: ContainerPort })),
      ...latticeGroups.map(({ TargetGroupArn, PortName }) => ({
        arn: TargetGroupArn,
        port: mappings.find(({ Name }) => Name === PortName)?.ContainerPort,
      })),
    ].flatMap(({ arn, port }) => (arn === undefined || port === undefined ? [] : [{ arn, port: Number(port) }])),
  };
}

interface ServiceProperties {
  readonly ServiceName?: string;
  readonly TaskDefinition?: string;
  readonly LoadBalancers?: readonly { readonly TargetGroupArn?: string; readonly ContainerPort?: number | string }[];
  readonly VpcLatticeConfigurations?: readonly { readonly TargetGroupArn?: string; readonly PortName?: string }[];
}

interface TaskProperties {
  readonly ContainerDefinitions?: readonly {
    readonly Environment?: readonly { readonly Name?: string; readonly Value?: string }[];
    readonly PortMappings?: readonly { readonly Name?: string; readonly ContainerPort?: number | string }[];
  }[];
}
