import { releaseStateOf } from '../../release/release-state';
import { slotNames } from '../../release/slots';
import { UserError } from '../../release/user-error';
import { stackNameOf } from '../../stack/stack-name';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import { readDeclared } from '../declared/read-declared';
import type { DeployedStack } from '../deployed/deployed-stack';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { nothingToRelease } from '../gate/nothing-to-release';
import { readLiveState } from '../live/read-live-state';
import { readSlotOrder } from '../live/slot-order';
import { minuteMs } from '../measured/minute-ms';
import { readAlarms } from '../measured/read-alarms';
import { readMinutes } from '../measured/read-minutes';
import type { DeclaredState } from './differences';
import { type Status, type StatusSources, statusOf } from './status';

/** The requests of so many minutes are shown: enough to be no accident, and soon over after a change. */
const shownMinutes = 5;

/** Of what, and in which terms, a status is asked for. */
export type StatusAsked = Pick<StatusSources, 'asked' | 'to' | 'ladder'>;

/** Asks AWS and the files how a release stands. */
export async function readStatus(clients: AwsClients, asked: StatusAsked): Promise<Status> {
  const sources = await readStatusSources(clients, asked);
  const { stack, declared, to } = sources;
  const isAsked = stack !== undefined && declared !== undefined && to === undefined;
  return statusOf({
    ...sources,
    nothingToRelease: isAsked
      ? await nothingToRelease(clients, readDeclared(asked.asked).settings, releaseStateOf(stack.state))
      : undefined,
  });
}

/** Asks AWS and the files for all that a status is made of. */
export async function readStatusSources(clients: AwsClients, { asked, to, ladder }: StatusAsked): Promise<StatusSources> {
  const { declared, problems } = declaredState(asked);
  const stack = await readDeployedStack(clients, asked.stackName);
  const now = Date.now();
  const length = minuteMs(clients.environment);
  const [{ live, order }, minutes, alarms] = stack
    ? await Promise.all([
        liveOf(clients, stack),
        readMinutes(clients, stack, Math.floor(now / length - shownMinutes) * length, now),
        readAlarms(clients, stack),
      ])
    : [{ live: {}, order: undefined }, [], []];
  return { asked, to, ladder, stack, live, order, minutes, alarms, declared, problems };
}

async function liveOf(clients: AwsClients, stack: DeployedStack): Promise<Pick<StatusSources, 'live' | 'order'>> {
  const live = await readLiveState(clients, stack);
  return { live, order: await readSlotOrder(clients, stack, live) };
}

/** What the files declare; where they cannot be read, or speak of another stack, why. */
export function declaredState(asked: AskedService): {
  readonly declared: DeclaredState | undefined;
  readonly problems: readonly string[];
} {
  try {
    const { settings, state } = readDeclared(asked);
    const stackName = stackNameOf(settings);
    return stackName === asked.stackName
      ? {
          declared: { state, images: Object.fromEntries(slotNames.map((slot) => [slot, settings.slots[slot].image])) },
          problems: [],
        }
      : { declared: undefined, problems: [`declared: got stack ${stackName} in the files, expected ${asked.stackName}`] };
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    return { declared: undefined, problems: error.problems.map((problem) => `declared: ${problem}`) };
  }
}
