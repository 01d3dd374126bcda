import type { StackEvent } from '../emulator/follower';
import type { StackPhase, StackView } from './view';

/** A stack by its events. */
export type WatchedStack = Omit<StackView, 'alarms' | 'waysIn' | 'services'>;

/** So many of the newest events are kept. */
export const keptEvents = 200;

/** A deploy is refused once: more is a repetition after a rollback. */
const keptRefusals = 5;

const stackType = 'AWS::CloudFormation::Stack';
const guardType = 'Custom::ReleaseGuard';

/** The stacks that are there, by what CloudFormation tells of them. */
export class WatchedStacks {
  /** The oldest first. */
  readonly events: StackEvent[] = [];

  /** How many events there were ever. */
  total = 0;
  private readonly stacks = new Map<string, WatchedStack>();

  /** @param readable makes a sentence of AWS one that people can read */
  constructor(private readonly readable: (sentence: string) => string) {}

  /**
   * Takes an event.
   *
   * @param tell told, in a sentence, of what somebody who cannot look at the page must know
   */
  take(event: StackEvent, tell: (news: string) => void): void {
    this.events.push(event);
    this.events.splice(0, this.events.length - keptEvents);
    this.total += 1;
    const { stack, logicalId, resourceType, status } = event;
    if (resourceType === stackType && logicalId === stack) {
      this.moved({ ...event, reason: this.readable(event.reason ?? '') }, tell);
    } else if (resourceType === guardType && status.endsWith('_FAILED') && !/cancelled/i.test(event.reason ?? '')) {
      // Whose words these are, is clear here.
      const refusal = { at: event.at, reason: event.reason?.replace(/^release guard: /, '') ?? 'no reason was given' };
      const before = this.stacks.get(stack) ?? newStack(stack);
      this.stacks.set(stack, { ...before, refusals: [...before.refusals, refusal].slice(-keptRefusals) });
      tell(`The guard has refused the deploy of ${stack}: ${refusal.reason}`);
    }
  }

  /** All of them, by their names. */
  get all(): readonly WatchedStack[] {
    return [...this.stacks.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  private moved({ stack, status, at, reason }: Required<StackEvent>, tell: (news: string) => void): void {
    const before = this.stacks.get(stack) ?? newStack(stack);
    if (status === 'DELETE_COMPLETE') {
      this.stacks.delete(stack);
      tell(`${stack} is deleted.`);
      return;
    }
    const phase = phaseOf(status);
    const refusals = /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status) ? [] : before.refusals;
    // Why it went back is to be seen afterwards too.
    const isBack = before.phase === 'rolling back' && (phase === 'rolling back' || phase === 'rolled back');
    this.stacks.set(stack, {
      name: stack,
      status,
      phase,
      since: at,
      reason: isBack && reason === '' ? before.reason : reason,
      refusals,
    });
    // A change set that is made and executed at once is not news twice.
    if (phase !== 'being reviewed' && (phase !== before.phase || before.status === '')) {
      tell(newsOf(stack, phase, status, reason));
    }
  }
}

function newStack(name: string): WatchedStack {
  return { name, status: '', phase: 'deploying', since: 0, reason: '', refusals: [] };
}

/** What a status of CloudFormation comes down to. */
export function phaseOf(status: string): StackPhase {
  const isUnderWay = status.endsWith('_IN_PROGRESS');
  if (status.endsWith('_FAILED')) {
    return 'failed';
  }
  if (status.includes('ROLLBACK')) {
    return isUnderWay ? 'rolling back' : 'rolled back';
  }
  if (!isUnderWay) {
    return 'deployed';
  }
  if (status.includes('CLEANUP')) {
    return 'cleaning up';
  }
  if (status.startsWith('REVIEW')) {
    return 'being reviewed';
  }
  return status.startsWith('DELETE') ? 'deleting' : 'deploying';
}

function newsOf(stack: string, phase: Exclude<StackPhase, 'being reviewed'>, status: string, reason: string): string {
  // One that could not be made was nothing before.
  const isNew = status.startsWith('ROLLBACK_');
  const because = reason === '' ? '.' : `: ${reason}`;
  switch (phase) {
    case 'deploying':
      return `${stack} is being deployed.`;
    case 'cleaning up':
      return `${stack} is deployed, and cleans up.`;
    case 'deleting':
      return `${stack} is being deleted.`;
    case 'rolling back':
      return isNew ? `${stack} could not be made, and goes again${because}` : `${stack} goes back to what it was${because}`;
    case 'deployed':
      return `${stack} is deployed.`;
    case 'rolled back':
      return isNew ? `Nothing of ${stack} is left.` : `${stack} is what it was before.`;
    case 'failed':
      return `${stack} has failed${because}`;
  }
}
