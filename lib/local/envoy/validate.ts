import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError } from '../local-error';
import { TemporaryFolder } from '../tasks/temporary-folder';
import type { EnvoyBinary } from './envoy-binary';
import type { EnvoyConfiguration } from './envoy-configuration';
import { withoutPlace } from './envoy-log';

const run = promisify(execFile);

/**
 * Has Envoy itself check a whole configuration, without starting it.
 *
 * @param step name of the step, for the message
 * @throws LocalError with Envoy's reason
 */
export async function validate(
  binary: EnvoyBinary,
  configuration: EnvoyConfiguration,
  step: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = TemporaryFolder.make('rehearsal-validate-');
  const file = join(folder.path, 'static.json');
  try {
    await writeFile(file, JSON.stringify(configuration.static));
    await run(binary.path, ['--mode', 'validate', '-c', file, '-l', 'error', '--disable-hot-restart'], { signal });
  } catch (error) {
    signal.throwIfAborted();
    const { stderr, message } = error as { stderr?: string; message: string };
    if (stderr === undefined) {
      throw error;
    }
    const reason =
      stderr.trim() === '' ? message : withoutPlace(stderr.trim().split('\n').at(-1) ?? '').replaceAll(folder.path, '');
    throw new LocalError(`step ${step}: Envoy refused the configuration: ${reason}`);
  } finally {
    folder.remove();
  }
}
