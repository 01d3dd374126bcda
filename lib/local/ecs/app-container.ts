import type { DeployedResource } from '../emulator/follower';
import { listOf, numberOf, objectOf, textOf, type Values } from './values';

/** The container of a task that runs here. */
export interface AppContainer {
  readonly name: string;
  readonly image: string;

  readonly environment: Readonly<Record<string, string>>;

  /** Values of its secrets, by name of the variable. */
  readonly secrets: Readonly<Record<string, string>>;

  /** Its ports, in the order of the task definition. */
  readonly ports: readonly number[];

  /** How it checks itself; `undefined`: it does not. */
  readonly healthCheck: HealthCheck | undefined;

  /** How long it has to end after SIGTERM, in seconds. */
  readonly stopTimeoutSeconds: number;
}

/** How a container checks itself. */
export interface HealthCheck {
  /** Such as `['CMD-SHELL', 'curl -f http://localhost/']`. */
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;

  /** After so many bad answers in a row it is unhealthy. */
  readonly retries: number;

  /** For so long after the start a bad answer does not count, in seconds. */
  readonly startPeriodSeconds: number;
}

/**
 * The container of a task in which the app is: the one that is told its slot and has a port, else the first that has a port and is not
 * the proxy of a mesh. Without one that has a port, the first that is not the proxy.
 *
 * @param secrets values of the secrets, by name of the container and of the variable
 * @returns `undefined` when there is none, as in a task of a mesh gateway
 */
export function appContainerOf(
  { properties }: DeployedResource,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): AppContainer | undefined {
  const proxy = textOf(objectOf(properties.ProxyConfiguration).ContainerName);
  const containers = listOf(properties.ContainerDefinitions)
    .map((container) => ({ container, variables: variablesOf(container), ports: portsOf(container) }))
    .filter(({ container, variables }) => container.Name !== proxy && !('APPMESH_RESOURCE_ARN' in variables));
  const withPort = containers.filter(({ ports }) => ports.length > 0);
  const found = withPort.find(({ variables }) => 'SLOT' in variables) ?? withPort[0] ?? containers[0];
  if (found === undefined) {
    return undefined;
  }
  const { container, variables, ports } = found;
  const name = textOf(container.Name) ?? '';
  return {
    name,
    image: textOf(container.Image) ?? '',
    environment: variables,
    secrets: secrets[name] ?? {},
    ports,
    healthCheck: healthCheckOf(container.HealthCheck),
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    stopTimeoutSeconds: numberOf(container.StopTimeout, 30),
  };
}

function variablesOf({ Environment }: Values): Record<string, string> {
  return Object.fromEntries(listOf(Environment).map(({ Name, Value }) => [textOf(Name) ?? '', textOf(Value) ?? '']));
}

function portsOf({ PortMappings }: Values): readonly number[] {
  return listOf(PortMappings)
    .filter(({ Protocol = 'tcp' }) => Protocol === 'tcp')
    .map(({ ContainerPort }) => numberOf(ContainerPort, 0));
}

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
function healthCheckOf(value: unknown): HealthCheck | undefined {
  const check = objectOf(value);
  const command = Array.isArray(check.Command) ? check.Command.map((word) => `${word}`) : [];
  return command.length === 0 || command[0] === 'NONE'
    ? undefined
    : {
        command,
        intervalSeconds: numberOf(check.Interval, 30),
        timeoutSeconds: numberOf(check.Timeout, 5),
        retries: numberOf(check.Retries, 3),
        startPeriodSeconds: numberOf(check.StartPeriod, 0),
      };
}
