import { askService } from '../lib/operate/ask-service';
import type { AskedService } from '../lib/operate/asked-service';
import { answerInWords, awsProblem } from '../lib/operate/aws-problem';
import { type OperateLine, readOperateLine } from '../lib/operate/command-line';
import { exitCodes } from '../lib/operate/exit-codes';
import { OperateError } from '../lib/operate/operate-error';
import { processTerminal } from '../lib/operate/process-terminal';
import { runOperateLine } from '../lib/operate/run-operate-line';
import { UserError } from '../lib/release/user-error';
import { CommandLineError } from '../lib/terminal/command-line';

// It is told to whoever installs packages, and not to whoever releases.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const stop = new AbortController();

/** Whether a signal may end the process at once, since nothing is changed and nothing is drawn. */
let onlyLooks = false;

/** `npm run release`: a release step by step, on AWS or on the local AWS. */
async function main(): Promise<number> {
  try {
    const line = readOperateLine(process.argv.slice(2));
    if (line.help !== undefined) {
      console.log(line.help);
      return exitCodes.done;
    }
    onlyLooks = ['plan', 'verify'].includes(line.command) || (line.command === 'status' && !line.watch);
    return await runOperateLine(line, serviceOf(line), processTerminal(line.yes, stop), stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      return exitCodes.stopped;
    }
    if (!(error instanceof UserError)) {
      const sentence = awsProblem(error, 'AWS') ?? answerInWords(error);
      if (sentence === undefined) {
        throw error;
      }
      console.error(sentence);
      return exitCodes.refused;
    }
    console.error(error.message);
    if (error instanceof CommandLineError) {
      return exitCodes.usage;
    }
    return error instanceof OperateError ? error.exitCode : exitCodes.refused;
  }
}

// Who reads JSON gets some, also where it cannot be told which service is meant.
function serviceOf({ context, stackName, takesStackName, json }: OperateLine): AskedService {
  try {
    return askService({ folder: process.cwd(), context, stackName, takesStackName });
  } catch (error) {
    if (json && error instanceof UserError) {
      console.log(JSON.stringify({ status: 'unknown', stack: null, problems: error.problems }));
    }
    throw error;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted || onlyLooks) {
      process.exit(exitCodes.stopped);
    }
    stop.abort();
  });
}
for (const output of [process.stdout, process.stderr]) {
  // Who reads may have seen enough, as in `| head -3`: a deploy that is under way is followed to its end all the same.
  output.on('error', () => {});
}
main().then((code) => process.exit(code));
