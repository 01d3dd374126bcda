import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemporaryFolder, temporaryFolderError, temporaryRoom } from '../../../lib/local/tasks/temporary-folder';

test('a folder goes with what is in it', () => {
  const folder = TemporaryFolder.make('temporary-');
  expect(folder.path.startsWith(join(tmpdir(), 'temporary-'))).toBe(true);
  writeFileSync(join(folder.path, 'file'), 'content');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('a folder that cannot be made is a sentence', () => {
  expect(() => TemporaryFolder.make('no/such/folder-')).toThrow(
    new Error(`TMPDIR: got ENOENT in ${tmpdir()}, expected a folder with room that can be written; set TMPDIR to another one`),
  );
});

test('there is room for a little, and none for too much', async () => {
  await expect(temporaryRoom(1)).resolves.toBeUndefined();
  await expect(temporaryRoom(1e18)).rejects.toThrow(
    /^TMPDIR: got \d+ MB of room in .*, expected 1000000000000 MB; make room there, /,
  );
});

test.each([
  [{ code: 'ENOSPC', syscall: 'write' }, true],
  [{ code: 'EROFS', syscall: 'open', path: join(tmpdir(), 'file') }, true],
  [{ code: 'EACCES', syscall: 'open', path: '/elsewhere/file' }, false],
  [{ code: 'EPIPE', syscall: 'write' }, false],
  [{ code: 'ENOENT', syscall: 'spawn envoy', path: 'envoy' }, false],
])('%j is about the temporary folder: %s', (error, is) => {
  expect(temporaryFolderError(error) !== undefined).toBe(is);
});
