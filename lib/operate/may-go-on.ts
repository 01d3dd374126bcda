import { UserError } from '../release/user-error';
import type { AskedService } from './asked-service';
import { exitCodes } from './exit-codes';
import { OperateError } from './operate-error';
import { releaseCommand } from './typed-command';

/** A fault after CloudFormation has begun, or may have begun: it works on, whether somebody looks or not, and something has changed. */
export function mayGoOn(error: unknown, asked: AskedService): OperateError {
  if (error instanceof OperateError && error.exitCode === exitCodes.differs) {
    return error;
  }
  const problems = error instanceof UserError ? error.problems : [(error as Error).message];
  const after = `stack ${asked.stackName}: CloudFormation may go on; ${releaseCommand(asked, 'status', '--watch')}`;
  return new OperateError([...problems, after], exitCodes.differs);
}
