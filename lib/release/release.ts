// The ground floor: slots, weights, what each plane takes, and the steps of a release. Pure data and rules; this room imports nothing.

import { type SlotName, slotNames } from './slots';
import { UserError } from './user-error';
import { lowestTerms } from './weights';

/** What the flags say of one slot. */
export interface SlotState {
  readonly active: boolean;

  /** Relative share of the requests; of no effect while the slot is not active. */
  readonly weight: number;
}

/** What the four flags say together. */
export type ReleaseState = Readonly<Record<SlotName, SlotState>>;

/** One small deploy of a release. */
export interface ReleaseStep {
  /** Short name, such as `50/50`. */
  readonly name: string;

  /** What the deploy does, in one sentence. */
  readonly description: string;

  /** The flags that this step deploys. */
  readonly state: ReleaseState;
}

/** The slot that carries the old version and the one that gets the new version. They swap from release to release. */
export interface ReleaseDirection {
  readonly from: SlotName;
  readonly to: SlotName;
}

const blueToGreen: ReleaseDirection = { from: slotNames[0], to: slotNames[1] };

/**
 * The release of a new version: start it beside the old one, let it answer half of the requests, then all, then stop the old one.
 *
 * The first entry is the state before the release; every further one is a deploy. Going back is the same list in reverse.
 */
export function release(direction: ReleaseDirection = blueToGreen): readonly ReleaseStep[] {
  return canary([50, 100], direction);
}

/**
 * A release that raises the share of the new version step by step.
 *
 * @param ladder the shares of the new version in percent: whole numbers from 1 to 100, rising
 * @throws UserError when the ladder is empty, not rising, or out of range
 */
export function canary(ladder: readonly number[], direction: ReleaseDirection = blueToGreen): readonly ReleaseStep[] {
  const valid =
    ladder.length > 0 &&
    ladder.every((share, index) => Number.isInteger(share) && share <= 100 && share > (ladder[index - 1] ?? 0));
  if (!valid) {
    throw new UserError(
      `ladder: got ${JSON.stringify(ladder)}, expected rising whole numbers from 1 to 100; for example 1,5,25,50,100`,
    );
  }
  const { from, to } = direction;
  const state = (fromState: SlotState, toState: SlotState) => ({ [from]: fromState, [to]: toState }) as ReleaseState;
  const shares = ladder.at(-1) === 100 ? ladder : [...ladder, 100];

  return [
    {
      name: `${from} only`,
      description: `before the release: ${from} answers everything`,
      state: state({ active: true, weight: 1 }, { active: false, weight: 0 }),
    },
    {
      name: `${to} at 0`,
      description: `starts ${to} beside ${from}; no request reaches it yet`,
      state: state({ active: true, weight: 1 }, { active: true, weight: 0 }),
    },
    ...shares.map((share) => {
      const [fromWeight, toWeight] = lowestTerms([100 - share, share]) as [number, number];
      return share === 100
        ? {
            name: `${from} at 0`,
            description: `${to} answers everything; ${from} still runs, for a quick way back`,
            state: state({ active: true, weight: 0 }, { active: true, weight: 1 }),
          }
        : {
            name: `${100 - share}/${share}`,
            description: `${to} answers ${share} % of the requests`,
            state: state({ active: true, weight: fromWeight }, { active: true, weight: toWeight }),
          };
    }),
    {
      name: `${to} only`,
      description: `stops ${from}; the release is done`,
      state: state({ active: false, weight: 0 }, { active: true, weight: 1 }),
    },
  ];
}

/**
 * The steps that undo a release from its step `at`: the states before it, in reverse.
 *
 * @param at index of the step to go back from, from 1 to the last
 * @throws UserError when `at` is out of range
 */
export function rollback(steps: readonly ReleaseStep[], at: number): readonly ReleaseStep[] {
  checkStep('rollback', steps, at);
  return steps
    .slice(0, at)
    .reverse()
    .map((step) => ({ ...step, name: `back to ${step.name}`, description: `going back: ${step.description}` }));
}

/** The slot of the old version: the one that answers most before the release. */
export function oldSlot(steps: readonly ReleaseStep[]): SlotName {
  const before = (slot: SlotName) => steps.slice(0, 1).reduce((_, { state }) => (state[slot].active ? state[slot].weight : 0), 0);
  return slotNames.reduce((one, other) => (before(other) > before(one) ? other : one));
}

/**
 * The steps out of a release in which a slot fails: one jump, after which the healthy slot answers everything, whatever the shares were,
 * and then the end of the other one. Where the healthy slot does not run any more, it is started first, if one of the steps does so
 * without sending it requests.
 *
 * The way goes back when the old version is the healthy one, and on when the new version is: see `oldSlot`.
 *
 * @param at index of the step from which to leave, from 1 to the last
 * @param healthy the slot that shall answer everything
 * @throws UserError when `at` is out of range
 */
export function wayOut(steps: readonly ReleaseStep[], at: number, healthy: SlotName): readonly ReleaseStep[] {
  checkStep('way out', steps, at);
  const failing: SlotName = slotNames[0] === healthy ? slotNames[1] : slotNames[0];
  const answers = ({ state }: ReleaseStep, slot: SlotName) => state[slot].active && state[slot].weight > 0;
  const runs = ({ state }: ReleaseStep) => state[healthy].active;
  const back = healthy === oldSlot(steps);
  const way = back ? steps.slice(0, at).reverse() : steps.slice(at + 1);
  const start = steps.slice(at, at + 1).some(runs) ? undefined : way.find((step) => runs(step) && !answers(step, healthy));
  const going = back ? 'back' : 'on';
  const described = (step: ReleaseStep) => {
    if (step === start) {
      return `starts ${healthy}; no request reaches it yet`;
    }
    return step.state[failing].active
      ? `${healthy} answers everything; ${failing} still runs, without requests`
      : `stops ${failing}`;
  };
  return way
    .filter((step) => step === start || !answers(step, failing))
    .map((step) => ({ ...step, name: `${going} to ${step.name}`, description: `going ${going}: ${described(step)}` }));
}

function checkStep(what: string, steps: readonly ReleaseStep[], at: number): void {
  if (!Number.isInteger(at) || at < 1 || at >= steps.length) {
    throw new UserError(`${what}: got step ${at}, expected a whole number from 1 to ${steps.length - 1}`);
  }
}
