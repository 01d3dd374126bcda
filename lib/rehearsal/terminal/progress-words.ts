import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';
import { roughTime, shortened } from '../report/words';

/** What a step takes apart from its requests, and what comes before the first step and after the last one, on a quiet machine. */
const stepMs = 150;
const aroundMs = 1000;

/**
 * What is rehearsed, and how long that takes, in one line.
 *
 * @param room characters; where the line does not fit, it says less
 */
export function heading(
  { steps, plane, rate, requestsPerStep }: RehearsalPlan,
  envoyVersion: string,
  room = Number.POSITIVE_INFINITY,
): string {
  const time = `about ${roughTime(steps.length * ((requestsPerStep / rate) * 1000 + stepMs) + aroundMs)}`;
  const lines = [
    `rehearsing ${steps.length} steps on ${plane} with Envoy ${envoyVersion}, ${rate} requests per second, ${time}`,
    `rehearsing ${steps.length} steps on ${plane}, ${rate} requests per second, ${time}`,
    `rehearsing ${steps.length} steps on ${plane}, ${time}`,
    `${steps.length} steps, ${time}`,
  ];
  return lines.find(({ length }) => length <= room) ?? shortened(lines.at(-1) ?? '', room);
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
