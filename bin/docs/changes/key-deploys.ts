import { type PlaneName, planeNames } from '../../../lib/release/plane-limits';
import type { SlotName } from '../../../lib/release/slots';
import { readSettings } from '../../../lib/settings/read-settings';
import { stackNameOf } from '../../../lib/stack/stack-name';
import { type Context, ofItsStage } from '../../../test/fresh-context';
import { pathedTemplateOf } from '../../../test/run/templates';
import { base, company, keyOfApp, keys, said, slotOfKey, valuesOf } from '../../../test/stack/other-values';
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

/** What becomes of the stack; `undefined`: it is another stack, beside the one that is there. */
export function deployOf({ name, plane, from, to, idle }: KeyChange): Deploy | undefined {
  const weights = idle === undefined ? {} : { [`${idle}Weight`]: 0 };
  const context = { ...base, trafficPlane: plane, ...weights, ...company[keyOfApp(name)] };
  const [before, after] = [from, to].map((value) => templateOf({ ...context, ...said(name, value) }));
  return before && after && before.stack === after.stack ? deploy(before.template, after.template) : undefined;
}

interface Made {
  readonly stack: string;
  readonly template: ChangedTemplate;
}

const made = new Map<string, Made>();

function templateOf(given: Context): Made {
  const context = ofItsStage(given);
  const words = JSON.stringify(
    Object.entries(context)
      .filter(([, value]) => value !== undefined)
      .sort(),
  );
  const known = made.get(words);
  if (known) {
    return known;
  }
  const result = { stack: stackNameOf(readSettings(context)), template: pathedTemplateOf(context) as ChangedTemplate };
  made.set(words, result);
  return result;
}
