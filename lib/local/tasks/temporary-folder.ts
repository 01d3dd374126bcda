import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalError } from '../local-error';
import { type Release, reaper } from './reaper';

/** With less room than that a folder is full, in bytes: what is written in blocks does not fit any more. */
const fullBelow = 1_000_000;

/** A folder for a while. It goes with this process at the latest. */
export class TemporaryFolder {
  private constructor(
    readonly path: string,
    private readonly release: Release,
  ) {}

  /**
   * Makes a folder where the system keeps what is temporary, which is what `TMPDIR` says.
   *
   * @param prefix what its name begins with
   * @throws LocalError when it cannot be made
   */
  static make(prefix: string): TemporaryFolder {
    const path = join(place(), `${prefix}${randomUUID()}`);
    // Before it is there, so that there is no moment in which nobody knows of it.
    const release = reaper.folder(path);
    try {
      mkdirSync(path, { mode: 0o700 });
      return new TemporaryFolder(path, release);
    } catch (error) {
      release();
      throw temporaryFolderError(error) ?? error;
    }
  }

  /** Removes it with all that is in it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.release();
  }
}

/**
 * Looks whether there is room for temporary files.
 *
 * @param bytes as much as is needed
 * @throws LocalError when there is less
 */
export async function temporaryRoom(bytes: number): Promise<void> {
  const free = await freeBytes();
  if (free < bytes) {
    throw new LocalError(
      `TMPDIR: got ${megabytes(free)} of room in ${place()}, expected ${megabytes(bytes)}; ` +
        'make room there, set TMPDIR to another folder, or send fewer requests',
    );
  }
}

/**
 * In words, that there is no room left for temporary files, so that what should be in them may be missing.
 *
 * @returns `undefined` while there is some
 * @throws LocalError when this cannot be found out
 */
export async function temporaryFull(): Promise<LocalError | undefined> {
  const free = await freeBytes();
  return free < fullBelow
    ? new LocalError(
        `TMPDIR: got ${free} bytes of room in ${place()}, expected at least ${fullBelow}; ` +
          'make room there, set TMPDIR to another folder, or send fewer requests',
      )
    : undefined;
}

/** In words, why temporary files cannot be written; `undefined` when this is not what an error says. */
export function temporaryFolderError(error: unknown): LocalError | undefined {
  const { code, syscall = '', path } = error as NodeJS.ErrnoException;
  // What writes to an open file does not know its path.
  const temporary = path === undefined ? ['write', 'fsync'].includes(syscall) : path.startsWith(place());
  return temporary && code !== 'EPIPE'
    ? new LocalError(
        `TMPDIR: got ${code} in ${place()}, expected a folder with room that can be written; set TMPDIR to another one`,
      )
    : undefined;
}

// Whole, since who removes what is left does not stand in the same folder.
function place(): string {
  return resolve(tmpdir());
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs(place()).catch((error) => {
    throw temporaryFolderError(error) ?? error;
  });
  return bavail * bsize;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
