import { UserError } from '../../release/user-error';
import type { AskedService } from '../asked-service';
import { exitCodes } from '../exit-codes';
import { mayGoOn } from '../may-go-on';
import { NoAnswerError } from '../no-answer';
import { OperateError } from '../operate-error';
import { releaseCommand } from '../typed-command';

/** How far a rollback has come, for whoever ends it, or for when it fails: what has changed is never called refused. */
export class Course {
  /** What goes on when the command ends now. */
  whatGoesOn = 'nothing was changed';

  /** Whether a deploy that was under way was cancelled. */
  hasCancelled = false;

  /** Whether CloudFormation has taken the update. */
  hasBegun = false;

  constructor(private readonly asked: AskedService) {}

  /** Has CloudFormation begin with something; until it has answered, it may have begun. */
  async begin<T>(what: string, after: string, taken: (answer: T) => boolean, call: () => Promise<T>): Promise<T> {
    const before = this.whatGoesOn;
    this.whatGoesOn = `${what}; ${releaseCommand(this.asked, 'status', '--watch')}`;
    try {
      const answer = await call();
      this.whatGoesOn = taken(answer) ? after : before;
      return answer;
    } catch (error) {
      if (error instanceof OperateError && !(error instanceof NoAnswerError)) {
        this.whatGoesOn = before;
      }
      throw error;
    }
  }

  /** What is told of an error that comes now. */
  told(error: unknown): unknown {
    if (this.hasBegun) {
      return mayGoOn(error, this.asked);
    }
    if (!this.hasCancelled || (error instanceof OperateError && error.exitCode === exitCodes.differs)) {
      return error;
    }
    const problems = error instanceof UserError ? error.problems : [(error as Error).message];
    return new OperateError([...problems, `stack ${this.asked.stackName}: ${this.whatGoesOn}`], exitCodes.differs);
  }
}
