import { type PlaneName, planeLimits, planeNames } from '../release/plane-limits';
import { previewCidrsProblem } from '../release/rule-conditions';
import { type SlotName, slotNames } from '../release/slots';
import { scaledDown, weightSumProblem } from '../release/weights';
import { chosenStage } from './chosen-stage';
import type { Context } from './context';
import { demoCommand, demoHealthCheckCommand, isDemo } from './demo';
import { domainKeyProblems } from './domain-problems';
import { appKeys, exampleOf, type Key, perSlotKeyName, perSlotKeys, slotKeyName, slotKeys, stateKeyNames } from './keys';
import { namedAsRead } from './named-as-read';
import { healthCheckTimeProblem } from './service-values';
import type { AppSettings, Settings, SlotSettings } from './settings';
import { SettingsError } from './settings-error';
import { sharingProblems } from './shared-by-stages';
import { stageNameProblems, withStageNames } from './stage-names';
import { prefixAndRest, stageNameType, stageOfKey, stagesOf } from './stages';
import { taskCountProblems } from './task-count-problems';
import { holdsTokenText, noTokenText } from './token-text';
import { unknownKeyProblems } from './unknown-keys';
import { asWholeNumber, show } from './value-type';
import { versionProblems } from './version-problems';

type Partially<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Slots = Readonly<Record<SlotName, Partially<SlotSettings>>>;

/** How the context is read in an app that has keys of its own. */
export interface ReadSettingsOptions {
  /**
   * Keys that the app reads itself. Keys with a prefix, as in `tool:key`, need not be named.
   *
   * @default - none: every other key is taken for a misspelt one
   */
  readonly otherKeys?: readonly string[];

  /**
   * What the files hold of the context, as `readContextFiles()` gives it. With stages, a value without a stage that is not that of the
   * files was given for this one command, and counts before that of the stage.
   *
   * @default - the whole context: the value of the stage always counts first
   */
  readonly files?: Context;
}

/**
 * Turns the whole CDK context into checked settings.
 *
 * @param given every key and value of the context, as `app.node.getAllContext()` gives them
 * @throws SettingsError with all problems at once, one line each: key, value got, values allowed, what to do
 */
export function readSettings(given: Context, { otherKeys = [], files = given }: ReadSettingsOptions = {}): Settings {
  const isOther = (key: string) => otherKeys.includes(key) || otherKeys.includes(prefixAndRest(key)[1]);
  const names = Object.keys(given).filter((key) => !isOther(key));
  // Of the chosen one it is said elsewhere that it has no state.
  const namingProblems = unknownKeyProblems(names, [...new Set([...stagesOf(given), ...chosenNames(given)])]);
  const stage = chosenStage(given, files, namingProblems);
  if (stage === undefined) {
    throw new SettingsError(namingProblems);
  }
  const { context, stagedKeys } = stage;
  const asRead = (message: string) => namedAsRead(message, stage.name, stagedKeys);
  const problems: string[] = [];
  const read = reader(context, problems);

  const app = Object.fromEntries(
    Object.entries(appKeys).map(([name, key]) => [name, read(name, key as Key<unknown>)]),
  ) as Partially<AppSettings>;
  const slots = Object.fromEntries(
    slotNames.map((slot) => [
      slot,
      Object.fromEntries([
        ...Object.entries(slotKeys).map(([suffix, key]) => [
          suffix.toLowerCase(),
          read(slotKeyName(slot, suffix as keyof typeof slotKeys), key(slot) as Key<unknown>),
        ]),
        // Without a value of its own, a slot has what holds for the app.
        ...perSlotKeys.map((key) => [
          key,
          read(perSlotKeyName(slot, key), { ...(appKeys[key] as Key<unknown>), default: () => app[key] }),
        ]),
      ]),
    ]),
  ) as Slots;

  const isGiven = (name: string) => context[name] !== undefined;
  problems.push(
    ...missingStateProblems(
      context,
      names.some((name) => stageOfKey(name) !== undefined),
    ),
    ...slotProblems(app, slots),
    ...versionProblems(app.trafficPlane, app, slots, isGiven),
    ...taskCountProblems(app, slots, isGiven),
    ...networkProblems(app, context),
    ...clusterProblems(app, context),
    ...healthCheckProblems(app),
    ...stageNameProblems(app),
    ...(stage.name === undefined ? [] : sharingProblems({ name: stage.name, context }, stage.others)),
    ...domainKeyProblems(app, context),
    ...listenerProblems(app, context),
    ...previewRuleProblems(app),
  );
  if (namingProblems.length + problems.length > 0) {
    throw new SettingsError([...namingProblems, ...problems.map(asRead)]);
  }
  return {
    ...withStageNames(app as AppSettings),
    slots: Object.fromEntries(
      slotNames.map((slot) => [slot, withDemo(slots[slot] as SlotSettings, app.trafficPlane)]),
    ) as unknown as Settings['slots'],
    stagedKeys,
    notices: [
      ...partialStateNotices(context),
      ...idleWeightNotices(slots),
      ...unusedKeyNotices(app as AppSettings, slots as Settings['slots'], context),
    ].map(asRead),
  };
}

