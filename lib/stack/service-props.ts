import { Duration, aws_ecs as ecs, aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planeLimits } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../service/blue-green-service-props';
import { NamedImage } from '../service/named-image';
import { NamedSecret } from '../service/named-secret';
import type { SlotScaling } from '../service/slot-scaling';
import type { VersionProps } from '../service/version-props';
import { perSlotKeys } from '../settings/keys';
import type { ScalingSettings, Settings, VersionSettings } from '../settings/settings';
import { hostedZoneOf } from './domain';
import { settingNames } from './setting-names';

/**
 * What the flags say of a service, as properties of the construct: for a `BlueGreenService` in a stack of one's own.
 *
 * The cluster and the traffic plane are for the stack to give. The cluster must have the capacity providers of Fargate:
 * `enableFargateCapacityProviders: true`.
 *
 * @param scope the stack, or a construct in it, in which resources are named that are there already
 */
export function serviceProps(scope: Construct, settings: Settings): Omit<BlueGreenServiceProps, 'cluster' | 'trafficPlane'> {
  const slot = (name: SlotName): BlueGreenSlotProps => {
    const { active, weight, image, name: label } = settings.slots[name];
    const own = ownOf(settings, name);
    return {
      active,
      weight,
      image: new NamedImage(image),
      label,
      ...versionProps(scope, own),
      scaling: ownScaling(settings, name),
      sidecars: planeLimits[settings.trafficPlane].sidecars ? sidecarOverrides(own) : undefined,
    };
  };
  return {
    serviceName: settings.appName,
    slots: Object.fromEntries(slotNames.map((name) => [name, slot(name)])) as BlueGreenServiceProps['slots'],
    ...versionProps(scope, settings),
    healthCheck: {
      interval: Duration.seconds(settings.healthcheckInterval),
      timeout: Duration.seconds(settings.healthcheckTimeout),
      healthyThreshold: settings.healthcheckHealthyThreshold,
      unhealthyThreshold: settings.healthcheckUnhealthyThreshold,
    },
    healthCheckGracePeriod: Duration.seconds(settings.healthcheckGracePeriod),
    pathPrefix: settings.pathPrefix,
    rulePosition: settings.rulePosition,
    hostedZone: hostedZoneOf(scope, settings),
    domainName: planeLimits[settings.trafficPlane].domainNames ? settings.domainName : undefined,
    desiredCount: settings.desiredCount,
    scaling: scalingProps(settings),
    maxHealthyPercent: settings.maximumPercent,
    enableExecuteCommand: settings.exec,
    assignPublicIp: settings.assignPublicIp,
    logRetention: settings.logRetentionDays,
    guard: settings.guard,
    allowUnsafe: settings.allowUnsafe,
    settingNames: settingNames(settings.stage),
  };
}

/** What a slot has otherwise than the app. The rest is left to the service, where a stack of one's own may still change it for both. */
function ownOf(settings: Settings, name: SlotName): Partial<VersionSettings> {
  const slot = settings.slots[name];
  const own = perSlotKeys.filter((key) => JSON.stringify(slot[key]) !== JSON.stringify(settings[key]));
  return Object.fromEntries(own.map((key) => [key, slot[key]]));
}

function versionProps(scope: Construct, version: Partial<VersionSettings>): VersionProps {
  return {
    port: version.appPort,
    healthCheckPath: version.healthcheckPath,
    cpu: version.taskCpu,
    memoryLimitMiB: version.taskMemory,
    appMemoryLimitMiB: version.appMemory,
    environment: version.appEnvironment,
    command: version.appCommand,
    healthCheckCommand: version.appHealthCheckCommand,
    secrets: version.appSecrets && named(version.appSecrets),
    user: version.appUser,
    readonlyRootFilesystem: version.appReadonlyRootFilesystem,
    stopTimeout: version.appStopTimeout === undefined ? undefined : Duration.seconds(version.appStopTimeout),
    cpuArchitecture: version.cpuArchitecture === undefined ? undefined : ecs.CpuArchitecture.of(version.cpuArchitecture),
    platformVersion: version.platformVersion as ecs.FargatePlatformVersion | undefined,
    capacityProviderStrategies: version.spotPercent === undefined ? undefined : onSpot(version.spotPercent),
    logGroup: version.logGroupName === undefined ? undefined : logGroupOf(scope, version.logGroupName),
  };
}

// Both slots may name the same one.
function logGroupOf(scope: Construct, name: string): logs.ILogGroup {
  const id = `LogGroup ${name}`;
  return (scope.node.tryFindChild(id) as logs.ILogGroup | undefined) ?? logs.LogGroup.fromLogGroupName(scope, id, name);
}

function named(secrets: VersionSettings['appSecrets']): VersionProps['secrets'] {
  return Object.fromEntries(Object.entries(secrets).map(([name, place]) => [name, new NamedSecret(place)]));
}

// Never the launch type, which could not be changed: with a strategy the same services can go to Spot and back.
function onSpot(percent: number): ecs.CapacityProviderStrategy[] {
  const shares = [
    { capacityProvider: 'FARGATE', weight: 100 - percent },
    { capacityProvider: 'FARGATE_SPOT', weight: percent },
  ].filter(({ weight }) => weight > 0);
  // Alone, any weight is all.
  return shares.length === 1 ? shares.map((share) => ({ ...share, weight: 1 })) : shares;
}

function ownScaling(settings: Settings, name: SlotName): SlotScaling | undefined {
  const [ofApp, ofSlot] = [settings, settings.slots[name]].map(scalingProps);
  return JSON.stringify(ofSlot) === JSON.stringify(ofApp) ? undefined : ofSlot;
}

function scalingProps({ minTasks, maxTasks, scaleAtCpu, scaleAtRequests }: ScalingSettings): SlotScaling | undefined {
  return maxTasks === undefined
    ? undefined
    : {
        minCapacity: minTasks,
        maxCapacity: maxTasks,
        targetCpuUtilizationPercent: scaleAtCpu,
        requestsPerTarget: scaleAtRequests,
      };
}

function sidecarOverrides(version: Partial<VersionSettings>): BlueGreenSlotProps['sidecars'] {
  const image = (name: string | undefined) => (name === undefined ? undefined : new NamedImage(name));
  return {
    envoy: {
      image: image(version.envoyImage),
      cpu: version.envoyCpu,
      memoryReservationMiB: version.envoyMemoryReservation,
    },
    xray: {
      image: image(version.xrayImage),
      cpu: version.xrayCpu,
      memoryReservationMiB: version.xrayMemoryReservation,
    },
  };
}
