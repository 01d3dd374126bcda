import { InvalidArgumentError } from 'commander';
import { type SlotName, slotNames } from '../release/slots';
import { stateKeyNames } from '../settings/keys';
import { prefixAndRest } from '../settings/stages';
import { readWords, TerminalCommand, TerminalOption, wholeNumberOption } from '../terminal/command-line';
import { readContextEntry, readLadder } from '../terminal/release-values';
import { usualMinRequests } from './gate/comparison';

/** The commands, in the order in which a release uses them. */
export const commandNames = ['plan', 'status', 'next', 'promote', 'rollback', 'verify'] as const;

/** One of the commands. */
export type CommandName = (typeof commandNames)[number];

/** What a person asked for on the command line. An option that a command does not take has its default. */
export interface OperateLine {
  /** The text to print instead; `undefined`: none was asked for. */
  readonly help: string | undefined;
  readonly command: CommandName;

  /** Context keys, as the CDK takes them with `-c`. */
  readonly context: Readonly<Record<string, string>>;

  /** Name of the stack; `undefined`: the one that the files declare. */
  readonly stackName: string | undefined;

  /** Whether the command takes the name of the stack. */
  readonly takesStackName: boolean;

  /** Shares of the new version in percent, rising. */
  readonly ladder: readonly number[];

  /** The slot that is to answer everything in the end; `undefined`: as it follows from what is deployed. */
  readonly to: SlotName | undefined;

  /** The share to which `promote` goes, in percent. */
  readonly share: number;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly watch: boolean;

  /** How long to wait at most, in milliseconds; `undefined`: as long as it takes. */
  readonly timeoutMs: number | undefined;

  /** For how long CloudFormation watches the alarms after a change of weights, in minutes; `undefined`: as the plane needs it. */
  readonly bakeMinutes: number | undefined;

  /** So many requests say something of a slot. */
  readonly minRequests: number;

  /** Where the evidence of each step goes. */
  readonly evidence: string | undefined;

  /** Whether the question before the first change is answered with yes. */
  readonly yes: boolean;
}

/** The shares of the new version, unless a ladder is given. */
export const defaultLadder: readonly number[] = [5, 25, 50, 100];

const program = 'npm run release --';
const usualWait = '30m';

/** What takes longer is for the next run of a pipeline. */
const longestTimeoutMs = 24 * 60 * 60_000;

/** So long may CloudFormation watch. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html */
const longestBakeMinutes = 180;

/**
 * Reads the command line.
 *
 * @throws CommandLineError with all problems at once
 */
export function readOperateLine(words: readonly string[]): OperateLine {
  const { help, command } = readWords(releaseCommand(), words, combinationProblems);
  const options = command.opts();
  return {
    help,
    command: commandNames.find((name) => name === command.name()) ?? 'status',
    context: Object.fromEntries(options.context ?? []),
    stackName: options.stack,
    takesStackName: command.options.some(({ long }) => long === '--stack'),
    ladder: options.ladder ?? defaultLadder,
    to: options.to,
    share: command.processedArgs[0] ?? 100,
    json: options.json === true,
    markdown: options.markdown === true,
    watch: options.watch === true,
    timeoutMs: options.timeout,
    bakeMinutes: options.bake,
    minRequests: options.minRequests ?? usualMinRequests,
    evidence: options.evidence,
    yes: options.yes === true,
  };
}

function releaseCommand(): TerminalCommand {
  const release = new TerminalCommand(program)
    .description(
      'Goes through a release: looks before each step, deploys it with the cdk command line, watches it, and goes back fast.',
    )
    .helpCommand(false)
    .helpOption('-h, --help', 'print this text; after the name of a command, what that command takes')
    .addNotes(exitCodeText);
  const plan = of(release, 'plan', 'every step that is left, with what it changes and why it cannot hurt');
  plan.addOption(ladderOption()).addOption(toOption('the slot that gets the new version'));
  plan
    .addOption(new TerminalOption('--json', 'print JSON on standard output, and nothing else'))
    .addOption(new TerminalOption('--markdown', 'print it as Markdown, for a pull request'));

  of(release, 'status', 'what is declared, what is deployed, and what is live')
    .addOption(ladderOption())
    .addOption(toOption('the slot that gets the new version'))
    .addOption(stackOption())
    .addOption(new TerminalOption('--watch', 'go on, and show what changes'))
    .addOption(timeoutOption('with --watch, how long to go on at most', undefined))
    .addOption(
      new TerminalOption('--json', 'print JSON on standard output, and nothing else; with --watch, one line per change'),
    );

  const next = of(release, 'next', 'deploys the next step, as soon as it may');
  next.addOption(ladderOption()).addOption(toOption('the slot that gets the new version'));
  withGate(next);

  const promote = of(release, 'promote', 'deploys one share of the new version, whatever the ladder says');
  promote.addArgument(promote.createArgument('<share>', 'the share, such as 25%').argParser(readShare));
  promote.addOption(toOption('the slot that gets the new version'));
  withGate(promote);

  of(release, 'rollback', 'one jump to the slot that was there first; never waits for anything')
    .addOption(toOption('the slot that is to answer everything'))
    .addOption(stackOption())
    .addOption(yesOption());

  of(release, 'verify', 'whether a release could begin: credentials, stack, images, secrets, health, alarms').addOption(
    new TerminalOption('--json', 'print JSON on standard output, and nothing else'),
  );
  return release;
}

