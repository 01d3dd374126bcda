import path from 'node:path';
import { installPythonEnvironment } from '../python-environment';

/**
 * Installs the emulator into the folder `.emulator` of the project, once for each content of `requirements.txt`.
 *
 * @returns the Python that has the emulator
 * @throws Error when there is no Python of 3.10 or later with `venv`, or when a package cannot be had
 */
export function installEmulator(): string {
  const commands = installPythonEnvironment({
    folder: path.resolve(__dirname, '..', '..', '..', '.emulator'),
    requirements: path.join(__dirname, 'requirements.txt'),
    purpose: 'the emulator',
  });
  return path.join(commands, 'python');
}
