import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { LocalError } from './local-error';

const oldestPython = [3, 10] as const;
const execute = promisify(execFile);

/** How an installation goes on. */
export interface Installing {
  /** Told when an installation begins, which takes some seconds. */
  readonly onInstall?: () => void;

  /** Ends an installation early. */
  readonly signal?: AbortSignal;

  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Where packages of Python are installed, and which. */
export interface PythonEnvironment extends Installing {
  /** Folder for them, made anew when the requirements are others. */
  readonly folder: string;

  /** A `requirements.txt` that pins every package, those that others need included. */
  readonly requirements: string;

  /** What needs them, for messages. */
  readonly purpose: string;
}

/**
 * Installs packages of Python into a folder of their own, once for each content of `requirements.txt`.
 *
 * @returns the folder with the commands of the packages, `python` among them
 * @throws LocalError when there is no Python of 3.10 or later with `venv`, or when a package cannot be had
 */
export async function installPythonEnvironment({
  folder,
  requirements,
  purpose,
  onInstall,
  signal,
  environment = process.env,
}: PythonEnvironment): Promise<string> {
  const commands = path.join(folder, 'bin');
  const python = path.join(commands, 'python');
  const installed = path.join(folder, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted && existsSync(python)) {
    return commands;
  }
  onInstall?.();
  rmSync(folder, { recursive: true, force: true });
  const options = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  try {
    const running = { env: environment, signal };
    await execute(await systemPython(purpose, environment), ['-m', 'venv', folder], running);
    await execute(python, ['-m', 'pip', 'install', ...options, '-r', requirements], running);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LocalError) {
      throw error;
    }
    throw new LocalError(
      `${purpose}: got a failure while it was installed into ${folder}, expected none; it takes Python ${oldestPython.join('.')} or later with venv and pip: ${lastLine(error)}`,
    );
  }
  writeFileSync(installed, wanted);
  return commands;
}

async function systemPython(purpose: string, env: NodeJS.ProcessEnv): Promise<string> {
  for (const python of ['python3', 'python']) {
    const version = await execute(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { env }).catch(() => undefined);
    const [major = 0, minor = 0] = version?.stdout.trim().split(' ').map(Number) ?? [];
    if (major === oldestPython[0] && minor >= oldestPython[1]) {
      return python;
    }
  }
  throw new LocalError(
    `python3: found none of ${oldestPython.join('.')} or later, which ${purpose} needs; install it and try again`,
  );
}

// What a program said last says most; Node's own message repeats the whole command first.
function lastLine(error: unknown): string {
  const { stderr = '', stdout = '', message } = error as Error & { readonly stderr?: string; readonly stdout?: string };
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) || message;
}
