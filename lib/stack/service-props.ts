import { Duration, type aws_ecs as ecs } from 'aws-cdk-lib';
import { type SlotName, slotNames } from '../release/slots';
import type { BlueGreenServiceProps, BlueGreenSlotProps } from '../service/blue-green-service-props';
import { NamedImage } from '../service/named-image';
import type { Settings } from '../settings/settings';

/**
 * What the flags say of a service, as properties of the construct: for a `BlueGreenService` in a stack of one's own.
 *
 * The cluster and the traffic plane are for the stack to give.
 */
export function serviceProps(settings: Settings): Omit<BlueGreenServiceProps, 'cluster' | 'trafficPlane'> {
  const slot = (name: SlotName): BlueGreenSlotProps => {
    const { active, weight, image, name: label } = settings.slots[name];
    return { active, weight, image: new NamedImage(image), label };
  };
  return {
    serviceName: settings.appName,
    slots: Object.fromEntries(slotNames.map((name) => [name, slot(name)])) as BlueGreenServiceProps['slots'],
    port: settings.appPort,
    healthCheckPath: settings.healthcheckPath,
    healthCheckGracePeriod: Duration.seconds(settings.healthcheckGracePeriod),
    cpu: settings.taskCpu,
    memoryLimitMiB: settings.taskMemory,
    appMemoryLimitMiB: settings.appMemory,
    environment: settings.appEnvironment,
    desiredCount: settings.desiredCount,
    platformVersion: settings.platformVersion as ecs.FargatePlatformVersion,
    assignPublicIp: settings.assignPublicIp,
    logRetention: settings.logRetentionDays,
  };
}
