import type { ReleaseState } from '../../release/release';
import { type SlotName, slotNames } from '../../release/slots';
import { shareInWords } from '../../terminal/words';
import type { AskedService } from '../asked-service';
import type { DeployedStack } from '../deployed/deployed-stack';
import { stackCondition } from '../deployed/stack-status';
import { cdkCommand, releaseCommand } from '../typed-command';

/** Shares of the requests of one slot, from 0 to 1; `undefined` where the slot is off, or nothing is known. */
export interface SlotShares {
  readonly declared: number | undefined;
  readonly deployed: number | undefined;
  readonly live: number | undefined;
}

/** What the files say. */
export interface DeclaredState {
  readonly state: ReleaseState;
  readonly images: Readonly<Partial<Record<SlotName, string>>>;
}

/** Why a release cannot go on, and what mends it. */
export interface Difference {
  /**
   * - `busy`: CloudFormation is at work;
   * - `stuck`: CloudFormation cannot go on by itself;
   * - `differs`: declared, deployed and live are not the same;
   * - `missing`: there is no such stack.
   */
  readonly word: 'busy' | 'stuck' | 'differs' | 'missing';
  readonly problem: string;

  /** The command that mends it; of several, any of them. None where it is for a person to find out. */
  readonly mend: readonly string[];
}

/** What is compared. */
export interface Compared {
  readonly asked: AskedService;
  readonly stack: DeployedStack | undefined;
  readonly slots: Readonly<Record<SlotName, SlotShares>>;
  readonly declared: DeclaredState | undefined;
}

/** What keeps a release from going on: a stack that is not there, or is busy or stuck; else all that differs. Shares are compared: 3:1 is 75:25. */
export function differencesOf(compared: Compared): readonly Difference[] {
  const { asked, stack } = compared;
  if (stack === undefined || stackCondition(stack.status).kind === 'missing') {
    return [missing(compared)];
  }
  const ofStack = stackProblem(asked, stack);
  return ofStack ? [ofStack] : [...declaredDifferences(compared), ...liveDifferences(compared)];
}

// What the files declare may be another stack: a deploy would make that one.
function missing({ asked, declared }: Compared): Difference {
  const problem = `stack ${asked.stackName}: is not there`;
  return declared
    ? { word: 'missing', problem, mend: [cdkCommand(asked, 'deploy')] }
    : { word: 'missing', problem: `${problem}; look at its name, the account and the Region`, mend: [] };
}

function stackProblem(asked: AskedService, { name, status, statusReason }: DeployedStack): Difference | undefined {
  const problem = `stack ${name}: is ${status}${statusReason ? `, ${statusReason}` : ''}`;
  const condition = stackCondition(status);
  switch (condition.kind) {
    case 'busy':
      return {
        word: 'busy',
        problem: `${problem}, expected a deploy to be over`,
        mend: [releaseCommand(asked, 'status', '--watch')],
      };
    case 'stuck':
      return { word: 'stuck', problem, mend: [cdkCommand(asked, condition.mend, name)] };
    default:
      return undefined;
  }
}

function declaredDifferences({ asked, stack, slots, declared }: Compared): readonly Difference[] {
  if (declared === undefined) {
    return [];
  }
  const shares = differing(slots, 'declared', 'deployed');
  const mend = (file: string) => [`git checkout -- ${file}`, cdkCommand(asked, 'deploy')];
  const images = slotNames.flatMap((slot) => {
    const [before, after] = [stack?.state.slots[slot]?.image, declared.images[slot]];
    // A long text is its hash, and cannot be compared.
    const isOther =
      declared.state[slot].active && typeof before === 'string' && !before.startsWith('sha256:') && before !== after;
    return isOther && after !== undefined ? [`${slot} ${after} declared, ${before} deployed`] : [];
  });
  return [
    ...(shares.length > 0
      ? [
          {
            word: 'differs',
            problem: `declared and deployed differ: ${shares.join('; ')}`,
            mend: mend('cdk.context.json'),
          } as const,
        ]
      : []),
    ...(images.length > 0
      ? [{ word: 'differs', problem: `images differ: ${images.join('; ')}`, mend: mend('cdk.json') } as const]
      : []),
  ];
}

function liveDifferences({ asked, slots, declared }: Compared): readonly Difference[] {
  const shares = differing(slots, 'live', 'deployed');
  // Where the files declare another stack, the CDK refuses this one by its name, and deploys nothing.
  const stack = declared ? [] : [asked.stackName];
  return shares.length > 0
    ? [
        {
          word: 'differs',
          problem: `live and deployed differ: ${shares.join('; ')}`,
          mend: [cdkCommand(asked, 'deploy', ...stack, '--revert-drift')],
        },
      ]
    : [];
}

function differing(slots: Compared['slots'], one: keyof SlotShares, other: keyof SlotShares): readonly string[] {
  return slotNames.flatMap((slot) => {
    const [here, there] = [slots[slot][one], slots[slot][other]];
    return here === there ? [] : [`${slot} ${shareOrOff(here)} ${one}, ${shareOrOff(there)} ${other}`];
  });
}

/** A share in words, or that the slot is off. */
export function shareOrOff(share: number | undefined): string {
  return share === undefined ? 'off' : shareInWords(share);
}
