import type { SlotName } from '../../release/slots';
import type { AskedService } from '../asked-service';
import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { isUnchanged } from '../deployed/is-unchanged';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackEvents } from '../deployed/stack-events';
import { stackCondition } from '../deployed/stack-status';
import { exitCodes } from '../exit-codes';
import { type LiveState, shareOf } from '../live/live-state';
import { readLiveState } from '../live/read-live-state';
import { readSlotOrder } from '../live/slot-order';
import { OperateError } from '../operate-error';
import { imagesOf, slotInWords } from '../slot-in-words';
import { cdkCommand, releaseCommand } from '../typed-command';
import { cancelUpdate } from './cancel-update';
import type { Conversation } from './conversation';
import type { Course } from './course';
import { liveWeights } from './jump';
import { hasSetRoute, slotAfterCancel } from './under-way';

/** What becomes of a deploy that is under way when a rollback comes: it is cancelled, or its end is waited for. */
export class Settlement {
  /** Whether the end of a deploy was waited for that has brought the requests back by itself. */
  hasWaited = false;

  constructor(
    private readonly asked: AskedService,
    private readonly to: SlotName | undefined,
    private readonly clients: AwsClients,
    private readonly conversation: Conversation,
    private readonly course: Course,
  ) {}

  /**
   * The stack when CloudFormation is not at work on it; `undefined`: the user said no.
   *
   * @throws OperateError when it is not there or stuck, when it comes or goes, or when a rollback would be refused
   */
  async settled(): Promise<DeployedStack | undefined> {
    for (;;) {
      const stack = await this.conversation.unlessStopped(readDeployedStack(this.clients, this.asked.stackName));
      if (stack === undefined) {
        throw new OperateError(
          `stack ${this.asked.stackName}: not there, expected the one that is to go back; look at its name, the account and the Region`,
          exitCodes.differs,
        );
      }
      const { name, status } = stack;
      const condition = stackCondition(status);
      if (condition.kind === 'settled') {
        return stack;
      }
      if (condition.kind === 'stuck') {
        throw new OperateError(`stack ${name}: is ${status}; ${cdkCommand(this.asked, condition.mend, name)}`, exitCodes.differs);
      }
      // A stack that comes, or goes, has nothing to go back to.
      if (condition.kind === 'missing' || !status.startsWith('UPDATE_')) {
        throw new OperateError(
          `stack ${name}: is ${status}, expected a deploy to be over; ${releaseCommand(this.asked, 'status', '--watch')}`,
          exitCodes.differs,
        );
      }
      if (!condition.cancellable) {
        this.conversation.say(`${name} is ${status}: the end of it is waited for`);
        await this.conversation.waited(stack);
      } else if (!(await this.ended(stack))) {
        return undefined;
      }
    }
  }

  /** Has a deploy that can be cancelled come to its end; false: the user said no. */
  private async ended(stack: DeployedStack): Promise<boolean> {
    const { clients, conversation } = this;
    const { name, status } = stack;
    const live = await conversation.unlessStopped(readLiveState(clients, stack));
    const order = this.to === undefined ? await readSlotOrder(clients, stack, live) : undefined;
    const slot = slotAfterCancel(this.asked, stack, live, this.to, order);
    const to = slot === undefined ? 'the slot that was there first' : slotInWords(slot, imagesOf(stack.state));
    if (slot !== undefined && (await this.goesTo(slot, stack, live))) {
      const question = `${name} is ${status}, and ${to} answers everything: wait for the end of that deploy, and see that it stays so?`;
      if (!(await conversation.agreed(question, to))) {
        return false;
      }
      conversation.say(`${name} is ${status}, and ${to} answers everything already: the end of that deploy is waited for`);
      await conversation.waited(stack);
      this.hasWaited = true;
      return true;
    }
    // Another deploy than the one that was asked about takes another question.
    const cancel = `cancel ${stack.changedAt.toISOString()}`;
    if (!(await conversation.agreed(`${name} is ${status}: cancel that deploy, and have ${to} answer all?`, cancel, to))) {
      return false;
    }
    if (await conversation.unlessStopped(isUnchanged(clients, stack))) {
      await this.cancelled(stack);
    }
    return true;
  }

  /** Whether the deploy has given a slot all requests: to cancel it would take them away again. */
  private async goesTo(slot: SlotName, stack: DeployedStack, live: LiveState): Promise<boolean> {
    return shareOf(slot, liveWeights(live)) === 1 && hasSetRoute(stack, await stackEvents(this.clients, stack, stack.changedAt));
  }

  private async cancelled(stack: DeployedStack): Promise<void> {
    const { course, conversation } = this;
    conversation.say(`${stack.name} is ${stack.status}: that deploy is cancelled first`);
    const { whatGoesOn, hasCancelled } = course;
    const isCancelled = await course.begin(
      'the deploy that is under way may have been cancelled',
      'the deploy that was under way is cancelled, and CloudFormation takes back what it did; ' +
        `then say ${releaseCommand(this.asked, 'rollback', ...(this.to === undefined ? [] : ['--to', this.to]))} again`,
      (taken) => taken,
      () => conversation.unlessStopped(cancelUpdate(this.clients, stack)),
    );
    course.hasCancelled ||= isCancelled;
    const { status } = await conversation.waited(stack);
    if (!status.includes('ROLLBACK')) {
      // It was through before it could be cancelled.
      Object.assign(course, { whatGoesOn, hasCancelled });
    }
  }
}
