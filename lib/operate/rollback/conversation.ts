import type { AwsClients } from '../aws-clients';
import type { DeployedStack } from '../deployed/deployed-stack';
import { type StackProgress, waitForStack } from '../deployed/wait-for-stack';
import type { OperateTerminal } from '../operate-terminal';
import { StackDisplay } from './stack-display';

/** What a rollback says, asks and waits for, each until the user stops it. */
export class Conversation {
  private readonly agreements = new Set<string>();

  /**
   * @param watchCommand the command that shows how CloudFormation goes on
   */
  constructor(
    private readonly watchCommand: string,
    private readonly clients: AwsClients,
    private readonly terminal: OperateTerminal,
    private readonly signal: AbortSignal,
  ) {}

  /** Says what is going on. */
  say(sentence: string): void {
    this.terminal.err.write(`${sentence}\n`);
  }

  /**
   * Asks, unless it was agreed to.
   *
   * @param what is agreed to with a yes: the first of them is what is asked for
   */
  async agreed(question: string, ...what: readonly [string, ...string[]]): Promise<boolean> {
    if (this.agreements.has(what[0])) {
      return true;
    }
    const isAgreed = await this.unlessStopped(this.terminal.ask(question));
    if (isAgreed) {
      for (const each of what) {
        this.agreements.add(each);
      }
    }
    return isAgreed;
  }

  /** Waits until CloudFormation is at work on a stack no more, and shows how it goes on. */
  async waited(stack: DeployedStack, changedAt?: Date): Promise<StackProgress> {
    const display = await StackDisplay.on(this.terminal);
    try {
      const onStatus = ({ status }: StackProgress) => display.show(status);
      const { clients, watchCommand, signal } = this;
      return await waitForStack(clients, stack.id, { ...(changedAt && { changedAt }), watchCommand, onStatus }, signal);
    } finally {
      display.end();
    }
  }

  /** Waits for something that does not look at the signal. */
  async unlessStopped<T>(work: Promise<T>): Promise<T> {
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
}