const exitCodeText =
  'Exit code: 0 when it is done, 2 when the command line cannot be used, 3 when it waits or cannot tell, 4 when it was refused and nothing ' +
  'changed, 5 when the deploy was rolled back, 6 when declared, deployed and live are not the same or the stack is busy, stuck or not there, ' +
  '130 after Ctrl-C.';

function of(release: TerminalCommand, name: CommandName, description: string): TerminalCommand {
  const command = release.command(name).description(description) as TerminalCommand;
  return command
    .addOption(
      new TerminalOption(
        '-c, --context <KEY=VALUE>',
        'a context key, as for cdk deploy; may be repeated; for example -c stage=prod',
      ).repeats(readContext),
    )
    .helpOption('-h, --help', 'print this text')
    .addNotes(exitCodeText);
}

function withGate(command: TerminalCommand): TerminalCommand {
  return command
    .addOption(timeoutOption('how long to wait at most until the step may be made', usualWait))
    .addOption(
      wholeNumberOption('--min-requests <N>', 'so many requests say something of a slot', {
        from: 1,
        to: 1_000_000,
        default: usualMinRequests,
      }),
    )
    .addOption(
      wholeNumberOption(
        '--bake <MINUTES>',
        'how long CloudFormation watches the alarms after a change of weights (default: 5, on lattice 10)',
        {
          from: 0,
          to: longestBakeMinutes,
          example: 5,
        },
      ),
    )
    .addOption(new TerminalOption('--evidence <FOLDER>', 'where the numbers of each step go, as one JSON file'))
    .addOption(yesOption());
}

function ladderOption(): TerminalOption {
  return new TerminalOption('--ladder <SHARES>', 'the shares of the new version in percent, rising')
    .default(defaultLadder, defaultLadder.join(','))
    .reads((value) => readLadder(value, defaultLadder.join(',')));
}

function toOption(what: string): TerminalOption {
  return new TerminalOption('--to <SLOT>', `${what}: ${slotNames.join(' or ')}`).reads((value) => {
    if (!slotNames.some((slot) => slot === value)) {
      throw new InvalidArgumentError(`expected ${slotNames.join(' or ')}`);
    }
    return value;
  });
}

function stackOption(): TerminalOption {
  return new TerminalOption('--stack <NAME>', 'the stack, where the files do not tell; they are left as they are then').reads(
    (value) => {
      if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(value)) {
        throw new InvalidArgumentError('expected the name of a stack; for example --stack sample-blue-green');
      }
      return value;
    },
  );
}

function yesOption(): TerminalOption {
  return new TerminalOption('--yes', 'do not ask before the first change; for pipelines');
}

function timeoutOption(what: string, usual: string | undefined): TerminalOption {
  const option = new TerminalOption('--timeout <TIME>', `${what}, such as 90s, 10m or 2h`).reads(readTime);
  return usual === undefined ? option : option.default(readTime(usual), usual);
}

function combinationProblems(command: TerminalCommand): readonly string[] {
  const { json, markdown, timeout, watch } = command.opts();
  return [
    ...(json && markdown ? ['--markdown: got it together with --json, expected one of them only'] : []),
    ...(command.name() === 'status' && timeout !== undefined && !watch
      ? ['--timeout: got it without --watch, expected both; without --watch it ends at once']
      : []),
  ];
}

function readContext(entry: string): readonly [string, string] {
  const [key, value] = readContextEntry(entry, 'stage=prod');
  const [, rest] = prefixAndRest(key);
  if (stateKeyNames.includes(rest) || rest === 'allowUnsafe') {
    throw new InvalidArgumentError(
      rest === 'allowUnsafe'
        ? 'expected no such key: here nothing goes unguarded; use cdk deploy'
        : 'expected no state of the slots: it follows from the release; use cdk deploy for another one',
    );
  }
  return [key, value];
}

function readShare(value: string): number {
  const share = /^\d{1,3}%?$/.test(value) ? Number.parseInt(value, 10) : Number.NaN;
  if (!(share >= 1 && share <= 100)) {
    throw new InvalidArgumentError('expected a whole number from 1 to 100, with or without %; for example promote 25%');
  }
  return share;
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

function readTime(value: string): number {
  const { number = '', unit = '' } = /^(?<number>\d{1,6})(?<unit>[smh])$/.exec(value)?.groups ?? {};
  const ms = number === '' ? Number.NaN : Number(number) * (unitMs[unit] ?? Number.NaN);
  if (!(ms > 0 && ms <= longestTimeoutMs)) {
    throw new InvalidArgumentError('expected a time from 1s to 24h; for example --timeout 10m');
  }
  return ms;
}
