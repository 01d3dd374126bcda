import { UserError } from '../release/user-error';
import { type ExitCode, exitCodes } from './exit-codes';

/** Why a command of a release ends before it is done; its lines are all that the user is told, and its code is that of the process. */
export class OperateError extends UserError {
  constructor(
    problems: string | readonly string[],
    readonly exitCode: ExitCode = exitCodes.refused,
  ) {
    super(problems);
  }
}
