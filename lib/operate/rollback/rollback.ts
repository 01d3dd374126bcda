import type { ReleaseState } from '../../release/release';
import { releaseStateOf } from '../../release/release-state';
import type { SlotName } from '../../release/slots';
import { type Paint, paintFor } from '../../terminal/paint';
import type { AskedService } from '../asked-service';
import { type AwsClients, awsClients } from '../aws-clients';
import { assumedRole, type Bootstrap, type BootstrapRole, bootstrapOf } from '../deploy-role';
import type { DeployedStack } from '../deployed/deployed-stack';
import { readDeployedStack } from '../deployed/read-deployed-stack';
import { stackCondition } from '../deployed/stack-status';
import { waitForStack } from '../deployed/wait-for-stack';
import { type ExitCode, exitCodes } from '../exit-codes';
import { readLiveState } from '../live/read-live-state';
import { mayGoOn } from '../may-go-on';
import { OperateError } from '../operate-error';
import type { OperateTerminal } from '../operate-terminal';
import { cdkCommand, deployCommand, releaseCommand } from '../typed-command';
import { cancelUpdate } from './cancel-update';
import { declare } from './declare';
import { firstFailure } from './first-failure';
import { type Jump, jumpFrom, splitOf, weightsOf } from './jump';
import { proveJump } from './prove-jump';
import { StackDisplay } from './stack-display';
import { updateWeights, type WeightsUpdate } from './update-weights';
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
  const running = new Rollback(asked, options, terminal, signal);
  try {
    return await running.run();
  } catch (error) {
    if (!signal.aborted) {
      throw running.hasBegun ? mayGoOn(error, asked) : error;
    }
    terminal.err.write(`stopped: ${running.whatGoesOn}\n`);
    return exitCodes.stopped;
  }
}

class Rollback {
  /** What goes on when the command ends now. */
  whatGoesOn = 'nothing was changed';

  /** Whether CloudFormation has taken the update. */
  hasBegun = false;

  private readonly clients: AwsClients;
  private readonly paint: Paint;
  private isAgreed = false;
  private hasCancelled = false;

  constructor(
    private readonly asked: AskedService,
    private readonly options: RollbackOptions,
    private readonly terminal: OperateTerminal,
    private readonly signal: AbortSignal,
  ) {
    this.clients = awsClients(terminal.environment);
    this.paint = paintFor(terminal.err, terminal.environment);
  }

  async run(): Promise<ExitCode> {
    // While AWS is asked for the stack, there is time to load what asks it for the rest.
    setImmediate(({ ecs, sts, s3 }: AwsClients) => [ecs, sts, s3], this.clients);
    const stack = await this.settledStack();
    if (stack === undefined) {
      this.say('left as it is: nothing was changed');
      return exitCodes.refused;
    }
    const bootstrap = bootstrapOf(stack);
    // Side by side, since each of them is a way to AWS and back.
    const [live, deploying, publishing] = await this.unlessStopped(
      Promise.all([
        readLiveState(this.clients, stack),
        this.assumed(bootstrap, 'deploy-role'),
        this.assumed(bootstrap, 'file-publishing-role'),
      ]),
    );
    const deployed = releaseStateOf(stack.state);
    if (this.hasCancelled) {
      this.say('the deploy that was under way is taken back');
    }
    const jump = jumpFrom(this.asked, deployed, live, this.options.to);
    if (!('to' in jump)) {
      this.terminal.out.write(`${this.hasCancelled ? 'rolled back' : 'nothing to roll back'}: ${jump.fact}\n`);
      this.terminal.out.write(jump.advice === undefined ? '' : `${jump.advice}\n`);
      return jump.isThere ? this.declared(deployed) : exitCodes.done;
    }
    this.say(`${stack.name} · ${stack.state.wayIn.plane} · ${splitOf(weightsOf(deployed))} → ${splitOf(weightsOf(jump.after))}`);
    if (!(await this.agreed(`${jump.to} is to answer all requests, now?`))) {
      this.say('left as it is: nothing was changed');
      return exitCodes.refused;
    }
    const isDone = await this.jumped(stack, jump, { bootstrap, deploying, publishing });
    return isDone ? this.declared(jump.after) : exitCodes.rolledBack;
  }

