import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';

/** What is rehearsed, in one line. */
export function heading(plan: RehearsalPlan, envoyVersion: string): string {
  const steps = plan.steps.length;
  return `rehearsing ${steps} steps on ${plan.plane} with Envoy ${envoyVersion}, ${plan.rate} requests per second`;
}

/** What a rehearsal does. */
export const activities: Readonly<Record<RehearsalProgress['activity'], string>> = {
  checking: 'Envoy checks the configuration of every step',
  starting: 'starting the apps and Envoy',
  changing: 'changing',
  holding: 'holding',
  counting: 'comparing the counts of client, Envoy and apps',
};

/** Requests of a step, failed ones included. */
export function requestsOf({ observed, failed }: Pick<RehearsalProgress, 'observed' | 'failed'>): number {
  return Object.values(observed).reduce((sum, count) => sum + count, failed);
}
