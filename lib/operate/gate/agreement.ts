import type { ReleaseState } from '../../release/release';
import { exitCodes } from '../exit-codes';
import type { LiveState } from '../live/live-state';
import { type Check, failUnless } from './check';
import { differingSlots, inWords, type Shares, sharesOfLive, sharesOfState, splitInWords } from './shares';

/** What says how the requests are split. */
export interface Agreement {
  /** What the files say. */
  readonly declared: ReleaseState;

  /** What the stack says. */
  readonly deployed: ReleaseState;

  /** What is in force. */
  readonly live: LiveState;

  /** The command that deploys what the files say, such as `npx cdk deploy`. */
  readonly deployCommand: string;
}

/** Whether the files, the stack and the rule itself say the same. Shares count: 2 to 2 is 1 to 1. */
export function checkAgreement({ declared, deployed, live, deployCommand }: Agreement): readonly Check[] {
  const [here, inStack, inForce] = [sharesOfState(declared), sharesOfState(deployed), sharesOfLive(live)];
  return [
    failUnless(
      'declared',
      differingSlots(here, inStack).length === 0,
      `declared is what is deployed: ${splitInWords(here)}`,
      `declared and deployed differ: ${differences(here, 'declared', inStack, 'deployed')}`,
      { mend: ['git checkout -- cdk.context.json', deployCommand], exitCode: exitCodes.differs },
    ),
    failUnless(
      'live',
      differingSlots(inStack, inForce).length === 0,
      `live is what is deployed: ${splitInWords(inForce)}`,
      `live and deployed differ: ${differences(inForce, 'live', inStack, 'deployed')}`,
      { mend: [`${deployCommand} --revert-drift`], exitCode: exitCodes.differs },
    ),
  ];
}

function differences(one: Shares, nameOfOne: string, other: Shares, nameOfOther: string): string {
  return differingSlots(one, other)
    .map((slot) => `${slot} ${inWords(one[slot])} ${nameOfOne}, ${inWords(other[slot])} ${nameOfOther}`)
    .join('; ');
}
