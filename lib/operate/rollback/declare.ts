import type { ReleaseState } from '../../release/release';
import { slotNames } from '../../release/slots';
import type { AskedService } from '../asked-service';
import { ContextFile } from '../context-file';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { OperateTerminal } from '../operate-terminal';

/**
 * Has the files say what is deployed, and tells what to commit.
 *
 * @returns differs when they cannot be made to say it
 */
export function declare(asked: AskedService, hasFiles: boolean, state: ReleaseState, { out, err }: OperateTerminal): ExitCode {
  if (!hasFiles) {
    out.write('the files are left as they are, since --stack named the stack: have them say the same before the next deploy\n');
    return exitCodes.done;
  }
  const file = new ContextFile(asked);
  const { isChanged, problems } = file.write(state);
  if (isChanged) {
    const answering = slotNames.filter((slot) => state[slot].active && state[slot].weight > 0);
    out.write(`cdk.context.json now says so; commit it:  ${file.commitCommand(`back to ${answering.join(' and ')}`)}\n`);
  }
  if (problems.length === 0) {
    return exitCodes.done;
  }
  err.write(`${problems.join('\n')}\n`);
  return exitCodes.differs;
}
