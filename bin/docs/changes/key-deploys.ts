import { type PlaneName, planeLimits, planeNames } from '../../../lib/release/plane-limits';
import { type SlotName, slotNames } from '../../../lib/release/slots';
import { type Key, slotKeyName, slotKeys, stateKeyNames, versionKeyName, versionKeys } from '../../../lib/settings/keys';
import { readSettings } from '../../../lib/settings/read-settings';
import { stackNameOf } from '../../../lib/stack/blue-green-stack';
import { synthesize } from '../../../lib/stack/synthesize';
import type { Context } from '../../../test/fresh-context';
import { base, company, keyOfApp, keys, otherValue, otherValues, same } from '../../../test/stack/other-values';
import { type Deploy, deploy } from './deploy';
import type { ChangedTemplate } from './template-change';

/** One key that gets another value on a live stack. */
export interface KeyChange {
  /** As it stands in the context. */
  readonly name: string;

  readonly plane: PlaneName;
  readonly from: unknown;
  readonly to: unknown;

  /** The slot without requests; `undefined`: both answer. */
  readonly idle: SlotName | undefined;
}

// Where one other value does not say all.
const moreValues: Readonly<Record<string, (plane: PlaneName) => readonly unknown[]>> = {
  trafficPlane: () => planeNames,
  ingress: (plane) => planeLimits[plane].ingress,
  ...Object.fromEntries(slotNames.map((slot) => [slotKeyName(slot, 'Active'), () => [true, false]])),
  ...Object.fromEntries(slotNames.map((slot) => [slotKeyName(slot, 'Weight'), () => [0, 1, 3]])),
  certificateArn: () => ['arn:aws:acm:eu-central-1:123456789012:certificate/87654321-4321-4321-4321-210987654321'],
};

/** Every key, from each of its values to each other one, on every plane: with both slots answering, and where a slot has the key, without. */
export function keyChanges(): readonly KeyChange[] {
  return planeNames.flatMap((plane) =>
    keys.flatMap(([name, key]) => {
      const values = valuesOf(name, key, plane);
      // The weight says by itself whether a slot has requests.
      const idle = name.endsWith('Weight') ? [undefined] : [...new Set([undefined, slotOfKey(name)])];
      return values.flatMap((from) =>
        values
          .filter((to) => to !== from)
          // On `trafficPlane`, the plane is where the stack comes from.
          .filter(() => name !== 'trafficPlane' || from === plane)
          .flatMap((to) => idle.map((slot) => ({ name, plane, from, to, idle: slot }))),
      );
    }),
  );
}

/** The values between which a key is changed on a plane; `undefined` is to leave it away. Fewer than two where the plane has no use for it. */
export function valuesOf(name: string, key: Key<unknown>, plane: PlaneName): readonly unknown[] {
  if (!(key.planes?.includes(plane) ?? true)) {
    return [];
  }
  const more = moreValues[name]?.(plane) ?? [];
  const parsed = (value: unknown) => (value === undefined ? key.default(plane) : key.type(plane).parse(value));
  // What the files say of the state, or of the plane, is never left away.
  const left = stateKeyNames.includes(name) || name === 'trafficPlane' ? [] : [undefined];
  return [...left, ...more, otherValue(name, key, plane), key.example, otherValues[keyOfApp(name)]]
    .filter((value, index) => index < left.length || (value !== undefined && parsed(value) !== undefined))
    .filter((value, index, all) => all.findIndex((each) => same(parsed(each), parsed(value))) === index);
}

/** The slot that a key speaks of; `undefined`: of both. */
export function slotOfKey(name: string): SlotName | undefined {
  return slotNames.find((slot) =>
    [
      ...(Object.keys(slotKeys) as (keyof typeof slotKeys)[]).map((key) => slotKeyName(slot, key)),
      ...versionKeys.map((key) => versionKeyName(slot, key)),
    ].includes(name),
  );
}

/** What becomes of the stack; `undefined`: it is another stack, beside the one that is there. */
export function deployOf({ name, plane, from, to, idle }: KeyChange): Deploy | undefined {
  const weights = idle === undefined ? {} : { [`${idle}Weight`]: 0 };
  const context = { ...base, trafficPlane: plane, ...weights, ...company[keyOfApp(name)] };
  const [before, after] = [from, to].map((value) => templateOf({ ...context, [name]: value }));
  return before && after && before.stack === after.stack ? deploy(before.template, after.template) : undefined;
}

interface Made {
  readonly stack: string;
  readonly template: ChangedTemplate;
}

const made = new Map<string, Made>();

function templateOf(context: Context): Made {
  const words = JSON.stringify(
    Object.entries(context)
      .filter(([, value]) => value !== undefined)
      .sort(),
  );
  const known = made.get(words);
  if (known) {
    return known;
  }
  const { template } = synthesize({ ...context, 'aws:cdk:enable-path-metadata': true });
  const result = { stack: stackNameOf(readSettings(context)), template: template as ChangedTemplate };
  made.set(words, result);
  return result;
}
