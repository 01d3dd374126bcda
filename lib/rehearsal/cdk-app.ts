import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { runShellCommand } from '../local/tasks/shell-command';
import { TemporaryFolder } from '../local/tasks/temporary-folder';
import type { TemplateJson } from '../local/template/template';
import type { ReleaseState } from '../release/release';
import { flagsOf } from '../settings/flags';
import { RehearsalError } from './rehearsal-error';

/** A CDK app of the user's, and which stack of it is rehearsed. */
export interface CdkApp {
  /** A shell command that synthesizes it. */
  readonly command: string;

  /** Context keys besides the state of the slots. */
  readonly context: Readonly<Record<string, string>>;

  /** Name of the stack; `undefined`: the app has one only. */
  readonly stack: string | undefined;
}

const lastLines = 12;

/** A state of a release with its template. */
export interface SynthesizedState {
  readonly state: ReleaseState;
  readonly template: TemplateJson;
}

/**
 * Synthesizes a CDK app once for each state of a release, one after the other.
 *
 * @throws RehearsalError when the command fails, or when the app has no such stack
 */
export async function* synthesizeApp(
  app: CdkApp,
  states: readonly ReleaseState[],
  signal: AbortSignal,
): AsyncGenerator<SynthesizedState> {
  const folder = TemporaryFolder.make('rehearsal-synth-');
  try {
    for (const [index, state] of states.entries()) {
      const output = join(folder.path, `${index}`);
      await synthesize(app, state, output, signal);
      yield { state, template: stackOf(app, output) };
    }
  } finally {
    folder.remove();
  }
}

async function synthesize({ command, context }: CdkApp, state: ReleaseState, output: string, signal: AbortSignal): Promise<void> {
  const flags = Object.entries({ ...context, ...flagsOf(state) }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const words = [...flags, '-o', output, '--quiet'];
  // A deploy validates the template; here it would cost more time than the synthesis.
  const environment = { CDK_VALIDATION: 'false', ...process.env };
  const result = await runShellCommand(command, words, { environment, signal, lines: lastLines });
  if (result.ended !== 0) {
    throw new RehearsalError(
      [
        `--app: got exit code ${result.ended} from ${command} ${words.join(' ')}, expected 0; its last lines:`,
        ...result.lastLines.map((line) => `  ${line}`),
      ].join('\n'),
    );
  }
}

function stackOf({ command, stack }: CdkApp, folder: string): TemplateJson {
  let assembly: CloudAssembly;
  try {
    // A newer CDK than ours may have written it; what is read here has been the same in all of them.
    assembly = new CloudAssembly(folder, { skipVersionCheck: true });
  } catch (error) {
    throw new RehearsalError(
      `--app: got no cloud assembly from ${command} in the folder that it was given with -o (${(error as Error).message.split('\n')[0]}), ` +
        "expected one; for example --app 'npx cdk synth'",
    );
  }
  const stacks = assembly.stacksRecursively;
  const names = stacks.map(({ hierarchicalId }) => hierarchicalId).join(', ');
  if (stacks.length === 0) {
    throw new RehearsalError(`--app: got an app without stacks from ${command}, expected the stack of the service in it`);
  }
  if (stack === undefined && stacks.length > 1) {
    throw new RehearsalError(`--app: got ${stacks.length} stacks from ${command}, expected --stack with one of ${names}`);
  }
  const found = stacks.find((each) => stack === undefined || [each.hierarchicalId, each.stackName, each.id].includes(stack));
  if (found === undefined) {
    throw new RehearsalError(`--stack: got ${stack}, expected one of ${names}`);
  }
  return found.template as TemplateJson;
}
