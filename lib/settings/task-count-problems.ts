import { type NamedPlane, planeLimits } from '../release/plane-limits';
import { type SlotName, slotNames } from '../release/slots';
import { appKeys, perSlotKeyName } from './keys';
import { maximumPercentProblem, oneTask } from './maximum-percent';
import type { AppSettings, ScalingSettings } from './settings';
import { scalingProblem } from './task-scaling';
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
  // What the app says may be for one slot alone.
  const idle = slotNames.some(scales) ? [] : needMaximum.map((key) => [key, app[key], 'maxTasks'] as const);
  const idleOfSlots = slotNames
    .filter((slot) => !scales(slot))
    .flatMap((slot) =>
      needMaximum
        .map((key) => [perSlotKeyName(slot, key), slots[slot][key], perSlotKeyName(slot, 'maxTasks')] as const)
        .filter(([name]) => isGiven(name)),
    );
  return [
    ...new Set([
      ...[...idle, ...idleOfSlots]
        .filter(([, value]) => value !== undefined)
        .map(
          ([name, value, max]) =>
            `${name}: got ${value}, expected ${max} with it; for example -c ${max}=${appKeys.maxTasks.example}`,
        ),
      ...slotNames.flatMap((slot) => {
        const named = (key: keyof ScalingSettings): NamedNumber => ({ name: said(slot, key) ?? key, value: slots[slot][key] });
        return scales(slot)
          ? [...scalingProblems(app, named, (key) => said(slot, key) !== undefined), ...rolloutProblems(app, oneTask)]
          : rolloutProblems(app, { name: 'desiredCount', value: app.desiredCount });
      }),
    ]),
  ];
}

function scalingProblems(
  { trafficPlane }: Partially<AppSettings>,
  named: (key: keyof ScalingSettings) => NamedNumber,
  isSaid: (key: keyof ScalingSettings) => boolean,
): readonly string[] {
  if (trafficPlane === undefined) {
    return [];
  }
  const limits: NamedPlane = planeLimits[trafficPlane];
  const metrics = ['scaleAtCpu', ...(limits.scalesAtRequests ? (['scaleAtRequests'] as const) : [])] as const;
  const wrong = scalingProblem({
    min: named('minTasks'),
    max: named('maxTasks'),
    metrics: metrics.map((key) => ({ name: named(key).name, given: isSaid(key) })),
  });
  return wrong ? [`${wrong.problem}; for example -c ${wrong.name}=${wrong.value ?? appKeys.scaleAtCpu.example}`] : [];
}

function rolloutProblems({ maximumPercent }: Partially<AppSettings>, count: NamedNumber): readonly string[] {
  const wrong = maximumPercentProblem({ name: 'maximumPercent', value: maximumPercent }, count);
  return wrong ? [`${wrong.problem}; for example -c maximumPercent=${wrong.percent}`] : [];
}
