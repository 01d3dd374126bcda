import { slotNames } from '../release/slots';
import { keysOfStages, stageKeyName } from '../settings/stages';

const names = {
  active: '{slot}Active',
  weight: '{slot}Weight',
  desiredCount: 'desiredCount',
  minCapacity: '{slot}MinTasks',
  maxCapacity: '{slot}MaxTasks',
  image: '{slot}Image',
  label: '{slot}Name',
  port: '{slot}AppPort',
  healthCheckPath: '{slot}HealthcheckPath',
  cpu: '{slot}TaskCpu',
  memoryLimitMiB: '{slot}TaskMemory',
  appMemoryLimitMiB: '{slot}AppMemory',
  environment: '{slot}AppEnvironment',
  command: '{slot}AppCommand',
  healthCheckCommand: '{slot}AppHealthCheckCommand',
  secrets: '{slot}AppSecrets',
  user: '{slot}AppUser',
  readonlyRootFilesystem: '{slot}AppReadonlyRootFilesystem',
  stopTimeout: '{slot}AppStopTimeout',
  cpuArchitecture: '{slot}CpuArchitecture',
  platformVersion: '{slot}PlatformVersion',
  capacityProviderStrategies: '{slot}SpotPercent',
  logGroup: '{slot}LogGroupName',
  envoyImage: '{slot}EnvoyImage',
  envoyCpu: '{slot}EnvoyCpu',
  envoyMemoryReservationMiB: '{slot}EnvoyMemoryReservation',
  xrayImage: '{slot}XrayImage',
  xrayCpu: '{slot}XrayCpu',
  xrayMemoryReservationMiB: '{slot}XrayMemoryReservation',
  plane: 'trafficPlane',
  serviceName: 'appName',
  scheme: 'ingress',
  listener: 'certificateArn',
  listenerArn: 'listenerArn',
  pathPrefix: 'pathPrefix',
  domainName: 'domainName',
  routerPort: 'appPort',
  namespace: 'namespaceName',
  protocol: 'latticeProtocol',
  serviceNetwork: 'serviceNetworkId',
  authType: 'latticeAuthType',
  source: 'latticePrefixListId',
  network: 'vpcId',
  cluster: 'clusterName',
  assignPublicIp: 'assignPublicIp',
} as const;

/**
 * The keys by which a user of the flags knows what the release guard compares; `{slot}` stands for the name of the slot. What no key
 * says by itself keeps the name that the construct gives it.
 *
 * @param stage with whose name in front the keys stand in the files
 */
export function settingNames(stage?: string): Readonly<Record<keyof typeof names, string>> {
  const ofStage = (name: string) =>
    stage !== undefined && keysOfStages.includes(name.replace('{slot}', slotNames[0])) ? stageKeyName(stage, name) : name;
  return Object.fromEntries(Object.entries(names).map(([setting, name]) => [setting, ofStage(name)])) as Record<
    keyof typeof names,
    string
  >;
}
