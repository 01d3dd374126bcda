import type { SlotName } from '../../release/slots';
import type { DeployedResource } from '../emulator/follower';
import { slotNameOf } from '../template/slot-name';
import { type AppContainer, appContainerOf } from './app-container';
import { type CircuitBreaker, circuitBreakerOf } from './circuit-breaker';
import { listOf, numberOf, objectOf, textOf } from './values';

/** What is to run for an ECS service. */
export interface ServiceDefinition {
  readonly name: string;
  readonly arn: string;
  readonly desiredCount: number;

  /** Of the desired tasks so many stay healthy during a rollout, in percent. */
  readonly minimumHealthyPercent: number;

  /** Of the desired tasks so many run during a rollout at most, in percent. */
  readonly maximumPercent: number;

  readonly circuitBreaker: CircuitBreaker;

  /** For so long a new task may be unhealthy, in seconds. */
  readonly healthCheckGracePeriodSeconds: number;

  /** ARN of the task definition. */
  readonly taskDefinition: string;

  /** What runs of a task; `undefined`: nothing of it runs here. */
  readonly app: AppContainer | undefined;

  /** The slot whose tasks these are; `undefined`: none that is known. */
  readonly slotName: SlotName | undefined;

  /** ARNs of the target groups in which its tasks are registered. */
  readonly targetGroups: readonly string[];

  /** A change of it starts new tasks. */
  readonly tasksAreFrom: string;
}

/**
 * What makes ECS start all tasks anew when it changes.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const startsTasksAnew = [
  'TaskDefinition',
  'NetworkConfiguration',
  'PlatformVersion',
  'CapacityProviderStrategy',
  'ForceNewDeployment',
  'LaunchType',
  'LoadBalancers',
  'ServiceRegistries',
  'ServiceConnectConfiguration',
  'VpcLatticeConfigurations',
] as const;

/**
 * Reads an ECS service as CloudFormation has made it.
 *
 * @param taskDefinition the one that the service names
 * @param secrets values of the containers' secrets, by name of the container and of the variable
 */
export function serviceDefinition(
  service: DeployedResource,
  taskDefinition: DeployedResource,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): ServiceDefinition {
  const { properties } = service;
  const configuration = objectOf(properties.DeploymentConfiguration);
  const app = appContainerOf(taskDefinition, secrets);
  return {
    name: textOf(properties.ServiceName) ?? service.logicalId,
    arn: service.physicalId,
    desiredCount: numberOf(properties.DesiredCount, 1),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    minimumHealthyPercent: numberOf(configuration.MinimumHealthyPercent, 100),
    maximumPercent: numberOf(configuration.MaximumPercent, 200),
    circuitBreaker: circuitBreakerOf(configuration.DeploymentCircuitBreaker),
    healthCheckGracePeriodSeconds: numberOf(properties.HealthCheckGracePeriodSeconds, 0),
    taskDefinition: taskDefinition.physicalId,
    app,
    slotName: slotNameOf(service.logicalId, app?.environment.SLOT),
    targetGroups: [...listOf(properties.LoadBalancers), ...listOf(properties.VpcLatticeConfigurations)].flatMap(
      (group) => textOf(group.TargetGroupArn) ?? [],
    ),
    tasksAreFrom: JSON.stringify(startsTasksAnew.map((name) => properties[name] ?? [])),
  };
}