function chosenNames({ stage }: Context): readonly string[] {
  const name = stageNameType.parse(stage);
  return name === undefined ? [] : [name];
}

// Nothing of the demo reaches an image that somebody brings, or a command that somebody gives.
function withDemo(slot: SlotSettings, plane: PlaneName | undefined): SlotSettings {
  return isDemo(slot.image) && slot.appCommand === undefined
    ? { ...slot, appCommand: demoCommand(plane), appHealthCheckCommand: slot.appHealthCheckCommand ?? demoHealthCheckCommand }
    : slot;
}

function healthCheckProblems({ healthcheckTimeout, healthcheckInterval }: Partially<AppSettings>): readonly string[] {
  const problem =
    healthcheckTimeout !== undefined && healthcheckInterval !== undefined
      ? healthCheckTimeProblem(
          { name: 'healthcheckTimeout', value: healthcheckTimeout },
          { name: 'healthcheckInterval', value: healthcheckInterval },
        )
      : undefined;
  return problem === undefined ? [] : [`${problem}; for example -c healthcheckInterval=${Number(healthcheckTimeout) + 5}`];
}

// Reads single keys; the plane comes first, since types and defaults depend on it.
function reader(context: Context, problems: string[]) {
  const planeValue = Object.hasOwn(context, 'trafficPlane') ? context.trafficPlane : undefined;
  const plane =
    planeValue === undefined
      ? appKeys.trafficPlane.default(planeNames[0])
      : appKeys.trafficPlane.type(undefined).parse(planeValue);

  return <T>(name: string, key: Key<T>): T | undefined => {
    const value = Object.hasOwn(context, name) ? context[name] : undefined;
    if (value === undefined) {
      return plane && key.default(plane);
    }
    const type = key.type(plane);
    const shown = type.shown ?? show;
    const parsed = type.parse(value);
    if (parsed === undefined) {
      // A value that is right on another plane, or a number beyond every range: say whose range it is.
      const differs = planeNames.some((other) => key.type(other).expected !== type.expected);
      const meant = asWholeNumber(value) !== undefined || planeNames.some((other) => key.type(other).parse(value) !== undefined);
      const where = plane && differs && meant ? `; this is what ${plane} takes` : '';
      problems.push(`${name}: got ${shown(value)}, expected ${type.expected}; for example ${exampleOf(name, key)}${where}`);
    }
    if (parsed !== undefined && holdsTokenText(parsed)) {
      problems.push(`${name}: got ${shown(value)}, expected ${noTokenText}; for example ${exampleOf(name, key)}`);
      return undefined;
    }
    return parsed;
  };
}

function missingStateProblems(context: Context, hasStages: boolean): string[] {
  return stateKeyNames.some((name) => context[name] !== undefined)
    ? []
    : [
        `${stateKeyNames.join(', ')}: got none of them, expected the state of the slots, which must not be guessed; ` +
          `restore it with git checkout -- cdk.context.json${hasStages ? '' : ', or give all four with -c'}`,
      ];
}

function partialStateNotices(context: Context): string[] {
  const missing = stateKeyNames.filter((name) => context[name] === undefined);
  return missing.length === 0
    ? []
    : [`${missing.join(', ')}: not set, so the default holds; keep all four flags in cdk.context.json`];
}

