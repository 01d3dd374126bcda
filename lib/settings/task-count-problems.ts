import { type NamedPlane, type PlaneName, planeLimits } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import { appKeys, perSlotKeyName } from './keys';
import { maximumPercentProblem, oneTask } from './maximum-percent';
import type { AppSettings, ScalingSettings } from './settings';
import { scalingProblems } from './task-scaling';
import type { NamedNumber } from './task-size';

/** What could be read; the rest is not judged. */
type Partially<T> = { readonly [K in keyof T]?: T[K] | undefined };

const needMaximum = ['minTasks', 'scaleAtCpu', 'scaleAtRequests'] as const;

/**
 * What is wrong with how many tasks the slots have, one line each. Keys are named as the user gave them, so that what both slots have
 * from the same keys reads the same, and is said once.
 *
 * @param app what is said of the app
 * @param slots what counts for each slot
 * @param isGiven whether the context has a value of its own for a key
 */
export function taskCountProblems(
  app: Partially<AppSettings>,
  slots: Readonly<Record<SlotName, Partially<ScalingSettings>>>,
  isGiven: (name: string) => boolean,
): readonly string[] {
  const said = (slot: SlotName, key: keyof ScalingSettings) => [perSlotKeyName(slot, key), key].find(isGiven);
  const scales = (slot: SlotName) => said(slot, 'maxTasks') !== undefined;
  // Where nobody knows the plane, nobody knows what to scale by.
  const metricsOfSlot = (slot: SlotName) =>
    app.trafficPlane === undefined
      ? undefined
      : metricsOf(app.trafficPlane).map((key) => ({ name: said(slot, key) ?? key, given: said(slot, key) !== undefined }));
  // What would do for these slots, by their keys.
  const example = (ofSlots: readonly SlotName[], nameOf: (key: keyof ScalingSettings) => string) => {
    const most = Math.max(Number(appKeys.maxTasks.example), ...ofSlots.map((slot) => slots[slot].minTasks ?? app.minTasks ?? 0));
    const lackMetric = ofSlots.some((slot) => metricsOfSlot(slot)?.every(({ given }) => !given));
    return `-c ${nameOf('maxTasks')}=${most}${lackMetric ? ` -c ${nameOf('scaleAtCpu')}=${appKeys.scaleAtCpu.example}` : ''}`;
  };
  const idle = (
    ofSlots: readonly SlotName[],
    values: Partially<ScalingSettings>,
    nameOf: (key: keyof ScalingSettings) => string,
  ) =>
    needMaximum
      .filter((key) => isGiven(nameOf(key)) && values[key] !== undefined)
      .map(
        (key) =>
          `${nameOf(key)}: got ${values[key]}, expected ${nameOf('maxTasks')} with it; for example ${example(ofSlots, nameOf)}`,
      );
  return [
    ...new Set([
      // What the app says may be for one slot alone.
      ...(slotNames.some(scales) ? [] : idle(slotNames, app, (key) => key)),
      ...slotNames
        .filter((slot) => !scales(slot))
        .flatMap((slot) => idle([slot], slots[slot], (key) => perSlotKeyName(slot, key))),
      ...slotNames.flatMap((slot) => {
        const named = (key: keyof ScalingSettings): NamedNumber => ({ name: said(slot, key) ?? key, value: slots[slot][key] });
        return scales(slot)
          ? [
              ...scalingProblems({ min: named('minTasks'), max: named('maxTasks'), metrics: metricsOfSlot(slot) }).map(
                ({ problem, name, value }) => `${problem}; for example -c ${name}=${value ?? appKeys.scaleAtCpu.example}`,
              ),
              ...rolloutProblems(app, oneTask),
            ]
          : rolloutProblems(app, { name: 'desiredCount', value: app.desiredCount });
      }),
    ]),
  ];
}

// What the plane can scale by.
function metricsOf(plane: PlaneName): readonly ('scaleAtCpu' | 'scaleAtRequests')[] {
  const limits: NamedPlane = planeLimits[plane];
  return ['scaleAtCpu', ...(limits.scalesAtRequests ? (['scaleAtRequests'] as const) : [])];
}

function rolloutProblems({ maximumPercent }: Partially<AppSettings>, count: NamedNumber): readonly string[] {
  const wrong = maximumPercentProblem({ name: 'maximumPercent', value: maximumPercent }, count);
  return wrong ? [`${wrong.problem}; for example -c maximumPercent=${wrong.percent}`] : [];
}
