import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..', '..');
const folder = path.join(root, '.emulator');
const requirements = path.join(__dirname, 'requirements.txt');
const oldestPython = [3, 10] as const;

/**
 * Installs the emulator into the folder `.emulator`, once for each content of `requirements.txt`.
 *
 * @returns the Python that has the emulator
 * @throws Error when there is no Python of 3.10 or later with `venv`, or when a package cannot be had
 */
export function installEmulator(): string {
  const python = path.join(folder, 'bin', 'python');
  const installed = path.join(folder, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted && existsSync(python)) {
    return python;
  }
  rmSync(folder, { recursive: true, force: true });
  run(systemPython(), ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', requirements]);
  writeFileSync(installed, wanted);
  return python;
}

function systemPython(): string {
  for (const python of ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
    const [major = 0, minor = 0] = status === 0 ? stdout.trim().split(' ').map(Number) : [];
    if (major === oldestPython[0] && minor >= oldestPython[1]) {
      return python;
    }
  }
  throw new Error(
    `python3: found none of ${oldestPython.join('.')} or later, which the emulator needs; install it and try again`,
  );
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}: failed; ${error?.message ?? `${stdout}${stderr}`.trim()}`);
  }
}
