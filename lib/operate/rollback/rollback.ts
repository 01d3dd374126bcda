import type { ReleaseState } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import type { SlotName } from '../../release/slots';
import { paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { type AwsClients, awsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { isUnchanged } from '../deployed/is-unchanged';
import { stackCondition } from '../deployed/stack-status';
import { type ExitCode, exitCodes } from '../exit-codes';
import { readLiveState } from '../live/read-live-state';
import { readSlotOrder } from '../live/slot-order';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { imagesOf, slotInWords } from '../slot-in-words';
import { cdkCommand, deployCommand, releaseCommand } from '../typed-command';
import { Conversation } from './conversation';
import { Course } from './course';
import { declare } from './declare';
import { firstFailure } from './first-failure';
import { handOver } from './hand-over';
import { type Jump, jumpFrom, splitOf, weightsOf } from './jump';
import { proveJump } from './prove-jump';
import { type Rights, rightsFor } from './rights';
import { Settlement } from './settlement';
import { updateWeights } from './update-weights';
import { withWeights } from './with-weights';

/** What is asked of a rollback. */
export interface RollbackOptions {
  /** The slot that is to answer everything; `undefined`: the one that was there first. */
  readonly to: SlotName | undefined;

  /** Whether the files of the folder are those of the stack, and are to say the same afterwards. */
  readonly hasFiles: boolean;
}

/**
 * Sends all requests to the slot that was there first, in one jump: by the deployed template with other weights, whatever the checkout
 * says. A deploy that is under way is cancelled first.
 *
 * @returns done, also when there is nothing to do; rolledBack when CloudFormation took the jump back
 * @throws OperateError when it is refused, or when the stack is busy, stuck, or not there
 */
export async function rollback(
  asked: AskedService,
  options: RollbackOptions,
  terminal: OperateTerminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  terminal.requireAnswers();
  const course = new Course(asked);
  try {
    return await new Rollback(asked, options, terminal, signal, course).run();
  } catch (error) {
    if (!signal.aborted) {
      throw course.told(error);
    }
    // Who stops it while it is refused has to know that, too.
    terminal.err.write(error instanceof OperateError ? `${error.message}\n` : '');
    terminal.err.write(`stopped: ${course.whatGoesOn}\n`);
    return exitCodes.stopped;
  }
}

/** How an update went; `again`: another deploy came before it. */
type UpdateEnd = 'again' | 'rolled back' | 'done';

class Rollback {
  private readonly clients: AwsClients;
  private readonly conversation: Conversation;
  private readonly settlement: Settlement;
  private rights: Promise<Rights> | undefined;

  constructor(
    private readonly asked: AskedService,
    private readonly options: RollbackOptions,
    private readonly terminal: OperateTerminal,
    private readonly signal: AbortSignal,
    private readonly course: Course,
  ) {
    this.clients = awsClients(terminal.environment);
    this.conversation = new Conversation(releaseCommand(asked, 'status', '--watch'), this.clients, terminal, signal);
    this.settlement = new Settlement(asked, options.to, this.clients, this.conversation, course);
  }

  async run(): Promise<ExitCode> {
    // While AWS is asked for the stack, there is time to load what asks it for the rest.
    setImmediate(({ ecs, sts, s3 }: AwsClients) => [ecs, sts, s3], this.clients);
    for (;;) {
      const end = await this.attempted();
      if (end !== 'again') {
        return end;
      }
      this.conversation.say(`${this.asked.stackName}: another deploy came in between; it is looked at anew`);
    }
  }

  private async attempted(): Promise<ExitCode | 'again'> {
    const { asked, clients, course, conversation } = this;
    const stack = await this.settlement.settled();
    if (stack === undefined) {
      return this.left();
    }
    this.rights ??= rightsFor(clients, stack, (sentence) => conversation.say(sentence));
    // Side by side, since each of them is a way to AWS and back.
    const [live, rights] = await conversation.unlessStopped(Promise.all([readLiveState(clients, stack), this.rights]));
    const order = this.options.to === undefined ? await readSlotOrder(clients, stack, live) : undefined;
    const deployed = releaseStateOf(stack.state);
    if (course.hasCancelled) {
      conversation.say('the deploy that was under way is taken back');
    }
    const jump = jumpFrom(asked, deployed, live, this.options.to, order);
    if (!('to' in jump)) {
      const isLeftAlone = !jump.isThere || !this.settlement.hasWaited || (await this.unwatched(stack, rights));
      if (!isLeftAlone) {
        return 'again';
      }
      this.terminal.out.write(`${course.hasCancelled ? 'rolled back' : 'nothing to roll back'}: ${jump.fact}\n`);
      this.terminal.out.write(jump.advice === undefined ? '' : `${jump.advice}\n`);
      return jump.isThere ? this.declared(deployed) : exitCodes.done;
    }
    const change = `${splitOf(weightsOf(deployed))} → ${splitOf(weightsOf(jump.after))}`;
    conversation.say(`${stack.name} · ${stack.state.wayIn.plane} · ${change}`);
    const to = slotInWords(jump.to, imagesOf(stack.state));
    if (!(await conversation.agreed(`${to} is to answer all requests, now?`, to))) {
      return this.left();
    }
    const end = await this.jumped(stack, jump, rights);
    if (end === 'again') {
      return end;
    }
    return end === 'done' ? this.declared(jump.after) : exitCodes.rolledBack;
  }

  private async jumped(stack: DeployedStack, jump: Jump, rights: Rights): Promise<UpdateEnd> {
    const template = withWeights(stack.template, weightsOf(jump.after), deployCommand(this.asked, jump.after));
    const since = await this.begun(stack, template, jump.after, rights);
    if (since === 'again') {
      return since;
    }
    if (since === undefined) {
      throw new OperateError(`stack ${stack.name}: CloudFormation refused the update: there is nothing to update`);
    }
    const { status } = await this.conversation.waited(stack, stack.changedAt);
    if (stackCondition(status).kind === 'stuck') {
      throw new OperateError(
        `stack ${stack.name}: is ${status}; ${cdkCommand(this.asked, 'rollback', stack.name)}`,
        exitCodes.differs,
      );
    }
    const { err, out, environment } = this.terminal;
    if (status.includes('ROLLBACK')) {
      const reason = await firstFailure(this.clients, stack, since);
      err.write(`rolled back by CloudFormation: ${reason}; ${splitOf(weightsOf(releaseStateOf(stack.state)))} as before\n`);
      return 'rolled back';
    }
    await this.conversation.unlessStopped(proveJump(this.asked, this.clients, stack, jump, this.signal));
    const split = splitOf(weightsOf(jump.after));
    this.conversation.say(`${paintFor(err, environment)('green', '✓')} live: ${split}${settling(stack)}`);
    out.write(`rolled back: ${split}; both slots go on running\n`);
    return 'done';
  }

  /** Takes the alarms off a stack whose deploy has brought the requests back already; false: another deploy came before it. */
  private async unwatched(stack: DeployedStack, rights: Rights): Promise<boolean> {
    if (stack.rollbackTriggers.length === 0) {
      return true;
    }
    const since = await this.begun(stack, stack.template, releaseStateOf(stack.state), rights);
    if (since instanceof Date) {
      await this.conversation.waited(stack, stack.changedAt);
    }
    return since !== 'again';
  }

  /** Begins an update of the stack as it was looked at; gives back since when, and `undefined` when there is nothing to update. */
  private async begun(
    stack: DeployedStack,
    template: string,
    after: ReleaseState,
    { bootstrap, deploying, publishing }: Rights,
  ): Promise<Date | 'again' | undefined> {
    const handedOver = await handOver(template, bootstrap, publishing, deployCommand(this.asked, after));
    // Whoever was asked may have taken the time of another deploy.
    if (!(await this.conversation.unlessStopped(isUnchanged(this.clients, stack)))) {
      return 'again';
    }
    const since = await this.course.begin(
      'the rollback may have begun',
      `CloudFormation goes on with the rollback; ${releaseCommand(this.asked, 'status', '--watch')}`,
      (at) => at !== undefined,
      () => updateWeights({ stack, template: handedOver, deploying }),
    );
    this.course.hasBegun = since !== undefined;
    return since;
  }

  private left(): ExitCode {
    this.conversation.say(`left as it is: ${this.course.whatGoesOn}`);
    return this.course.hasCancelled ? exitCodes.differs : exitCodes.refused;
  }

  private declared(state: ReleaseState): ExitCode {
    return declare(this.asked, this.options.hasFiles, state, this.terminal);
  }
}

function settling({ outputs: { SettleSeconds } }: DeployedStack): string {
  return SettleSeconds === undefined ? '' : `; in force everywhere after ${SettleSeconds} s`;
}