  /** The stack when CloudFormation is not at work on it; what is under way is cancelled, or waited for. `undefined`: the user said no. */
  private async settledStack(): Promise<DeployedStack | undefined> {
    for (;;) {
      const stack = await this.unlessStopped(readDeployedStack(this.clients, this.asked.stackName));
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
      const isCancelled = condition.cancellable && (await this.cancelled(stack));
      if (isCancelled === undefined) {
        return undefined;
      }
      if (!condition.cancellable) {
        this.say(`${name} is ${status}: the end of it is waited for`);
      }
      const after = await this.waited(stack);
      this.hasCancelled ||= isCancelled && after.status.includes('ROLLBACK');
    }
  }

  /** Whether the deploy that is under way was cancelled, and not over before; `undefined`: the user said no. */
  private async cancelled(stack: DeployedStack): Promise<boolean | undefined> {
    const { name, status } = stack;
    if (!(await this.agreed(`${name} is ${status}: cancel that deploy, and have the slot that was there first answer all?`))) {
      return undefined;
    }
    this.say(`${name} is ${status}: that deploy is cancelled first`);
    const isCancelled = await this.unlessStopped(cancelUpdate(this.clients, stack));
    if (isCancelled) {
      this.whatGoesOn =
        'the deploy that was under way is cancelled, and CloudFormation takes back what it did; ' +
        `then say ${releaseCommand(this.asked, 'rollback')} again`;
    }
    return isCancelled;
  }

  private async jumped(
    stack: DeployedStack,
    jump: Jump,
    rights: Pick<WeightsUpdate, 'bootstrap' | 'deploying' | 'publishing'>,
  ): Promise<boolean> {
    const instead = deployCommand(this.asked, jump.after);
    const template = withWeights(stack.template, weightsOf(jump.after), instead);
    this.signal.throwIfAborted();
    this.whatGoesOn = `CloudFormation goes on with the rollback; ${releaseCommand(this.asked, 'status', '--watch')}`;
    const since = await updateWeights({ stack, template, instead, ...rights });
    this.hasBegun = true;
    const { status } = await this.waited(stack, stack.changedAt);
    if (stackCondition(status).kind === 'stuck') {
      throw new OperateError(
        `stack ${stack.name}: is ${status}; ${cdkCommand(this.asked, 'rollback', stack.name)}`,
        exitCodes.differs,
      );
    }
    if (status.includes('ROLLBACK')) {
      const reason = await firstFailure(this.clients, stack, since);
      this.terminal.err.write(
        `rolled back by CloudFormation: ${reason}; ${splitOf(weightsOf(releaseStateOf(stack.state)))} as before\n`,
      );
      return false;
    }
    await this.unlessStopped(proveJump(this.asked, this.clients, stack, jump, this.signal));
    this.say(`${this.paint('green', '✓')} live: ${splitOf(weightsOf(jump.after))}${settling(stack)}`);
    this.terminal.out.write(`rolled back: ${splitOf(weightsOf(jump.after))}; both slots go on running\n`);
    return true;
  }

  /** Who has the rights of a role of the bootstrap; where it may not be taken, it is said that those of the caller are used. */
  private async assumed(bootstrap: Bootstrap | undefined, role: BootstrapRole): Promise<AwsClients> {
    const { clients, problem } = bootstrap
      ? await assumedRole(this.clients, bootstrap, role)
      : { clients: this.clients, problem: undefined };
    if (problem !== undefined) {
      this.say(problem);
    }
    return clients;
  }

  private async waited(stack: DeployedStack, changedAt?: Date) {
    const display = await StackDisplay.on(this.terminal);
    try {
      const onStatus = ({ status }: { readonly status: string }) => display.show(status);
      const watchCommand = releaseCommand(this.asked, 'status', '--watch');
      return await waitForStack(this.clients, stack.id, { ...(changedAt && { changedAt }), watchCommand, onStatus }, this.signal);
    } finally {
      display.end();
    }
  }

  private declared(state: ReleaseState): ExitCode {
    return declare(this.asked, this.options.hasFiles, state, this.terminal);
  }

  // There is one question, before the first change.
  private async agreed(question: string): Promise<boolean> {
    this.isAgreed ||= await this.unlessStopped(this.terminal.ask(question));
    return this.isAgreed;
  }

  private async unlessStopped<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let stop: () => void = () => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  private say(sentence: string): void {
    this.terminal.err.write(`${sentence}\n`);
  }
}

function settling({ outputs: { SettleSeconds } }: DeployedStack): string {
  return SettleSeconds === undefined ? '' : `; in force everywhere after ${SettleSeconds} s`;
}
