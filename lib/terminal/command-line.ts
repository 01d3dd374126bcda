// What a person types and sees at a terminal, for every command line of this package. This room stands on `release` only.

import { type Argument, Command, CommanderError, type Help, InvalidArgumentError, Option } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../release/user-error';
import { HelpText, helpRoom } from './help-text';
import { wrapped } from './wrapped';

/** Thrown when a command line cannot be used. Carries every problem that was found, one line each. */
export class CommandLineError extends UserError {}

/** What was asked for on a command line. */
export interface Reading {
  /** The text to print when `--help` was asked for; nothing else was checked then. */
  readonly help: string | undefined;

  /** The command that was named: the program itself, or one of its subcommands. */
  readonly command: Command;
}

/** An option of a {@link TerminalCommand}. */
export class TerminalOption extends Option {
  /** Whether the option may stand on the command line several times; its values are a list then. */
  repeatable = false;

  /**
   * How the value is read.
   *
   * @param read throws `InvalidArgumentError` with what is expected instead, as in `expected blue or green`
   */
  reads<T>(read: (value: string) => T): this {
    return this.argParser((value: string) => read(value));
  }

  /** The same for an option that may be repeated: its value is the list of all values. */
  repeats<T>(read: (value: string) => T): this {
    this.repeatable = true;
    return this.argParser((value: string, before: readonly T[] = []) => [...before, read(value)]);
  }

  /** The option as it is named in messages, such as `-c` or `--rate`. */
  get shown(): string {
    return this.short ?? this.long ?? this.flags;
  }
}

/** The whole numbers that an option takes. */
export interface WholeNumbers {
  readonly from: number;
  readonly to: number;

  /** What holds when the option is not given; `undefined`: nothing. */
  readonly default?: number;

  /** @default - the default, or the lowest one */
  readonly example?: number;
}

/** An option with a whole number; its range stands in the help and in the message. */
export function wholeNumberOption(flags: string, description: string, numbers: WholeNumbers): TerminalOption {
  const { from, to, example = numbers.default ?? from } = numbers;
  const option = new TerminalOption(flags, `${description}; ${from} to ${to}`);
  return option.default(numbers.default).reads((value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= from && number <= to)) {
      throw new InvalidArgumentError(`expected a whole number from ${from} to ${to}; for example ${option.long} ${example}`);
    }
    return number;
  });
}

/** An option with one of some words. */
export function choiceOption(flags: string, description: string, choices: readonly string[], usual: string): TerminalOption {
  return new TerminalOption(flags, `${description}: ${choices.join(' or ')}`).default(usual, usual).reads((value) => {
    if (!choices.includes(value)) {
      throw new InvalidArgumentError(`expected ${choices.join(' or ')}`);
    }
    return value;
  });
}

// Checks of commander that are made here too, of all words and not only of the first.
const checkedHere = ['commander.optionMissingArgument', 'commander.missingArgument'];

/** A command that notes its problems, where commander prints the first one and ends the process. */
export class TerminalCommand extends Command {
  readonly problems: string[] = [];

  /** What commander would have printed. */
  printed = '';

  // From the first unknown option on, all that no option took.
  private unknown: readonly string[] = [];

  constructor(name?: string) {
    super(name);
    this.exitOverride()
      .configureOutput({
        writeOut: (text) => this.print(text),
        writeErr: (text) => this.print(text),
        getOutHelpWidth: () => helpRoom(),
      })
      .allowUnknownOption()
      .allowExcessArguments();
  }

  override createCommand(name?: string): TerminalCommand {
    return new TerminalCommand(name);
  }

  override createHelp(): Help {
    return Object.assign(new HelpText(), this.configureHelp());
  }

  /** What stands at the end of the help; each line of it is a paragraph. */
  addNotes(text: string): this {
    const notes = () => text.split('\n').flatMap((paragraph) => wrapped(paragraph, helpRoom()));
    return this.addHelpText('after', () => `\n${notes().join('\n')}`);
  }

  override addOption(option: Option): this {
    // Of an option that may be repeated, the values that can be read are a list, even if there is none.
    const none = option instanceof TerminalOption && option.repeatable ? [] : undefined;
    option.parseArg = this.noting(option.parseArg, shownName(option), none);
    super.addOption(option);
    let uses = 0;
    this.on(`option:${option.name()}`, (value: string | undefined) => {
      uses += 1;
      if (option.required && isMissing(value, this.flagNames())) {
        this.problems.push(`${shownName(option)}: got ${value ? `no value but ${value}` : 'no value'}, expected one; see --help`);
      }
      if (uses === 2 && !(option instanceof TerminalOption && option.repeatable)) {
        this.problems.push(`${shownName(option)}: got it twice, expected it once`);
      }
    });
    return this;
  }

  override parseOptions(words: string[]): ReturnType<Command['parseOptions']> {
    const parsed = super.parseOptions(words);
    this.unknown = parsed.unknown;
    return parsed;
  }

  override addArgument(argument: Argument): this {
    argument.parseArg = this.noting(argument.parseArg, argument.name());
    return super.addArgument(argument);
  }

