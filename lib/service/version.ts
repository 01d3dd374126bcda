import { Duration, aws_ecs as ecs, type aws_logs as logs } from 'aws-cdk-lib';
import { stopTimeoutOfEcs } from '../release/plane-limits';
import { serviceDefaults } from '../release/service-defaults';
import type { SlotName } from '../release/slots';
import type { SidecarResources } from '../traffic/traffic-plane';
import type { BlueGreenServiceProps } from './blue-green-service-props';
import type { VersionProps } from './version-props';

/** What a slot runs with, besides its image: nothing is left to a default. */
export interface Version
  extends Required<
    Omit<
      VersionProps,
      'appMemoryLimitMiB' | 'command' | 'healthCheckCommand' | 'user' | 'capacityProviderStrategies' | 'logGroup'
    >
  > {
  /** Command of the app container; `undefined`: that of the image. */
  readonly command: readonly string[] | undefined;

  /** How the container checks itself; `undefined`: it does not. */
  readonly healthCheckCommand: readonly string[] | undefined;

  /** User of the app container; `undefined`: that of the image. */
  readonly user: string | undefined;

  /** Hard memory limit of the app container in MiB; `undefined`: it may use what the task has. */
  readonly appMemoryLimitMiB: number | undefined;

  /** What the tasks run on; `undefined`: Fargate, as a launch type. */
  readonly capacityProviderStrategies: readonly ecs.CapacityProviderStrategy[] | undefined;

  /** Log group of the app container; `undefined`: the one that the service makes. */
  readonly logGroup: logs.ILogGroup | undefined;

  /** The containers that the traffic plane adds to each task, by name. */
  readonly sidecars: Readonly<Record<string, SidecarResources>>;
}

/** What a slot runs with, active or not: what the slot says, else the service, else the default. */
export function versionOf(props: BlueGreenServiceProps, name: SlotName): Version {
  const slot = props.slots[name];
  const { limits, sidecars = [] } = props.trafficPlane;
  const first = <K extends keyof VersionProps>(key: K) => slot[key] ?? props[key];
  return {
    port: first('port') ?? serviceDefaults.port,
    healthCheckPath: first('healthCheckPath') ?? serviceDefaults.healthCheckPath,
    cpu: first('cpu') ?? limits.taskSize.cpu,
    memoryLimitMiB: first('memoryLimitMiB') ?? limits.taskSize.memory,
    appMemoryLimitMiB: first('appMemoryLimitMiB') ?? limits.appMemory,
    environment: first('environment') ?? {},
    command: first('command'),
    healthCheckCommand: first('healthCheckCommand'),
    secrets: first('secrets') ?? {},
    user: first('user'),
    readonlyRootFilesystem: first('readonlyRootFilesystem') ?? false,
    stopTimeout: first('stopTimeout') ?? Duration.seconds((limits.stopTimeout ?? stopTimeoutOfEcs).usual),
    cpuArchitecture: first('cpuArchitecture') ?? ecs.CpuArchitecture.of(serviceDefaults.cpuArchitecture),
    platformVersion: first('platformVersion') ?? (serviceDefaults.platformVersion as ecs.FargatePlatformVersion),
    capacityProviderStrategies: first('capacityProviderStrategies'),
    logGroup: first('logGroup'),
    sidecars: Object.fromEntries(
      sidecars.map((sidecar) => {
        const override = slot.sidecars?.[sidecar.name];
        return [
          sidecar.name,
          {
            name: sidecar.name,
            image: override?.image ?? sidecar.image,
            cpu: override?.cpu ?? sidecar.cpu,
            memoryReservationMiB: override?.memoryReservationMiB ?? sidecar.memoryReservationMiB,
          },
        ];
      }),
    ),
  };
}
