import { type PlaneName, planeLimits, planeNames } from '../../lib/release/plane-limits';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { appKeys, type Key, perSlotKeyName, perSlotKeys, slotKeyName, slotKeys, stateKeyNames } from '../../lib/settings/keys';
import type { AppSettings, PerSlotSettings } from '../../lib/settings/settings';
import { type Context, freshContext } from '../fresh-context';

type KeyName = keyof AppSettings | `${SlotName}${keyof typeof slotKeys}`;

/** For keys whose example is what holds without them: another value. */
export const otherValues: Readonly<Partial<Record<KeyName, string>>> = {
  blueActive: 'false',
  blueWeight: '3',
  blueName: 'live',
  greenName: 'next',
  appName: 'other',
  appPort: '3000',
  appMemory: '128',
  healthcheckPath: '/ready',
  previewHeader: 'x-preview',
  platformVersion: 'LATEST',
  taskCpu: '1024',
  taskMemory: '2048',
  envoyImage: 'envoy:other',
  envoyCpu: '64',
  envoyMemoryReservation: '128',
  xrayImage: 'xray:other',
  xrayCpu: '64',
  xrayMemoryReservation: '128',
  namespaceName: 'other.local',
  ingress: 'none',
  assignPublicIp: 'false',
  logRetentionDays: '7',
  guard: 'false',
};

/** What else must be said so that the other value is legal. */
export const company: Readonly<Partial<Record<KeyName, Context>>> = {
  // A name that needs neither a zone nor a certificate: somebody else's listener has one, and VPC Lattice needs none for plain HTTP.
  domainName: {
    vpcId: appKeys.vpcId.example,
    listenerArn: appKeys.listenerArn.example,
    pathPrefix: '/shop',
    latticeProtocol: 'HTTP',
  },
  hostedZone: { domainName: 'shop.example.com', certificateArn: appKeys.certificateArn.example },
  certificateArn: { domainName: 'shop.example.com', hostedZone: appKeys.hostedZone.example },
  listenerArn: { vpcId: appKeys.vpcId.example, pathPrefix: '/shop' },
  accessLogPrefix: { accessLogBucket: appKeys.accessLogBucket.example },
  taskCpu: { taskMemory: 2048 },
  previewToken: { previewHeader: 'x-slot' },
  maximumPercent: { desiredCount: 4 },
  minTasks: { maxTasks: 10, scaleAtCpu: 60 },
  scaleAtRequests: { maxTasks: 10, scaleAtCpu: 60 },
  assignPublicIp: { vpcId: appKeys.vpcId.example },
  clusterName: { vpcId: appKeys.vpcId.example },
};

// What stands beside a value and not without it, since neither is legal alone.
const along: Readonly<Partial<Record<keyof PerSlotSettings, Readonly<Partial<Record<keyof PerSlotSettings, unknown>>>>>> = {
  maxTasks: { scaleAtCpu: 60 },
  scaleAtCpu: { maxTasks: 10 },
};

/** A key with a value, and what must stand beside this value and not without it: of the same slot. */
export function said(name: string, value: unknown): Context {
  const { slot, key = name } = perSlot.find((each) => each.name === name) ?? {};
  const beside = value === undefined ? {} : (along[key as keyof PerSlotSettings] ?? {});
  const named = Object.entries(beside).map(([other, its]) => [
    slot ? perSlotKeyName(slot, other as keyof PerSlotSettings) : other,
    its,
  ]);
  return { ...Object.fromEntries(named), [name]: value };
}

// Both slots answer requests, so that the keys of both have something to change.
export const base: Context = { ...freshContext, greenActive: true, greenWeight: 1 };

export const perSlot = slotNames.flatMap((slot) => perSlotKeys.map((key) => ({ name: perSlotKeyName(slot, key), slot, key })));

/** The key that says of the app what a key of a version says of one slot. */
export function keyOfApp(name: string): KeyName {
  return (perSlot.find((each) => each.name === name)?.key ?? name) as KeyName;
}

