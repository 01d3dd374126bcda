import path from 'node:path';
import { type Installing, installPythonEnvironment } from '../python-environment';

/**
 * Installs the emulator into the folder `.emulator` of the project, once for each content of `requirements.txt`.
 *
 * @returns the Python that has the emulator
 * @throws LocalError when there is no Python of 3.10 or later with `venv`, or when a package cannot be had
 */
export async function installEmulator(installing: Installing = {}): Promise<string> {
  const commands = await installPythonEnvironment({
    ...installing,
    folder: path.resolve(__dirname, '..', '..', '..', '.emulator'),
    requirements: path.join(__dirname, 'requirements.txt'),
    purpose: 'the emulator',
  });
  return path.join(commands, 'python');
}
