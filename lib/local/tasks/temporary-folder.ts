import { mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalError } from '../local-error';
import { type Release, reaper } from './reaper';

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
    try {
      // At once, so that there is no moment in which nobody knows of it.
      const path = mkdtempSync(join(tmpdir(), prefix));
      return new TemporaryFolder(path, reaper.folder(path));
    } catch (error) {
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
  const { bavail, bsize } = await statfs(tmpdir()).catch((error) => {
    throw temporaryFolderError(error) ?? error;
  });
  const free = bavail * bsize;
  if (free < bytes) {
    throw new LocalError(
      `TMPDIR: got ${megabytes(free)} of room in ${tmpdir()}, expected ${megabytes(bytes)}; ` +
        'make room there, set TMPDIR to another folder, or send fewer requests',
    );
  }
}

/** In words, why temporary files cannot be written; `undefined` when this is not what an error says. */
export function temporaryFolderError(error: unknown): LocalError | undefined {
  const { code, syscall = '', path } = error as NodeJS.ErrnoException;
  // What writes to an open file does not know its path.
  const temporary = path === undefined ? ['write', 'fsync'].includes(syscall) : path.startsWith(tmpdir());
  return temporary && code !== 'EPIPE'
    ? new LocalError(
        `TMPDIR: got ${code} in ${tmpdir()}, expected a folder with room that can be written; set TMPDIR to another one`,
      )
    : undefined;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
