import { copyFileSync, existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runShellCommand } from '../../local/tasks/shell-command';
import { TemporaryFolder } from '../../local/tasks/temporary-folder';
import type { Context } from '../../settings/context';
import { RehearsalError } from '../rehearsal-error';

/** Where and for whom the `cdk` command line works. */
export interface CdkCommandLineProps {
  /** The project, with its `cdk.json` and its `node_modules`. Nothing is written there. */
  readonly project: string;

  /** What a process needs in its environment in order to talk to an AWS. */
  readonly aws: Readonly<Record<string, string>>;

  /** Ends a command, and all that it started. */
  readonly signal: AbortSignal;
}

/** How a command went. */
export interface CdkResult {
  readonly seconds: number;

  /** Why it failed, in its own words; `undefined` when it did not. */
  readonly problem: string | undefined;
}

/** What an app takes from the folder in which the CDK runs it, besides the files of its context. */
const linked = ['bin', 'lib', 'node_modules', 'package.json', 'tsconfig.json'];
const contextFiles = ['cdk.json', 'cdk.context.json'];
const homeFile = '.cdk.json';

/** So many lines of a command that failed are looked at, and so many are told. */
const lastLines = 60;
const toldLines = 5;

/**
 * Where the `cdk` command line of a project is.
 *
 * @throws RehearsalError when the project has none
 */
export function findCdk(project: string): string {
  try {
    return createRequire(join(project, 'cdk.json')).resolve('aws-cdk/bin/cdk');
  } catch {
    throw new RehearsalError(
      `aws-cdk: got no such package in ${project}, expected the cdk command line, which deploys; install it with npm ci`,
    );
  }
}

/** The real `cdk` command line, in a home and a folder of its own. */
export class CdkCommandLine {
  private readonly folder = TemporaryFolder.make('rehearsal-cdk-');
  private readonly program: string;
  private outputs = 0;

  /** @throws RehearsalError when the project has no such command line */
  constructor(private readonly props: CdkCommandLineProps) {
    const { project } = props;
    this.program = findCdk(project);
    const present = (parts: readonly string[]) => parts.filter((part) => existsSync(join(project, part)));
    for (const part of present(linked)) {
      symlinkSync(join(project, part), join(this.folder.path, part));
    }
    // What the CDK has looked up is written into one of these.
    for (const file of present(contextFiles)) {
      copyFileSync(join(project, file), join(this.folder.path, file));
    }
    const ofUser = join(homedir(), homeFile);
    if (existsSync(ofUser)) {
      copyFileSync(ofUser, join(this.folder.path, homeFile));
    }
  }

  /** Prepares an account and a Region for deploys, as `cdk bootstrap` does. */
  bootstrap(environment: string, context: Context): Promise<CdkResult> {
    return this.run(['bootstrap', environment], context);
  }

  /** Synthesizes the app, and deploys it. */
  deploy(context: Context): Promise<CdkResult> {
    return this.run(['deploy', '--require-approval', 'never'], context);
  }

  /** Removes its folder. */
  end(): void {
    this.folder.remove();
  }

  private async run(words: readonly string[], context: Context): Promise<CdkResult> {
    this.outputs += 1;
    const output = join(this.folder.path, `cdk.out-${this.outputs}`);
    const flags = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const startedAt = performance.now();
    // Its home is the folder too: no profile of the user's, and no cache, has a say.
    const { ended, lastLines: lines } = await runShellCommand(
      'cd "$HOME" && exec',
      [process.execPath, this.program, ...words, ...flags, '-o', output, '--no-notices', '--no-color', '--ci'],
      { environment: this.environment, signal: this.props.signal, lines: lastLines },
    );
    return {
      seconds: (performance.now() - startedAt) / 1000,
      problem: ended === 0 ? undefined : failureOf(lines) || `cdk ${words[0]} ended with ${ended}`,
    };
  }

  private get environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
    return {
      ...Object.fromEntries(inherited),
      ...this.props.aws,
      HOME: this.folder.path,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // A deploy validates the template; here it would take as long as the deploy itself.
      CDK_VALIDATION: 'false',
    };
  }
}

// From the line in which the command says what failed to where it says which of our lines made that resource; without one, its last lines.
function failureOf(lines: readonly string[]): string {
  const from = lines.findIndex((line) => /failed:/.test(line));
  const to = lines.findIndex((line, index) => index > from && /^\s*Source Location/.test(line));
  const told = from < 0 ? lines.slice(-toldLines) : lines.slice(from, Math.min(from + toldLines, to < 0 ? lines.length : to));
  return told.map((line) => line.replace(/^[^\p{L}\p{N}]+/u, '').trim()).join(' ');
}