  // Commander goes on after each of its checks; what is wrong is told when all of them are done.
  override error(message: string, { code = '' } = {}): never {
    if (code === 'commander.unknownCommand') {
      const names = this.commands.map((command) => command.name());
      this.problems.push(`${this.args[0]}: got an unknown command, ${suggestion(this.args[0] ?? '', names)}`);
    } else if (!checkedHere.includes(code)) {
      this.problems.push(message.replace(/^error: /, ''));
    }
    return undefined as never;
  }

  /** Notes the words that no option and no argument took, and the arguments for which no word is left. */
  checkWords(): void {
    const words = this.unknownOptionsNoted();
    const expected = this.registeredArguments;
    for (const argument of expected.slice(words.length).filter(({ required }) => required)) {
      this.problems.push(`${argument.name()}: got no value, expected one; see --help`);
    }
    // Of a command with subcommands, commander tells that the first word is none.
    const takesAll = this.commands.length > 0 || expected.at(-1)?.variadic;
    for (const word of takesAll ? [] : words.slice(expected.length)) {
      this.problems.push(
        expected.length === 0
          ? `${word}: got an argument, expected options only; see --help`
          : `${word}: got one argument too many, expected ${expected.map((each) => each.name()).join(' ')}; see --help`,
      );
    }
  }

  private unknownOptionsNoted(): string[] {
    const { unknown } = this;
    const end = unknown.includes('--') ? unknown.indexOf('--') : unknown.length;
    const words = [...this.args.slice(0, this.args.length - unknown.length), ...unknown.slice(end + 1)];
    for (let index = 0; index < end; index += 1) {
      const word = unknown[index] ?? '';
      if (!/^-./.test(word)) {
        words.push(word);
        continue;
      }
      const [name = '', ...value] = word.split('=');
      if (this.flagNames().includes(name)) {
        this.problems.push(`${name}: got "${value.join('=')}", expected no value`);
      } else {
        this.problems.push(`${name}: got an unknown option, ${suggestion(name, this.flagNames())}`);
        // What follows an unknown option is most often its value.
        index += value.length === 0 && /^[^-]/.test(unknown[index + 1] ?? '') ? 1 : 0;
      }
    }
    return words;
  }

  // The options of this command and of those above it, by their long names.
  private flagNames(): string[] {
    const above = this.parent instanceof TerminalCommand ? this.parent.flagNames() : [];
    const own = this.createHelp().visibleOptions(this);
    return [...new Set([...own.map(({ long, flags }) => long ?? flags), ...above])];
  }

  // A value that cannot be read is noted, and the one before it stays. Without a value there is nothing to read.
  private noting(read: Option['parseArg'], name: string, none?: unknown): Option['parseArg'] {
    return (
      read &&
      (<T>(value: string, before: T = none as T): T => {
        try {
          return isMissing(value, this.flagNames()) ? before : read(value, before);
        } catch (error) {
          if (!(error instanceof InvalidArgumentError)) {
            throw error;
          }
          this.problems.push(`${name}: got "${value}", ${error.message}`);
          return before;
        }
      })
    );
  }

  private print(text: string): void {
    this.printed += text;
  }
}

/**
 * Reads the words of a command line.
 *
 * @param program made anew for each reading
 * @param check gives back what is wrong with options that are right each for itself
 * @throws CommandLineError with all problems at once
 */
export function readWords(
  program: TerminalCommand,
  words: readonly string[],
  check: (command: TerminalCommand) => readonly string[] = () => [],
): Reading {
  const commands = withSubcommands(program);
  let named: TerminalCommand | undefined;
  for (const command of commands.filter((each) => each.commands.length === 0)) {
    command.action(() => {
      named = command;
    });
  }
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    const printed = commands.find((command) => command.printed !== '');
    if (error.exitCode === 0 && printed) {
      return { help: printed.printed.trimEnd(), command: printed };
    }
  }
  (named ?? program).checkWords();
  const problems = [...commands.flatMap((command) => command.problems), ...check(named ?? program)];
  if (named === undefined && problems.length === 0) {
    const names = program.commands.map((command) => command.name());
    problems.push(`${program.name()}: got no command, expected one of ${names.join(', ')}; see --help`);
  }
  if (problems.length > 0) {
    throw new CommandLineError(problems);
  }
  return { help: undefined, command: named ?? program };
}

function withSubcommands(command: TerminalCommand): TerminalCommand[] {
  return [command, ...command.commands.flatMap((each) => (each instanceof TerminalCommand ? withSubcommands(each) : []))];
}

function shownName(option: Option): string {
  return option instanceof TerminalOption ? option.shown : (option.long ?? option.flags);
}

// An option in the place of a value: the value was forgotten.
function isMissing(value: string | undefined, flags: readonly string[]): boolean {
  return value === undefined || value === '' || flags.includes(value);
}

function suggestion(name: string, names: readonly string[]): string {
  const nearest = names.length === 0 ? '' : closest(name, names);
  return distance(name, nearest) <= Math.max(2, Math.floor(name.length / 3))
    ? `did you mean ${nearest}?`
    : `expected one of ${names.join(', ')}`;
}
