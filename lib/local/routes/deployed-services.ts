import { type AppContainer, appContainerOf } from '../ecs/app-container';
import type { DeployedResource } from '../emulator/follower';
import { LocalError } from '../local-error';

/** An ECS service whose tasks get requests. */
export interface ServiceBehind {
  /** ARN of the service. */
  readonly service: string;

  /** The port of its container to which requests go. */
  readonly port: number;
}

/** Where a container's log goes. */
export interface ContainerLog {
  readonly logGroup: string;

  /** What stands in front of the id of the task in the name of its log stream: prefix and container, with slashes. */
  readonly streamPrefix: string;
}

/** An ECS service, and where it says that its tasks get their requests from. */
export interface DeployedService {
  readonly arn: string;
  readonly name: string;

  /** What its container gets as `SLOT`; `undefined`: nothing. */
  readonly slot: string | undefined;

  /** The ARN of the virtual gateway for which its tasks stand; `undefined`: for none. */
  readonly gateway: string | undefined;

  /** Where the log of the Envoy in its tasks goes; `undefined`: there is none, or its log goes nowhere. */
  readonly proxyLog: ContainerLog | undefined;

  /** Target groups in which it registers its tasks, with the port of the container. */
  readonly targetGroups: readonly { readonly arn: string; readonly port: number }[];
}

/**
 * The ECS services among some resources. Whose task definition is not there, or is read by nobody, has neither slot nor gateway.
 *
 * @throws LocalError when a target group leads to a container that does not run here
 */
export function deployedServices(resources: readonly DeployedResource[]): readonly DeployedService[] {
  const tasks = resources.filter(({ type }) => type === 'AWS::ECS::TaskDefinition');
  return resources.filter(({ type }) => type === 'AWS::ECS::Service').map((service) => deployedService(service, tasks));
}

function deployedService(
  { logicalId, physicalId, properties }: DeployedResource,
  tasks: readonly DeployedResource[],
): DeployedService {
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
  const proxy = containers.find(({ Environment = [] }) => Environment.some(({ Name }) => Name === 'APPMESH_RESOURCE_ARN'));
  const targetGroups = [
    ...groups.map(({ TargetGroupArn, ContainerName, ContainerPort }) => ({
      arn: TargetGroupArn,
      container: ContainerName,
      port: ContainerPort,
    })),
    ...latticeGroups.map(({ TargetGroupArn, PortName }) => {
      const leadsTo = ({ PortMappings = [] }: ContainerProperties) => PortMappings.some(({ Name }) => Name === PortName);
      return {
        arn: TargetGroupArn,
        container: containers.find(leadsTo)?.Name,
        port: mappings.find(({ Name }) => Name === PortName)?.ContainerPort,
      };
    }),
  ];
  refuseOthers(logicalId, targetGroups, found && appContainerOf(found));
  return {
    arn: physicalId,
    name: name ?? '',
    slot: variable('SLOT'),
    gateway: proxyOf?.includes('/virtualGateway/') ? proxyOf : undefined,
    proxyLog: proxy && containerLog(proxy),
    targetGroups: targetGroups.flatMap(({ arn, port }) =>
      arn === undefined || port === undefined ? [] : [{ arn, port: Number(port) }],
    ),
  };
}

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
function containerLog({ Name, LogConfiguration }: ContainerProperties): ContainerLog | undefined {
  const logGroup = LogConfiguration?.Options?.['awslogs-group'];
  const prefix = LogConfiguration?.Options?.['awslogs-stream-prefix'];
  return logGroup === undefined || prefix === undefined ? undefined : { logGroup, streamPrefix: `${prefix}/${Name}/` };
}

function refuseOthers(service: string, targetGroups: readonly GroupProperties[], app: AppContainer | undefined): void {
  const others = targetGroups.filter(
    ({ arn, container }) => app && arn !== undefined && ![undefined, app.name].includes(container),
  );
  if (others.length > 0) {
    throw new LocalError(
      others.map(
        ({ arn, container, port }) =>
          `service ${service}: got target group ${arn} for port ${port} of container ${container}, ` +
          `expected the container that runs here, ${app?.name}`,
      ),
    );
  }
}

interface GroupProperties {
  readonly arn: string | undefined;
  readonly container: string | undefined;
  readonly port: number | string | undefined;
}

interface ServiceProperties {
  readonly ServiceName?: string;
  readonly TaskDefinition?: string;
  readonly LoadBalancers?: readonly {
    readonly TargetGroupArn?: string;
    readonly ContainerName?: string;
    readonly ContainerPort?: number | string;
  }[];
  readonly VpcLatticeConfigurations?: readonly { readonly TargetGroupArn?: string; readonly PortName?: string }[];
}

interface TaskProperties {
  readonly ContainerDefinitions?: readonly ContainerProperties[];
}

interface ContainerProperties {
  readonly Name?: string;
  readonly Environment?: readonly { readonly Name?: string; readonly Value?: string }[];
  readonly PortMappings?: readonly { readonly Name?: string; readonly ContainerPort?: number | string }[];
  readonly LogConfiguration?: { readonly Options?: Readonly<Record<string, string>> };
}
