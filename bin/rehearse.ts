#!/usr/bin/env node
import { readCommandLine } from '../lib/rehearsal/command-line';
import { runRehearsal } from '../lib/rehearsal/run-rehearsal';
import { UserError } from '../lib/release/user-error';

// Compiled, it is a command of the package.
const program = __filename.endsWith('.ts') ? 'npm start --' : 'npx ecs-blue-green-rehearse';
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      process.exit(130);
    }
    stop.abort();
  });
}

async function main(): Promise<number> {
  try {
    const line = readCommandLine(process.argv.slice(2), program);
    if (line.help !== undefined) {
      console.log(line.help);
      return 0;
    }
    return await runRehearsal(line, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      console.error('stopped; nothing is left running');
      return 130;
    }
    if (!(error instanceof UserError)) {
      throw error;
    }
    console.error(error.message);
    return 1;
  }
}

main().then((code) => {
  process.exitCode = code;
});
