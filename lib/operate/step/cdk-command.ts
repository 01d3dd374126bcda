import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ReleaseState } from '../../release/release';
import { flagsOf } from '../../settings/flags';
import type { Output } from '../../terminal/output';
import type { AskedService } from '../asked-service';
import { exitCodes } from '../exit-codes';
import { OperateError } from '../operate-error';

/** A deploy of one state. */
export interface StepDeploy {
  readonly state: ReleaseState;

  /** ARNs of the alarms that roll it back. */
  readonly triggers: readonly string[];

  /** Minutes for which CloudFormation watches them when all is changed. */
  readonly bakeMinutes: number;
}

/** How the `cdk` command line ended. */
export interface CdkEnd {
  /** Its exit code; `null`: it was ended by a signal. */
  readonly code: number | null;

  /** Its last lines. */
  readonly lastLines: readonly string[];
}

const keptLines = 40;

// What the colours of a terminal are made of.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins each of them
const colours = /\u001b\[[0-9;]*m/g;

/** The words that deploy a state of a service, with all flags of it: the CDK does not remember `-c` from one command to the next. */
export function deployWords(
  { stackName, context }: AskedService,
  { state, triggers, bakeMinutes }: StepDeploy,
): readonly string[] {
  const flags = Object.entries({ ...context, ...flagsOf(state) }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  // Without a word of them, CloudFormation would take those of the last deploy again.
  const watched =
    triggers.length === 0
      ? ['--rollback-trigger-alarm-arns', 'none']
      : ['--rollback-trigger-alarm-arns', ...triggers, '--monitoring-time-minutes', `${bakeMinutes}`];
  // Said in words too: a file or a variable could say otherwise.
  return ['deploy', stackName, ...flags, '--require-approval', 'never', '--rollback', ...watched, '--progress', 'events'];
}

/**
 * Runs the `cdk` of a project, and passes on what it writes.
 *
 * @param signal ends the command, though not what CloudFormation does
 * @throws OperateError when the project has no such command
 */
export function runCdk(
  { folder }: Pick<AskedService, 'folder'>,
  words: readonly string[],
  { err, environment }: { readonly err: Output; readonly environment: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<CdkEnd> {
  const program = cdkOf(folder);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        err.write(part);
        text = (text + part).split('\n').slice(-keptLines).join('\n');
      });
    }
    const stop = () => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      const lines = text
        .replace(colours, '')
        .split(/\r?\n/)
        .map((line) => line.trimEnd());
      resolve({ code, lastLines: lines.filter((line) => line !== '') });
    });
    if (signal.aborted) {
      stop();
    }
  });
}

/** Where the `cdk` command line of a project is. */
export function cdkOf(folder: string): string {
  try {
    return createRequire(join(folder, 'cdk.json')).resolve('aws-cdk/bin/cdk');
  } catch {
    throw new OperateError(
      `aws-cdk: got no such package in ${folder}, expected the cdk command line, which deploys; install it with npm ci`,
      exitCodes.usage,
    );
  }
}
