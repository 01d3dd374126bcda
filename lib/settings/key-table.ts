import { type PlaneName, planeNames } from '../release/plane-limits';
import { slotNames } from '../release/slots';
import { appKeys, type Key, slotKeyName, slotKeys } from './keys';

/** The questions that the keys answer. Each key is shown under one of them. */
export const keyTopics = [
  'slots',
  'stages',
  'app',
  'tasks',
  'way-in',
  'preview',
  'network',
  'app-mesh',
  'watching',
  'guard',
] as const;

export type KeyTopic = (typeof keyTopics)[number];

type SlotKey = keyof typeof slotKeys;
type AppKey = keyof typeof appKeys;

// Complete by type: a new key does not compile until it has a topic.
const topics: Readonly<Record<SlotKey | AppKey, KeyTopic>> = {
  Active: 'slots',
  Weight: 'slots',
  Image: 'slots',
  Name: 'slots',
  stage: 'stages',
  trafficPlane: 'app',
  appName: 'app',
  appPort: 'app',
  appEnvironment: 'app',
  appSecrets: 'app',
  appCommand: 'app',
  appHealthCheckCommand: 'app',
  healthcheckPath: 'app',
  healthcheckInterval: 'app',
  healthcheckTimeout: 'app',
  healthcheckHealthyThreshold: 'app',
  healthcheckUnhealthyThreshold: 'app',
  healthcheckGracePeriod: 'app',
  appMemory: 'tasks',
  appUser: 'tasks',
  appReadonlyRootFilesystem: 'tasks',
  appStopTimeout: 'tasks',
  taskCpu: 'tasks',
  taskMemory: 'tasks',
  desiredCount: 'tasks',
  maxTasks: 'tasks',
  minTasks: 'tasks',
  scaleAtCpu: 'tasks',
  scaleAtRequests: 'tasks',
  maximumPercent: 'tasks',
  spotPercent: 'tasks',
  exec: 'tasks',
  cpuArchitecture: 'tasks',
  platformVersion: 'tasks',
  ingress: 'way-in',
  ingressCidrs: 'way-in',
  idleTimeout: 'way-in',
  deregistrationDelay: 'way-in',
  accessLogBucket: 'watching',
  accessLogPrefix: 'watching',
  domainName: 'way-in',
  hostedZone: 'way-in',
  certificateArn: 'way-in',
  listenerArn: 'way-in',
  pathPrefix: 'way-in',
  rulePosition: 'way-in',
  latticeProtocol: 'way-in',
  latticeAuthType: 'way-in',
  previewHeader: 'preview',
  previewToken: 'preview',
  previewPrincipals: 'preview',
  previewCidrs: 'preview',
  vpcId: 'network',
  clusterName: 'network',
  assignPublicIp: 'network',
  serviceNetworkId: 'network',
  latticePrefixListId: 'network',
  namespaceName: 'app-mesh',
  envoyImage: 'app-mesh',
  envoyCpu: 'app-mesh',
  envoyMemoryReservation: 'app-mesh',
  xrayImage: 'app-mesh',
  xrayCpu: 'app-mesh',
  xrayMemoryReservation: 'app-mesh',
  dashboard: 'watching',
  alarms: 'watching',
  alarmTopicArn: 'watching',
  guard: 'guard',
  allowUnsafe: 'guard',
  protect: 'guard',
  logRetentionDays: 'watching',
  logGroupName: 'watching',
};

/** The context keys of one topic as a Markdown table: key, values, default, meaning. */
export function keyTable(topic: KeyTopic): string {
  const ofTopic = ([name]: readonly [string, unknown]) => topics[name as SlotKey | AppKey] === topic;
  const slotRows = Object.entries(slotKeys)
    .filter(ofTopic)
    .map(([suffix, keyOf]) => {
      const names = slotNames.map((slot) => slotKeyName(slot, suffix as SlotKey));
      const keys = slotNames.map((slot) => keyOf(slot) as Key<unknown>);
      return row(names, kinds(keys[0] as Key<unknown>), keys.map(defaults).join(' / '), keys[0]?.help ?? '');
    });
  const appRows = Object.entries(appKeys)
    .filter(ofTopic)
    .map(([name, key]) => row([name], kinds(key as Key<unknown>), defaults(key as Key<unknown>), withMarks(key as Key<unknown>)));
  return ['| key | values | default | meaning |', '|---|---|---|---|', ...slotRows, ...appRows].join('\n');
}

function row(names: readonly string[], values: string, defaultValue: string, help: string): string {
  return `| ${names.map((name) => `\`${name}\``).join(' / ')} | ${values} | ${defaultValue} | ${help} |`;
}

// Says on which planes a key counts, when it is not all of them, and whether it can be given per slot.
function withMarks({ help, planes, perSlot }: Key<unknown>): string {
  const marks = [...(planes ? [`${planes.join(', ')} only`] : []), ...(perSlot ? ['per slot'] : [])];
  return marks.length > 0 ? `${help} (${marks.join('; ')})` : help;
}

function kinds(key: Key<unknown>): string {
  return byPlane((plane) => key.type(plane).kind);
}

function defaults(key: Key<unknown>): string {
  return byPlane((plane) => {
    const value = key.default(plane);
    // A list, or a set of variables, is empty by default.
    return value === undefined || typeof value === 'object' ? 'none' : `\`${value}\``;
  });
}

// One text if it holds everywhere; else the commonest first, with the planes on which another holds.
function byPlane(text: (plane: PlaneName) => string): string {
  const planesByText = new Map<string, PlaneName[]>();
  for (const plane of planeNames) {
    planesByText.set(text(plane), [...(planesByText.get(text(plane)) ?? []), plane]);
  }
  return planesByText.size === 1
    ? text(planeNames[0])
    : [...planesByText].map(([value, planes]) => `${value} (${planes.join(', ')})`).join('; ');
}
