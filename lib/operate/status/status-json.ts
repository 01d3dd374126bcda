import { slotNames } from '../../release/slots';
import type { Status } from './status';

/** A status as JSON has it: shares from 0 to 1, and null where there is nothing. */
export function statusJson(status: Status): Record<string, unknown> {
  const { word, direction, slots, step, ladder, since, stackStatus, plane, next, back } = status;
  const isUnderWay = step !== undefined;
  return {
    status: word,
    stack: status.stack,
    stackStatus: stackStatus ?? null,
    plane: plane ?? null,
    from: status.isDirectionClear ? direction.from : null,
    to: status.isDirectionClear ? direction.to : null,
    since: since?.toISOString() ?? null,
    step: isUnderWay ? { ...step, name: ladder.find(({ mark }) => mark === 'here')?.name ?? null } : null,
    slots: Object.fromEntries(
      slotNames.map((slot) => {
        const { declared, deployed, live, image, tasks, healthyTargets, traffic } = slots[slot];
        return [
          slot,
          {
            declared: declared ?? null,
            deployed: deployed ?? null,
            live: live ?? null,
            image: image ?? null,
            tasks: tasks ?? null,
            healthyTargets: healthyTargets ?? null,
            requestsPerMinute: traffic?.requestsPerMinute ?? null,
            errorShare: traffic?.errorShare ?? null,
            p95Ms: traffic?.p95Ms ?? null,
          },
        ];
      }),
    ),
    steps: ladder,
    alarms: status.alarms,
    differences: status.differences.map(({ problem, mend }) => ({ problem, mend })),
    problems: status.problems,
    nothingToRelease: status.nothingToRelease ?? null,
    next: next?.command ?? null,
    back: back?.command ?? null,
  };
}
