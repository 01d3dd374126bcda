import { type SlotName, slotNames } from '../../release/slots';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { stackEvents } from '../deployed/stack-events';
import { imagesOf, type SlotImages, slotInWords } from '../slot-in-words';
import type { LiveState } from './live-state';

/** Which of two slots was there first: what a release goes from, and what a rollback goes to. */
export interface SlotOrder {
  readonly first: SlotName;
  readonly later: SlotName;

  /** Why the one that was there first need not have the old version, in words; `undefined`: it has. */
  readonly doubt: string | undefined;
}

/** Two deploys take longer than this, on AWS: an ECS service has to be stable before the next one is made. */
const closeMs = 60_000;

/**
 * Which of two slots that are on was there first, by the age of their ECS services; `undefined` when there are no two.
 *
 * @param images for the words
 * @param deploys when deploys of the stack began; of two services that were made within a minute, one has to lie between them
 */
export function slotOrder(live: LiveState, images: SlotImages = {}, deploys: readonly Date[] = []): SlotOrder | undefined {
  const pair = byAge(live);
  if (pair === undefined) {
    return undefined;
  }
  const [first, later] = pair;
  const named = ({ name }: Aged) => slotInWords(name, images);
  const isBetween = (at: Date) => at > first.createdAt && at <= later.createdAt;
  const doubt =
    isClose(pair) && !deploys.some(isBetween)
      ? `${named(first)} and ${named(later)} were made by the same deploy`
      : first.versionAt > later.createdAt
        ? `${named(first)} is the older slot, and got its version after ${named(later)} was made`
        : undefined;
  return { first: first.name, later: later.name, doubt };
}

/** The same, with what CloudFormation knows of the deploys where the services do not tell. */
export async function readSlotOrder(
  clients: Pick<AwsClients, 'cloudFormation'>,
  stack: DeployedStack,
  live: LiveState,
): Promise<SlotOrder | undefined> {
  const pair = byAge(live);
  const events = pair && isClose(pair) ? await stackEvents(clients, stack, pair[0].createdAt) : [];
  const began = events.filter(({ type, status }) => type === 'AWS::CloudFormation::Stack' && status === 'UPDATE_IN_PROGRESS');
  return slotOrder(
    live,
    imagesOf(stack.state),
    began.map(({ at }) => at),
  );
}

interface Aged {
  readonly name: SlotName;
  readonly createdAt: Date;
  readonly versionAt: Date;
}

function byAge(live: LiveState): readonly [Aged, Aged] | undefined {
  const [first, later] = slotNames
    .flatMap((name) => {
      const slot = live[name];
      return slot ? [{ name, createdAt: slot.createdAt, versionAt: slot.versionAt }] : [];
    })
    .sort((one, two) => one.createdAt.getTime() - two.createdAt.getTime());
  return first && later && [first, later];
}

function isClose([first, later]: readonly [Aged, Aged]): boolean {
  return later.createdAt.getTime() - first.createdAt.getTime() < closeMs;
}
