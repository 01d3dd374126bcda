import type { ReleaseStep } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import { checkAgreement } from './agreement';
import { checkAlarms } from './alarms';
import type { Check } from './check';
import { compareSlots } from './comparison';
import { checkDrain } from './drain';
import { sharesOfState } from './shares';
import type { Sight } from './sight';
import { checkSlotTasks } from './slot-tasks';
import { stepKind } from './step-kind';

/** What a gate asks for. */
export interface GateOptions {
  /** So many requests say something of a slot. */
  readonly minRequests: number;

  /** The command that deploys what the files say. */
  readonly deployCommand: string;
}

/** The checks of what runs now, before a step. What the step would change is for others to check. */
export function checksBefore(step: Pick<ReleaseStep, 'state'>, sight: Sight, options: GateOptions): readonly Check[] {
  const { deployCommand } = options;
  const { declared, stack, state, live, alarms, minutes, direction } = sight;
  const kind = stepKind(state, step.state);
  const [now, then] = [sharesOfState(state), sharesOfState(step.state)];
  // The slot that gets more, or, of a step that turns one off, the one that stays.
  const incoming = direction.to;
  const outgoing = direction.from;
  const asksForTasks = kind.kind !== 'joins' && then[incoming] !== undefined;
  const tasks = asksForTasks
    ? [
        checkSlotTasks({
          slot: incoming,
          live: live[incoming],
          share: then[incoming] ?? 0,
          other: outgoing,
          otherRunning: live[outgoing]?.tasks.running ?? 0,
        }),
      ]
    : [];
  return [
    { name: 'stack', verdict: 'pass', sentence: `nobody else deploys (${stack.status})` },
    ...checkAgreement({ declared: declared.state, deployed: state, live, deployCommand }),
    ...guardedAtAll(sight),
    ...tasks,
    ...((now[incoming] ?? 0) > 0 ? compareSlots({ incoming, outgoing, minutes, minRequests: options.minRequests }) : []),
    checkAlarms({ alarms, plane: stack.state.wayIn.plane, counted: countedSlots(sight), minutes: minutes.length, deployCommand }),
    ...(kind.kind === 'leaves' ? [checkDrain({ leaving: kind.slot, staying: other(kind.slot), minutes })] : []),
  ];
}

// Of a release, nothing goes unguarded.
function guardedAtAll({ declared: { settings } }: Sight): readonly Check[] {
  const { allowUnsafe } = settings;
  const sentence = `allowUnsafe: got ${JSON.stringify(allowUnsafe)}, expected none in the files; take it out, or use cdk deploy`;
  return allowUnsafe === undefined ? [] : [{ name: 'allowUnsafe', verdict: 'fail', sentence }];
}

// Those of which ECS, and the plane where it tells, say that a task can answer.
function countedSlots({ live }: Sight): readonly SlotName[] {
  return slotNames.filter((slot) => {
    const { tasks, healthyTargets = tasks?.running } = live[slot] ?? {};
    return tasks !== undefined && tasks.running > 0 && tasks.running >= tasks.desired && (healthyTargets ?? 0) > 0;
  });
}

function other(slot: SlotName): SlotName {
  return slotNames.find((each) => each !== slot) as SlotName;
}
