import { type aws_ecs as ecs, Fn, Token, Tokenization } from 'aws-cdk-lib';
import type { GuardedState } from '../guard/release-guard';
import { scalingDefaults, serviceDefaults } from '../release/service-defaults';
import { type SlotName, slotNames } from '../release/slots';
import { inWords } from '../settings/command-words';
import { taskSubnets } from '../traffic/subnets';
import type { ServiceTraffic } from '../traffic/traffic-plane';
import type { BlueGreenServiceProps } from './blue-green-service-props';
import { NamedSecret } from './named-secret';
import type { Slot } from './slot';
import { scalingOf } from './slot-scaling';

// To be raised whenever a setting is written down that was not before, or no longer is: else every service would seem to have changed.
const shape = 3;

/** What the release guard compares: how requests come in, and what each active slot runs. */
export function guardedState(
  props: BlueGreenServiceProps,
  slots: Readonly<Partial<Record<SlotName, Slot>>>,
  wayIn: ServiceTraffic['wayIn'],
): GuardedState {
  const { cluster, trafficPlane, serviceName, assignPublicIp = false, pathPrefix = '/', domainName } = props;
  const { subnets } = taskSubnets(cluster.vpc, assignPublicIp, props.vpcSubnets);
  return {
    shape,
    routeWaits: trafficPlane.limits.routeWaits,
    wayIn: {
      plane: trafficPlane.planeName,
      serviceName,
      pathPrefix,
      domainName,
      cluster: cluster.clusterName,
      network: [cluster.vpc.vpcId, ...subnets.map(({ subnetId }) => subnetId)].join(' '),
      assignPublicIp,
      ...wayIn,
    },
    slots: Object.fromEntries(
      slotNames.flatMap((name) => {
        const slot = slots[name];
        return slot ? [[name, { weight: props.slots[name].weight, ...taskCounts(props, name), ...versionState(slot) }]] : [];
      }),
    ),
  };
}

// As many tasks as are sure to be there, and how many there may be.
function taskCounts(props: BlueGreenServiceProps, name: SlotName): Record<string, unknown> {
  const scaling = scalingOf(props, name);
  return scaling
    ? { minCapacity: scaling.minCapacity ?? scalingDefaults.minCapacity, maxCapacity: scaling.maxCapacity }
    : { desiredCount: props.desiredCount ?? serviceDefaults.desiredCount };
}

function versionState({
  label,
  version,
  settings: {
    sidecars,
    command,
    healthCheckCommand,
    logGroup,
    secrets,
    stopTimeout,
    cpuArchitecture,
    capacityProviderStrategies,
    ...settings
  },
  taskDefinition,
}: Slot): Record<string, unknown> {
  // As the task definition has it: also for an image that is built, or found by an asset.
  const image = (container: string) => taskDefinition.findContainer(container)?.imageName;
  return {
    label,
    image: image('app'),
    version,
    ...settings,
    command: command && oneText(command),
    healthCheckCommand: healthCheckCommand && oneText(healthCheckCommand),
    logGroup: logGroup?.logGroupName,
    // Where they are kept, in the words of the user; nobody here knows the secrets.
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([name, secret]) => [name, secret instanceof NamedSecret ? secret.place : secret.arn]),
    ),
    stopTimeout: stopTimeout.toSeconds({ integral: false }),
    cpuArchitecture: cpuArchitecture._cpuArchitecture,
    capacityProviderStrategies: capacityProviderStrategies?.map(share).join(', '),
    ...Object.fromEntries(
      Object.values(sidecars).flatMap(({ name, cpu, memoryReservationMiB }) => [
        [`${inCamelCase(name)}Image`, image(name)],
        [`${inCamelCase(name)}Cpu`, cpu],
        [`${inCamelCase(name)}MemoryReservationMiB`, memoryReservationMiB],
      ]),
    ),
  };
}

/** A provider with its weight, which ECS takes for 0 when it is left out. */
function share({ capacityProvider, weight = 0, base }: ecs.CapacityProviderStrategy): string {
  const ofAll = `${capacityProvider} ${Tokenization.stringifyNumber(weight)}`;
  return base === undefined ? ofAll : `${ofAll} base ${Tokenization.stringifyNumber(base)}`;
}

// A list that only the deploy knows cannot be looked into.
function oneText(words: readonly string[]): string {
  return Token.isUnresolved(words) ? Fn.join(' ', [...words]) : inWords(words);
}

function inCamelCase(name: string): string {
  return name.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase());
}
