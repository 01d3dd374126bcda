import { relative, resolve } from 'node:path';
import { installEmulator } from '../local/emulator/install';
import { findEnvoy } from '../local/envoy/envoy-binary';
import { temporaryRoom } from '../local/tasks/temporary-folder';
import { UserError } from '../release/user-error';
import type { CommandLine } from './command-line';
import type { RehearsalPlan } from './plan';
import { planRehearsal } from './read-plan';
import { rehearse } from './rehearsal';
import type { Verdict } from './report/report';
import { checkReportFolder, reportJson, writeReport } from './report/write-report';
import { type Display, noDisplay } from './terminal/display';
import { displayFor } from './terminal/display-for';
import { stepTable, summary } from './terminal/table';

/** What a deploy takes on a machine with other things to do, in seconds. */
const longestDeploy = 60;

/** Exit codes by verdict. */
export const exitCodes: Readonly<Record<Verdict, number>> = { held: 0, 'did not hold': 1, 'not measured': 3 };

/**
 * Does what a command line asks for, and shows it.
 *
 * @returns the exit code
 * @throws SettingsError, RehearsalError when it cannot be done
 */
export async function runRehearsal(line: CommandLine, signal: AbortSignal): Promise<number> {
  const folder = resolve(line.report);
  await checkReportFolder(folder);
  const display = line.json ? noDisplay : await displayFor(process.stdout);
  const plan = await planRehearsal(line, { signal, say: (words) => display.say(words) });
  for (const sentence of plan.notShown) {
    display.say(sentence);
  }
  const envoy = await findEnvoy({
    signal,
    onInstall: (version) => display.say(`installing Envoy ${version} in .envoy, once: about 35 MB`),
  });
  if (plan.deploy !== undefined) {
    await installEmulator({ signal, onInstall: () => display.say('installing the emulator in .emulator, once') });
  }
  await temporaryRoom(logBytes(plan));
  const report = await showing(display, () => {
    display.begin(plan, envoy.version);
    return rehearse(plan, { envoy, signal, onProgress: (progress) => display.update(progress) });
  });
  const { columns } = process.stdout;
  await print(line.json ? reportJson(report) : `\n${stepTable(report, columns)}\n\n${summary(report, columns)}`);
  // What was found is told already; a report that cannot be written does not take that back.
  try {
    const page = await writeReport(report, folder);
    display.say(`report: ${relative(process.cwd(), page) || page}`);
  } catch (error) {
    if (!(error instanceof UserError)) {
      throw error;
    }
    console.error(error.message);
    return exitCodes['did not hold'];
  }
  return exitCodes[report.verdict];
}

/** What `--json` prints when there is no report, because the rehearsal could not be run, or did not come to its end. */
export function notRunJson(verdict: 'not run' | 'not measured', problems: readonly string[]): string {
  return JSON.stringify({ verdict, problems }, undefined, 2);
}

// Ends when all of it is written: a pipe takes a long text in parts.
async function print(text: string): Promise<void> {
  await new Promise<void>((done) => {
    process.stdout.write(`${text}\n`, () => done());
  });
}

// Envoy notes each request in its access log, in less than 200 bytes; the changes between the steps may take as many as the steps.
function logBytes({ steps, requestsPerStep, rate, deploy }: RehearsalPlan): number {
  const requestsPerChange = Math.max(requestsPerStep, deploy === undefined ? 0 : rate * longestDeploy);
  return steps.length * (requestsPerStep + requestsPerChange) * 200 + 5_000_000;
}

async function showing<T>(display: Display, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    display.end();
  }
}
