import { readCommandLine } from '../../lib/rehearsal/command-line';
import type { RehearsalPlan } from '../../lib/rehearsal/plan';
import { readPlan } from '../../lib/rehearsal/read-plan';

/** A plan as the command line gives it, with few requests. */
export function planOf(...words: readonly string[]): RehearsalPlan {
  return { ...readPlan(readCommandLine(words)), requestsPerStep: 400, rate: 1000 };
}

/** Only some steps of a plan, by name. */
export function onlySteps(plan: RehearsalPlan, ...names: readonly string[]): RehearsalPlan {
  return { ...plan, steps: plan.steps.filter(({ name }) => names.includes(name)) };
}
