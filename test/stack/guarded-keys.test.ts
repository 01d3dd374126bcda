import { planeNames } from '../../lib/release/plane-limits';
import { refusal } from '../../lib/release/refusal';
import { slotNames } from '../../lib/release/slots';
import { unsafeChanges } from '../../lib/release/transition';
import { keyNames, perSlotKeyName } from '../../lib/settings/keys';
import type { ScalingSettings } from '../../lib/settings/settings';
import { settingNames } from '../../lib/stack/setting-names';
import { type Context, freshContext, ofItsStage } from '../fresh-context';
import { pathedTemplateOf } from '../run/templates';
import { type OtherValue, otherValuesOn, said } from './other-values';

// The keys that make no version and no way in: they may change while both slots answer requests.
const free = [
  'blueWeight',
  'greenWeight',
  'healthcheckGracePeriod',
  'healthcheckInterval',
  'healthcheckTimeout',
  'healthcheckHealthyThreshold',
  'healthcheckUnhealthyThreshold',
  'previewHeader',
  'previewCidrs',
  'previewToken',
  'previewPrincipals',
  'ingressCidrs',
  'accessLogBucket',
  'accessLogPrefix',
  'hostedZone',
  'certificateArn',
  'rulePosition',
  'idleTimeout',
  'deregistrationDelay',
  'desiredCount',
  ...['minTasks', 'maxTasks', 'scaleAtCpu', 'scaleAtRequests'].flatMap((key) => [
    key,
    ...slotNames.map((slot) => perSlotKeyName(slot, key as keyof ScalingSettings)),
  ]),
  'maximumPercent',
  'exec',
  'logRetentionDays',
  'dashboard',
  'alarms',
  'protect',
  'alarmTopicArn',
  // The deploy that takes the guard off is not guarded, and one with a reason is let through.
  'guard',
  'allowUnsafe',
];

// Resources outside of the service that a key changes too, although the guard may refuse the deploy: each is a new one beside the old.
const besides: readonly RegExp[] = [/^Namespace/];

const both: Context = { ...freshContext, greenActive: true, greenWeight: 1 };
const guardType = 'Custom::ReleaseGuard';

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: any;
  readonly DependsOn?: string | readonly string[];
}

const templateOf = (context: Context) => pathedTemplateOf(ofItsStage(context)) as Template;

function guardOf({ Resources }: Template): readonly [string, Resource] {
  return Object.entries(Resources).find(([, { Type }]) => Type === guardType) ?? ['', { Type: '' }];
}

/** Whether a resource is worked on after another one, by references and by `DependsOn`, however far. */
function waitsFor({ Resources }: Template, logicalId: string, target: string, seen = new Set<string>()): boolean {
  if (seen.has(logicalId)) {
    return false;
  }
  seen.add(logicalId);
  const resource = Resources[logicalId];
  const references = [...JSON.stringify(resource).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)/g)].map(([, id = '']) => id);
  return [resource?.DependsOn ?? [], references]
    .flat()
    .some((id) => id === target || (Object.hasOwn(Resources, id) && waitsFor({ Resources }, id, target, seen)));
}

/** The resources that are there before and after, and not the same. */
function changedInPlace(before: Template, after: Template): string[] {
  return Object.keys(after.Resources).filter(
    (id) =>
      before.Resources[id] !== undefined &&
      JSON.stringify(before.Resources[id].Properties) !== JSON.stringify(after.Resources[id]?.Properties),
  );
}

describe.each(planeNames)('on %s, while both slots answer requests,', (trafficPlane) => {
  const cases = otherValuesOn(trafficPlane).filter(({ name }) => !['blueActive', 'greenActive'].includes(name));

  test.each(cases)('$name', ({ name, value, company }: OtherValue) => {
    const before = templateOf({ ...both, trafficPlane, ...company, [name]: undefined });
    const after = templateOf({ ...both, trafficPlane, ...company, ...said(name, value) });
    const [guardId, guard] = guardOf(after);
    if (name === 'guard') {
      expect(guardId).toBe('');
      return;
    }
    const unsafe = unsafeChanges(guardOf(before)[1].Properties.State, guard.Properties.State);
    const named = unsafe.map((change) => refusal(change, settingNames()).split(/[ :]/)[0]);
    expect(named.length > 0).toBe(!free.includes(name));
    // The sentence names the key, or the same key of a slot.
    if (named.length > 0) {
      // A stage is known to the guard by the name of the app.
      const spoken = name === 'stage' ? 'appName' : name;
      expect(named.some((key) => key?.toLowerCase().endsWith(spoken.toLowerCase()))).toBe(true);
    }

    // Another name is another stack, in which nothing is changed in place.
    const changed = ['appName', 'stage'].includes(name)
      ? []
      : changedInPlace(before, after).filter(
          (id) => id !== guardId && !besides.some((pattern) => pattern.test(id)) && !isGuardFunction(id),
        );
    expect(changed.filter((id) => !waitsFor(after, id, guardId))).toEqual([]);
  });
});

// What looks and logs for all guards: it waits for none.
function isGuardFunction(logicalId: string): boolean {
  return logicalId.startsWith('ReleaseGuard');
}

test.each(planeNames)('on %s, the guard speaks of keys', (trafficPlane) => {
  const [, { Properties }] = guardOf(templateOf({ ...both, trafficPlane }));
  const { wayIn, slots } = Properties.State;
  const settings = [...Object.keys(wayIn), ...slotNames.flatMap((slot) => Object.keys(slots[slot]))];
  // What no key says by itself.
  const ofTheConstruct = ['loadBalancer', 'gatewayCluster', 'gatewayOnCapacityProviders', 'mesh'];
  const spoken = settings.filter((setting) => !ofTheConstruct.includes(setting));
  expect(spoken.filter((setting) => !Object.hasOwn(settingNames(), setting))).toEqual([]);
});

test('every name that the guard speaks is a key', () => {
  const spoken = Object.values(settingNames()).flatMap((name) =>
    name.includes('{slot}') ? slotNames.map((slot) => name.replace('{slot}', slot)) : [name],
  );
  expect(spoken.filter((name) => !keyNames.includes(name))).toEqual([]);
});
