import { parseArgs } from 'node:util';
import { faultNames } from '../local/tasks/fault';
import { slotNames } from '../release/slots';
import { RehearsalError } from './rehearsal-error';

/** What a person asked for on the command line. */
export interface CommandLine {
  readonly help: boolean;
  readonly json: boolean;

  /** Context keys, as the CDK takes them with `-c`. */
  readonly context: Readonly<Record<string, string>>;

  /** The user's own apps: a shell command by name of the slot. */
  readonly commands: Readonly<Record<string, string>>;

  /** Name of the slot that gets the new version. */
  readonly to: string;
  readonly ladder: readonly number[] | undefined;

  /** Number of the step from which to go back. */
  readonly rollbackAt: number | undefined;
  readonly fault: { readonly slot: string; readonly name: string; readonly step: string | undefined } | undefined;

  /** Requests per second. */
  readonly rate: number;
  readonly requestsPerStep: number;

  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly path: string | undefined;

  /** Folder of the report. */
  readonly report: string;
}

/** What holds when an option is not given. */
export const defaults = { rate: 500, requests: 2500, timeout: 2000, report: 'rehearsal-report' } as const;
const [, to] = slotNames;

const options = {
  context: { type: 'string', short: 'c', multiple: true },
  ...Object.fromEntries(slotNames.map((slot) => [slot, { type: 'string' }] as const)),
  to: { type: 'string' },
  ladder: { type: 'string' },
  'rollback-at': { type: 'string' },
  fault: { type: 'string' },
  rate: { type: 'string' },
  requests: { type: 'string' },
  timeout: { type: 'string' },
  path: { type: 'string' },
  report: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line.
 *
 * @throws RehearsalError with all problems at once
 */
export function readCommandLine(words: readonly string[]): CommandLine {
  const problems: string[] = [];
  const values = parse(words, problems);
  const text = (name: string) => values[name] as string | undefined;
  const whole = (name: string, low: number, high: number): number | undefined => {
    const value = text(name);
    if (value === undefined) {
      return undefined;
    }
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= low && number <= high)) {
      problems.push(
        `--${name}: got "${value}", expected a whole number from ${low} to ${high}; for example --${name} ${Math.max(low, Math.min(high, defaults[name as 'rate'] ?? 2))}`,
      );
    }
    return number;
  };
  const slot = text('to') ?? to;
  if (!slotNames.some((name) => name === slot)) {
    problems.push(`--to: got "${slot}", expected ${slotNames.join(' or ')}`);
  }
  const path = text('path');
  if (path !== undefined && !/^\/[!-~]*$/.test(path)) {
    problems.push(`--path: got "${path}", expected a path that starts with / and has no spaces; for example --path /`);
  }
  const line: CommandLine = {
    help: values.help === true,
    json: values.json === true,
    context: readContext((values.context as string[] | undefined) ?? [], problems),
    commands: readCommands(text, problems),
    to: slot,
    ladder: readLadder(text('ladder'), problems),
    rollbackAt: whole('rollback-at', 1, 1000),
    fault: readFault(text('fault'), problems),
    rate: whole('rate', 1, 100_000) ?? defaults.rate,
    requestsPerStep: whole('requests', 100, 10_000_000) ?? defaults.requests,
    timeoutMs: whole('timeout', 100, 120_000) ?? defaults.timeout,
    path,
    report: text('report') ?? defaults.report,
  };
  if (problems.length > 0 && !line.help) {
    throw new RehearsalError(problems);
  }
  return line;
}

// Not strict, so that all problems are found and not only the first.
function parse(words: readonly string[], problems: string[]): Record<string, unknown> {
  const { values, tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') {
      problems.push(`${token.value}: got an argument, expected options only; see --help`);
    }
    if (token.kind === 'option') {
      const known = (options as Record<string, { type: string; multiple?: boolean } | undefined>)[token.name];
      if (known === undefined) {
        problems.push(
          `${token.rawName}: got an unknown option, expected one of ${Object.keys(options)
            .map((name) => `--${name}`)
            .join(', ')}`,
        );
      } else if (known.type === 'string' && (token.value === undefined || token.value === '')) {
        problems.push(`${token.rawName}: got no value, expected one; see --help`);
        delete values[token.name];
      } else if (known.type === 'boolean' && token.value !== undefined) {
        problems.push(`${token.rawName}: got "${token.value}", expected no value`);
      } else if (
        !known.multiple &&
        tokens.some((other) => other.kind === 'option' && other.name === token.name && other.index < token.index)
      ) {
        problems.push(`${token.rawName}: got it twice, expected it once`);
      }
    }
  }
  return values;
}

function readContext(entries: readonly string[], problems: string[]): Record<string, string> {
  const context: Record<string, string> = {};
  for (const entry of entries.filter((each) => typeof each === 'string')) {
    const at = entry.indexOf('=');
    if (at < 1) {
      problems.push(`-c: got "${entry}", expected KEY=VALUE; for example -c trafficPlane=lattice`);
    } else {
      context[entry.slice(0, at)] = entry.slice(at + 1);
    }
  }
  return context;
}

function readCommands(text: (name: string) => string | undefined, problems: string[]): Record<string, string> {
  const commands = Object.fromEntries(
    slotNames.flatMap((slot) => {
      const command = text(slot);
      return command === undefined ? [] : [[slot, command]];
    }),
  );
  for (const [slot, command] of Object.entries(commands)) {
    if (command.trim() === '') {
      problems.push(`--${slot}: got an empty command, expected one; for example --${slot} 'node server.js'`);
    }
  }
  return commands;
}

function readLadder(value: string | undefined, problems: string[]): readonly number[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  const shares = value.split(',').map((share) => (/^\d{1,3}$/.test(share.trim()) ? Number(share) : Number.NaN));
  const rising = shares.every((share, index) => share >= 1 && share <= 100 && share > (shares[index - 1] ?? 0));
  if (!rising) {
    problems.push(`--ladder: got "${value}", expected rising whole numbers from 1 to 100; for example --ladder 1,5,25,50,100`);
    return undefined;
  }
  return shares;
}

function readFault(value: string | undefined, problems: string[]): CommandLine['fault'] {
  if (value === undefined) {
    return undefined;
  }
  const { slot = '', name = '', step } = /^(?<slot>[^=]*)=(?<name>[^@]*)(@(?<step>\d{1,3}))?$/.exec(value)?.groups ?? {};
  if (!slotNames.some((each) => each === slot) || !faultNames.some((each) => each === name)) {
    problems.push(
      `--fault: got "${value}", expected SLOT=FAULT or SLOT=FAULT@STEP with ${slotNames.join(' or ')} and ${faultNames.join(', ')}; for example --fault ${to}=error`,
    );
    return undefined;
  }
  return { slot, name, step };
}
