import { type SlotName, slotNames } from '../../release/slots';
import { lowestTerms } from '../../release/weights';
import { brokenOrderSentence } from '../orders/prove-orders';
import { slotInWords } from '../slot-in-words';
import { isRefused, type PlannedDeploy, type ReleasePlan } from './plan';

/** What goes from where to where. */
export function titleOf({ service, plane, from, to, images }: ReleasePlan): string {
  return `${service} · ${plane} · ${slotInWords(from, images)} → ${slotInWords(to, images)}`;
}

/** Where the release is. */
export function reachedInWords({ reached: { name, exact }, state, steps }: ReleasePlan): string {
  const sum = slotNames.reduce((total, slot) => total + (state[slot].active ? state[slot].weight : 0), 0);
  const share = (slot: SlotName) =>
    state[slot].active ? `${slot} ${Math.round((1000 * state[slot].weight) / sum) / 10} %` : `${slot} off`;
  const place = exact ? name : `between ${name} and ${steps[0]?.name}`;
  return `now: ${slotNames.map(share).join(', ')} (${place})`;
}

/** What nothing being left means. */
export function doneInWords({ from, to, nothingToRelease }: ReleasePlan): string {
  return nothingToRelease ?? `Nothing is left to do: ${to} answers everything, and ${from} is off.`;
}

/** The weights of a step, such as `3 : 1`. */
export function weightsOf({ state }: PlannedDeploy, { from, to }: ReleasePlan): string {
  const weights = [from, to].map((slot) => (state[slot].active ? state[slot].weight : 0));
  const terms = lowestTerms(weights);
  return [from, to].map((slot, index) => (state[slot].active ? terms[index] : 'off')).join(' : ');
}

/** How many there are. */
export function countInWords(resources: readonly string[]): string {
  return resources.length === 0 ? '–' : `${resources.length}`;
}

/** The way back, in two words. */
export function backInWords({ kind, backMinutes }: PlannedDeploy, { to }: ReleasePlan): string {
  return { joins: `remove ${to}`, weights: `~${backMinutes} min`, leaves: 'new release' }[kind];
}

/** For how long CloudFormation watches a step, or what it waits for. */
export function waitInWords({ kind, bakeMinutes }: PlannedDeploy): string {
  return { joins: '–', weights: `${bakeMinutes} min`, leaves: 'drain' }[kind];
}

/** What is wrong with a step, one sentence each. */
export function problemsOf({ guard, replaced, broken }: PlannedDeploy): readonly string[] {
  return [
    ...guard.map((sentence) => `the guard refuses it: ${sentence}`),
    ...replaced.map((resource) => `replaces ${resource}; a step must only change the route and add or remove a slot`),
    ...(broken ? [brokenOrderSentence(broken)] : []),
  ];
}

/** How long everything takes at least, and why nothing can go wrong. */
export function conclusionOf({ steps, minutes }: ReleasePlan): string {
  const states = steps.reduce((sum, { intermediateStates }) => sum + intermediateStates, 0);
  const refused = steps.flatMap((step, index) => (isRefused(step) ? [`${index + 1} ${step.name}`] : []));
  return refused.length > 0
    ? `Not to be deployed like this: ${refused.join(', ')}.`
    : `At least ${Math.ceil(minutes)} min; both slots have tasks meanwhile. Nothing is replaced, the guard passes every step, and in each of ${states} states in between every slot with weight has its stable service.`;
}
