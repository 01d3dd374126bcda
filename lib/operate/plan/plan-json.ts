import type { ReleasePlan } from './plan';

/** A plan for a program to read: `steps` is empty when nothing is left. */
export function planJson({ stack, plane, from, to, ladder, reached, minutes, nothingToRelease, steps }: ReleasePlan): string {
  return JSON.stringify(
    {
      stack,
      plane,
      from,
      to,
      ladder,
      reached,
      minutes,
      nothingToRelease: nothingToRelease ?? null,
      steps: steps.map(({ kind, state, backMinutes, broken, ...step }) => ({ ...step, broken: broken ?? null })),
    },
    undefined,
    2,
  );
}
