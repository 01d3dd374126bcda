import { relative, resolve } from 'node:path';
import { findEnvoy } from '../local/envoy/envoy-binary';
import type { CommandLine } from './command-line';
import { planRehearsal } from './read-plan';
import { rehearse } from './rehearsal';
import type { Verdict } from './report/report';
import { writeReport } from './report/write-report';
import { type Display, noDisplay } from './terminal/display';
import { displayFor } from './terminal/display-for';
import { stepTable, summary } from './terminal/table';

const exitCodes: Readonly<Record<Verdict, number>> = { held: 0, 'did not hold': 1, 'not measured': 3 };

/**
 * Does what a command line asks for, and shows it.
 *
 * @returns the exit code
 * @throws SettingsError, RehearsalError when it cannot be done
 */
export async function runRehearsal(line: CommandLine, signal: AbortSignal): Promise<number> {
  const display = line.json ? noDisplay : await displayFor(process.stdout);
  const plan = await planRehearsal(line, { signal, say: (words) => display.say(words) });
  for (const sentence of plan.notShown) {
    display.say(sentence);
  }
  const envoy = await findEnvoy({
    signal,
    onInstall: (version) => display.say(`installing Envoy ${version} in .envoy, once: about 35 MB`),
  });
  const report = await showing(display, () => {
    display.begin(plan, envoy.version);
    return rehearse(plan, { envoy, signal, onProgress: (progress) => display.update(progress) });
  });
  const folder = resolve(line.report);
  const { page, json } = await writeReport(report, folder);
  if (line.json) {
    process.stdout.write(`${json}\n`);
  } else {
    display.say(
      `\n${stepTable(report, process.stdout.columns)}\n\n${summary(report)}\nreport: ${relative(process.cwd(), page) || page}`,
    );
  }
  return exitCodes[report.verdict];
}

async function showing<T>(display: Display, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    display.end();
  }
}