function slotProblems(app: Partially<AppSettings>, slots: Slots): string[] {
  const problems: string[] = [];
  const activeNames = slotNames.map((slot) => slotKeyName(slot, 'Active'));
  const active = slotNames.filter((slot) => slots[slot].active);

  if (slotNames.every((slot) => slots[slot].active === false)) {
    problems.push(
      `${activeNames.join(', ')}: got ${slotNames.map(() => 'false').join(' and ')}, expected at least one active slot; ` +
        `for example -c ${activeNames[0]}=true`,
    );
  }

  const weights = active.flatMap((slot) => {
    const { weight } = slots[slot];
    return weight === undefined ? [] : [{ name: slotKeyName(slot, 'Weight'), weight }];
  });
  const activeKnown = slotNames.every((slot) => slots[slot].active !== undefined);
  if (app.trafficPlane && activeKnown && active.length > 0 && weights.length === active.length) {
    const problem = weightSumProblem(app.trafficPlane, planeLimits[app.trafficPlane], weights);
    if (problem) {
      const values = weights.map(({ weight }) => weight);
      const better = values.every((weight) => weight === 0)
        ? values.map((_, index) => (index === 0 ? 1 : 0))
        : scaledDown(values, planeLimits[app.trafficPlane].maxWeightSum);
      problems.push(`${problem}; for example ${weights.map(({ name }, index) => `-c ${name}=${better[index]}`).join(' ')}`);
    }
  }

  const labels = slotNames.map((slot) => slots[slot].name).filter((name) => name !== undefined);
  if (new Set(labels).size < labels.length) {
    const names = slotNames.map((slot) => slotKeyName(slot, 'Name'));
    problems.push(
      `${names.join(', ')}: got ${labels.map(show).join(' and ')}, expected different labels; for example -c ${names[0]}=${slotNames[0]}`,
    );
  }
  return problems;
}

function networkProblems(app: Partially<AppSettings>, context: Context): string[] {
  return app.assignPublicIp === false && context.vpcId === undefined
    ? [
        'assignPublicIp: got false, expected true without vpcId, since the new VPC has no NAT gateways and the tasks could not pull their images; ' +
          `for example -c assignPublicIp=true, or name your own VPC with ${exampleOf('vpcId', appKeys.vpcId)}`,
      ]
    : [];
}

function clusterProblems({ clusterName }: Partially<AppSettings>, context: Context): string[] {
  return clusterName !== undefined && context.vpcId === undefined
    ? [
        `clusterName: got ${show(clusterName)}, expected vpcId too, in which its tasks run; for example ${exampleOf('vpcId', appKeys.vpcId)}`,
      ]
    : [];
}

function listenerProblems({ trafficPlane, listenerArn, pathPrefix }: Partially<AppSettings>, context: Context): string[] {
  if (trafficPlane !== 'load-balancer' || listenerArn === undefined) {
    return [];
  }
  const got = `listenerArn: got ${show(listenerArn)}`;
  return [
    ...(context.vpcId === undefined
      ? [`${got}, expected vpcId with it, the VPC of its load balancer; for example ${exampleOf('vpcId', appKeys.vpcId)}`]
      : []),
    ...(context.domainName === undefined && pathPrefix === '/'
      ? [
          `${got}, expected domainName or pathPrefix with it, so that the service takes no requests of others; ` +
            `for example ${exampleOf('domainName', appKeys.domainName)}`,
        ]
      : []),
  ];
}

function previewRuleProblems(app: Partially<AppSettings>): string[] {
  const { trafficPlane, ingress, listenerArn, previewCidrs, domainName, pathPrefix } = app;
  const bySource = ingress === 'public' || listenerArn !== undefined;
  const problem =
    trafficPlane === 'load-balancer' && bySource && previewCidrs !== undefined && pathPrefix !== undefined
      ? previewCidrsProblem(previewCidrs, { domainName, pathPrefix })
      : undefined;
  return problem === undefined ? [] : [problem];
}