export const keys: readonly [string, Key<unknown>][] = [
  ...slotNames.flatMap((slot) =>
    Object.entries(slotKeys).map(
      ([suffix, keyOf]) =>
        [slotKeyName(slot, suffix as keyof typeof slotKeys), keyOf(slot) as Key<unknown>] as [string, Key<unknown>],
    ),
  ),
  ...perSlot.map(({ name, key }) => [name, appKeys[key] as Key<unknown>] as [string, Key<unknown>]),
  ...(Object.entries(appKeys) as [string, Key<unknown>][]),
];

export function otherValue(name: string, key: Key<unknown>, plane: PlaneName): string | undefined {
  const candidates = [exampleOf(key), otherValues[keyOfApp(name)]];
  return candidates.find((value) => value !== undefined && !same(key.type(plane).parse(value), key.default(plane)));
}

// As the shell hands it over.
function exampleOf({ example }: Key<unknown>): string {
  return example.replace(/^"(.*)"$/, '$1');
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A key with another value than the one that holds without it, and what else must be said so that it is legal. */
export interface OtherValue {
  readonly name: string;
  readonly value: string | undefined;
  readonly company: Context;
}

/** Another value for every key that a plane uses. */
export function otherValuesOn(plane: PlaneName): readonly OtherValue[] {
  return keys
    .filter(([name, key]) => name !== 'trafficPlane' && (key.planes?.includes(plane) ?? true))
    .map(([name, key]) => ({ name, value: otherValue(name, key, plane), company: company[keyOfApp(name)] ?? {} }));
}

// It takes a grant to pull.
const privateImage = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1';

// Where one other value does not say all.
const moreValues: Readonly<Record<string, (plane: PlaneName) => readonly unknown[]>> = {
  trafficPlane: () => planeNames,
  ingress: (plane) => planeLimits[plane].ingress,
  ...Object.fromEntries(slotNames.map((slot) => [slotKeyName(slot, 'Active'), () => [true, false]])),
  ...Object.fromEntries(slotNames.map((slot) => [slotKeyName(slot, 'Weight'), () => [0, 1, 3]])),
  blueImage: () => [privateImage],
  greenImage: () => [privateImage],
  envoyImage: () => [privateImage],
  desiredCount: () => ['4'],
  domainName: () => ['other.example.com'],
  pathPrefix: () => ['/other'],
  maxTasks: () => ['20'],
  minTasks: () => ['4'],
  scaleAtCpu: () => ['50'],
  scaleAtRequests: () => ['500'],
  certificateArn: () => ['arn:aws:acm:eu-central-1:123456789012:certificate/87654321-4321-4321-4321-210987654321'],
};

/** The values between which a key is changed on a plane; `undefined` is to leave it away. Fewer than two where the plane has no use for it. */
export function valuesOf(name: string, key: Key<unknown>, plane: PlaneName): readonly unknown[] {
  if (!(key.planes?.includes(plane) ?? true)) {
    return [];
  }
  const more = moreValues[keyOfApp(name)]?.(plane) ?? [];
  const parsed = (value: unknown) => (value === undefined ? key.default(plane) : key.type(plane).parse(value));
  // What the files say of the state, or of the plane, is never left away; nor is what nothing is legal without.
  const left = stateKeyNames.includes(name) || ['trafficPlane', 'scaleAtCpu'].includes(keyOfApp(name)) ? [] : [undefined];
  return [...left, ...more, otherValue(name, key, plane), exampleOf(key), otherValues[keyOfApp(name)]]
    .filter((value, index) => index < left.length || (value !== undefined && parsed(value) !== undefined))
    .filter((value, index, all) => all.findIndex((each) => same(parsed(each), parsed(value))) === index);
}

/** The slot that a key speaks of; `undefined`: of both. */
export function slotOfKey(name: string): SlotName | undefined {
  return slotNames.find((slot) =>
    [
      ...(Object.keys(slotKeys) as (keyof typeof slotKeys)[]).map((key) => slotKeyName(slot, key)),
      ...perSlotKeys.map((key) => perSlotKeyName(slot, key)),
    ].includes(name),
  );
}
