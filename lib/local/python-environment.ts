import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const oldestPython = [3, 10] as const;

/** Where packages of Python are installed, and which. */
export interface PythonEnvironment {
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
 * @throws Error when there is no Python of 3.10 or later with `venv`, or when a package cannot be had
 */
export function installPythonEnvironment({ folder, requirements, purpose }: PythonEnvironment): string {
  const commands = path.join(folder, 'bin');
  const python = path.join(commands, 'python');
  const installed = path.join(folder, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted && existsSync(python)) {
    return commands;
  }
  rmSync(folder, { recursive: true, force: true });
  run(systemPython(purpose), ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements]);
  writeFileSync(installed, wanted);
  return commands;
}

function systemPython(purpose: string): string {
  for (const python of ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
    const [major = 0, minor = 0] = status === 0 ? stdout.trim().split(' ').map(Number) : [];
    if (major === oldestPython[0] && minor >= oldestPython[1]) {
      return python;
    }
  }
  throw new Error(`python3: found none of ${oldestPython.join('.')} or later, which ${purpose} needs; install it and try again`);
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: failed; ${error?.message ?? `${stdout}${stderr}`.trim()}`);
  }
}