function idleWeightNotices(slots: Slots): string[] {
  return slotNames
    .filter((slot) => slots[slot].active === false && (slots[slot].weight ?? 0) > 0)
    .map(
      (slot) =>
        `${slotKeyName(slot, 'Weight')}: got ${slots[slot].weight}, ignored while ${slotKeyName(slot, 'Active')} is false; ` +
        `set it to 0 so that the slot starts without traffic`,
    );
}

// What the app says of a load balancer of its own only.
const sharedAway = ['ingress', 'ingressCidrs', 'idleTimeout', 'certificateArn', 'accessLogBucket', 'accessLogPrefix'] as const;

// A key that the plane does not use is most often meant for another plane, or forgotten.
function unusedKeyNotices(app: AppSettings, slots: Settings['slots'], context: Context): string[] {
  const plane = app.trafficPlane;
  const notice = (name: string, { planes }: Key<unknown>, value: unknown, usual: unknown) =>
    planes === undefined || planes.includes(plane) || JSON.stringify(value) === JSON.stringify(usual)
      ? []
      : [`${name}: got ${show(context[name])}, ignored on ${plane}; it is for ${planes.join(' and ')}`];
  const unused = [
    ...(Object.entries(appKeys) as [keyof AppSettings, Key<unknown>][]).flatMap(([name, key]) =>
      notice(name, key, app[name], key.default(plane)),
    ),
    ...slotNames.flatMap((slot) =>
      perSlotKeys.flatMap((key) => notice(perSlotKeyName(slot, key), appKeys[key] as Key<unknown>, slots[slot][key], app[key])),
    ),
  ];
  const unusedCidrs =
    plane === 'load-balancer' && app.ingress === 'internal' && app.listenerArn === undefined && app.previewCidrs !== undefined
      ? [
          `previewCidrs: got ${show(context.previewCidrs)}, ignored with ingress=internal, where previewHeader is honoured from anywhere`,
        ]
      : [];
  const joined = plane === 'lattice' && app.serviceNetworkId !== undefined;
  const unusedByJoining = (['ingress', 'ingressCidrs'] as const).flatMap((name) =>
    joined && context[name] !== undefined && context[name] !== appKeys[name].default(plane)
      ? [`${name}: got ${show(context[name])}, ignored with serviceNetworkId, whose owner says who reaches the service`]
      : [],
  );
  const unusedPrincipals =
    plane === 'lattice' && app.latticeAuthType === 'NONE' && app.previewPrincipals !== undefined
      ? [
          `previewPrincipals: got ${show(context.previewPrincipals)}, ignored with latticeAuthType=NONE, which does not tell who calls`,
        ]
      : [];
  const ignored = (name: string, without: boolean, why: string) =>
    without && context[name] !== undefined ? [`${name}: got ${show(context[name])}, ignored ${why}`] : [];
  // What somebody else's load balancer is, is not for this app to say.
  const shared = plane === 'load-balancer' && app.listenerArn !== undefined;
  const unusedByListener = sharedAway.flatMap((name) =>
    ignored(
      name,
      shared && JSON.stringify(app[name]) !== JSON.stringify(appKeys[name].default(plane)),
      'with listenerArn, whose owner says what its load balancer does',
    ),
  );
  return [
    ...unused,
    ...unusedCidrs,
    ...unusedByListener,
    ...unusedByJoining,
    ...unusedPrincipals,
    ...ignored('ingressCidrs', app.ingress === 'none' && !joined, 'with ingress=none, which lets nobody in'),
    ...ignored(
      'desiredCount',
      slotNames.every((slot) => slots[slot].maxTasks !== undefined) &&
        app.desiredCount !== appKeys.desiredCount.default(plane) &&
        (plane !== 'app-mesh' || app.ingress === 'none'),
      'with maxTasks, which leaves the number of tasks to their load',
    ),
    ...ignored('alarmTopicArn', !app.alarms, 'with alarms=false'),
    ...ignored('accessLogPrefix', plane === 'load-balancer' && app.accessLogBucket === undefined, 'without accessLogBucket'),
    ...ignored(
      'certificateArn',
      plane === 'lattice' && app.latticeProtocol === 'HTTP',
      'with latticeProtocol=HTTP, which has no use for one',
    ),
    ...ignored('previewToken', app.previewHeader === undefined, 'without previewHeader'),
  ];
}
