/**
 * The keys by which a user of the flags knows what the release guard compares; `{slot}` stands for the name of the slot. What no key
 * says by itself keeps the name that the construct gives it.
 */
export const settingNames = {
  active: '{slot}Active',
  weight: '{slot}Weight',
  image: '{slot}Image',
  label: '{slot}Name',
  port: '{slot}AppPort',
  healthCheckPath: '{slot}HealthcheckPath',
  cpu: '{slot}TaskCpu',
  memoryLimitMiB: '{slot}TaskMemory',
  appMemoryLimitMiB: '{slot}AppMemory',
  environment: '{slot}AppEnvironment',
  platformVersion: '{slot}PlatformVersion',
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
  routerPort: 'appPort',
  namespace: 'namespaceName',
  authType: 'latticeAuthType',
  source: 'latticePrefixListId',
  network: 'vpcId',
  assignPublicIp: 'assignPublicIp',
} as const;
