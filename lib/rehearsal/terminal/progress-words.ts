import { shortened } from '../../terminal/words';
import type { RehearsalPlan } from '../plan';
import type { RehearsalProgress } from '../progress';
import { roughTime } from '../report/words';

/** What a step takes apart from its requests, and what comes before the first step and after the last one, on a quiet machine. */
const imitated = { stepMs: 150, aroundMs: 1000 };
const deployed = { stepMs: 5000, aroundMs: 10_000 };

/**
 * What is rehearsed, and how long that takes, in one line.
 *
 * @param room characters; where the line does not fit, it says less
 */
export function heading(
  { steps, plane, rate, requestsPerStep, deploy }: RehearsalPlan,
  envoyVersion: string,
  room = Number.POSITIVE_INFINITY,
): string {
  const { stepMs, aroundMs } = deploy === undefined ? imitated : deployed;
  const time = `about ${roughTime(steps.length * ((requestsPerStep / rate) * 1000 + stepMs) + aroundMs)}`;
  const lines = [
    `rehearsing ${steps.length} steps on ${plane} with Envoy ${envoyVersion}, ${rate} requests per second, ${time}`,
    `rehearsing ${steps.length} steps on ${plane}, ${rate} requests per second, ${time}`,
    `rehearsing ${steps.length} steps on ${plane}, ${time}`,
    `${steps.length} steps, ${time}`,
  ];
  return lines.find(({ length }) => length <= room) ?? shortened(lines.at(-1) ?? '', room);
}

type Activities = Readonly<Record<RehearsalProgress['activity'], string>>;

const imitating: Activities = {
  checking: 'Envoy checks the configuration of every step',
  starting: 'starting the apps and Envoy',
  changing: 'changing to',
  holding: 'holding',
  counting: 'comparing the counts of client, Envoy and apps',
};

const deploying: Activities = {
  ...imitating,
  checking: 'looking for the cdk command line',
  starting: 'starting AWS on this machine, and deploying the first step',
  changing: 'deploying',
  counting: 'comparing the counts of client and Envoy',
};

/** What a rehearsal does, in words. */
export function activityInWords(activity: RehearsalProgress['activity'], { deploy }: Pick<RehearsalPlan, 'deploy'>): string {
  return (deploy === undefined ? imitating : deploying)[activity];
}

/** Requests of a step, failed ones included. */
export function requestsOf({ observed, failed }: Pick<RehearsalProgress, 'observed' | 'failed'>): number {
  return Object.values(observed).reduce((sum, count) => sum + count, failed);
}
